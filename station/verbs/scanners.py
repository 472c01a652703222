"""`station scanner list|learn`: the scanners of this bench, and what three codes show of one."""

from __future__ import annotations

import os
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from station import toml_lines
from station.devices.open_scanner import scanner_port
from station.errors import ConfigError, DeviceError, InputError
from station.verbs import ATTENTION, OK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from station.compose import Place
    from station.scanner_lessons import Findings


def show(place: Place) -> int:
    """Print every scanner and whether it can be read; returns 3 when one cannot."""
    settings = place.settings.scanner
    prefix = f", prefix {settings.prefix!r}" if settings.prefix else ""
    print(f"ok    keyboard  every scanner that types; suffix {settings.suffix}{prefix}")
    ports = [scanner_port(url, settings, place.home) for url in settings.ports]
    wide = max((len(port.name) for port in ports), default=0)
    all_well = True
    for port in ports:
        words = ""
        try:
            port.open().close()
        except DeviceError as error:
            words, all_well = str(error.message).removeprefix(f"scanner {port.name} "), False
            words = f"{words}. {error.remedy}"
        print(f"{'LOOK' if words else 'ok  '}  {port.name:<{wide}}  {words or port.url}")
    return OK if all_well else ATTENTION


def learn(place: Place, file: Path | None) -> int:
    """Open the wizard in the terminal, then print what it found.

    Raises:
        ConfigError: There is no terminal, into which a scanner could type.
    """
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ConfigError(
            "The wizard needs the terminal into which the scanner types.",
            "Run `station scanner learn` there.",
        )
    from station import learning

    target = file or _named() or place.home / "station.toml"
    findings = learning.run(place, lambda values: write_values(target, values))
    if findings is None:
        return OK
    _print(findings)
    return ATTENTION if any(note.good is False for note in findings.notes) else OK


def _named() -> Path | None:
    named = os.environ.get("STATION_CONFIG")
    return Path(named) if named else None


def _print(findings: Findings) -> None:
    for note in findings.notes:
        sign = {True: "ok  ", False: "LOOK", None: "    "}[note.good]
        print(f"{sign}  {note.words}{f' {note.todo}' if note.todo else ''}")
    if findings.lines:
        print(f"\n{findings.lines}")


def write_values(file: Path, values: Mapping[str, str]) -> str:
    """Put values into `[scanner]` of a settings file, all or nothing; return its path.

    Raises:
        InputError: It cannot be read, changed or written; nothing was.
    """
    try:
        target = file.resolve()
        before = target.read_text(encoding="utf-8") if target.exists() else ""
        made = toml_lines.with_values(before, "scanner", values)
        _replace(target, made)
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"{file} cannot be written.", "Write the lines into it yourself."
        ) from error
    return str(file)


def _replace(target: Path, text: str) -> None:
    """Write the whole file anew beside the old one, then put it in its place."""
    mode = target.stat().st_mode & 0o777 if target.exists() else 0o600
    handle, beside = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        Path(beside).chmod(mode)
        Path(beside).replace(target)
    except OSError:
        with suppress(OSError):
            Path(beside).unlink()
        raise
