"""A printer from what the owner wrote in his settings: one URL."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from station.devices.kinds import KINDS
from station.devices.printer import FilePrinter, StatusUse, TcpPrinter
from station.devices.transport import Timeouts
from station.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from station.devices.ports import Printer

EXAMPLES = "Examples: file:labels, file:///srv/labels, tcp://192.168.1.50:9100?status=auto."
_STATUS: dict[str, StatusUse] = {"auto": "auto", "on": "on", "off": "off"}


def open_printer(url: str, *, base: Path | None = None, name: str = "") -> Printer:
    """Return the printer that a URL stands for; nothing is connected or written yet.

    Args:
        url: `file:relative`, `file:///absolute` (option formats=zpl,png,pdf,prn) or
            `tcp://host:9100` (options status=auto|on|off, deadline, connect, send and receive in
            seconds, dpi).
        base: Where a relative folder stands; the working folder if not given.
        name: What the packer calls the printer.

    Raises:
        ConfigError: an unknown scheme, option or value, with the nearest known one.
    """
    try:
        parts = urlsplit(url.strip())
        pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
    except ValueError as error:
        raise ConfigError(f"The printer “{url}” cannot be read.", EXAMPLES) from error
    opener = _OPENERS.get(parts.scheme)
    if opener is None:
        raise _unknown("printer", parts.scheme or url, _OPENERS, EXAMPLES)
    return opener(parts, dict(pairs), base or Path.cwd(), name)


def _file(parts: SplitResult, options: dict[str, str], base: Path, name: str) -> Printer:
    _known_options(options, ("formats",))
    if parts.netloc not in {"", "localhost"}:
        raise ConfigError(
            f"“{parts.netloc}” would be another machine.",
            f"Write file:{parts.netloc}{parts.path} for a folder beside the settings,"
            " or three slashes for an absolute one.",
        )
    folder = unquote(parts.path)
    if not folder or "\0" in folder:
        raise ConfigError("The printer's folder is missing.", EXAMPLES)
    formats = tuple(filter(None, options.get("formats", "").split(",")))
    for kind in formats:
        if kind not in KINDS:
            raise _unknown("format", kind, KINDS)
    return FilePrinter(base / folder, formats=formats, name=name)


def _tcp(parts: SplitResult, options: dict[str, str], base: Path, name: str) -> Printer:  # noqa: ARG001
    _known_options(options, ("status", "deadline", "connect", "send", "receive", "dpi"))
    status = options.get("status", "auto")
    if status not in _STATUS:
        raise _unknown("status", status, _STATUS)
    if not parts.hostname or parts.path not in {"", "/"} or parts.username is not None:
        raise ConfigError("The printer's address is not host:port.", EXAMPLES)
    usual = Timeouts()
    return TcpPrinter(
        parts.hostname,
        _port(parts),
        status=_STATUS[status],
        deadline_s=_seconds(options, "deadline", 10.0),
        dpi=_dpi(options),
        timeouts=Timeouts(
            _seconds(options, "connect", usual.connect_s),
            _seconds(options, "send", usual.send_s),
            _seconds(options, "receive", usual.receive_s),
        ),
        name=name,
    )


_OPENERS: dict[str, Callable[[SplitResult, dict[str, str], Path, str], Printer]] = {
    "file": _file,
    "tcp": _tcp,
}


def _port(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError as error:
        raise ConfigError("The printer's port is no number up to 65535.", EXAMPLES) from error
    if port == 0:
        raise ConfigError("The printer's port cannot be 0.", EXAMPLES)
    return port or 9100


def _seconds(options: dict[str, str], option: str, usual: float) -> float:
    text = options.get(option)
    if text is None:
        return usual
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 < seconds <= 600:
        raise ConfigError(
            f"The printer's {option} “{text}” is no time.", "Write seconds from 0.1 to 600."
        )
    return seconds


def _dpi(options: dict[str, str]) -> int | None:
    text = options.get("dpi")
    if text is None:
        return None
    if text not in {"152", "203", "300", "600"}:
        raise ConfigError(f"The printer's dpi “{text}” is unknown.", "Write 203, 300 or 600.")
    return int(text)


def _known_options(options: dict[str, str], known: Collection[str]) -> None:
    for option in options:
        if option not in known:
            raise _unknown("option", option, known)


def _unknown(what: str, word: str, known: Collection[str], remedy: str = "") -> ConfigError:
    near = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.4)
    hint = f"Did you mean “{near[0]}”?" if near else f"Known: {', '.join(known)}."
    return ConfigError(f"Unknown {what} “{word}” for a printer.", f"{hint} {remedy}".strip())
