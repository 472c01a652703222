"""The line that a bench joins a store with, and what the bench keeps of it.

The line is printed by `station enrol NAME` on the server and pasted at the bench:
`https://store.local:8443/#bench-1.KEY.FINGERPRINT`. The fingerprint is the SHA-256 of the server's
CA certificate in DER; it is left out where the owner has a certificate of his own.
"""

from __future__ import annotations

import json
import os
import re
import stat
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from station.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

FILE = "enrolment.json"
"""The file in the data folder; it holds the bench's key, so it is its owner's alone."""

ROLES = ("station", "office", "board", "viewer")
"""A bench, an office, a supervisor's board, and a screen that only shows it."""

_MAX_BYTES = 64 * 2**10
"""Room for a dozen certificates; a longer file is none of ours."""

_ADDRESS = re.compile(
    r"(https?)://([A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::([0-9]{1,5}))?/?"
)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_LINE = re.compile(rf"([^#]+)#({_NAME.pattern})\.({_TOKEN.pattern})(?:\.([0-9A-Fa-f]{{64}}))?")
_HERE = re.compile(r"localhost|127(?:\.[0-9]{1,3}){3}|\[::1\]")
_BEGIN = b"-----BEGIN CERTIFICATE-----"
_LONGEST_LINE = 600


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Which store a bench belongs to, and how it shows who it is."""

    url: str
    station: str
    """The name under which the store knows this bench."""
    token: str = field(repr=False)
    """The bench's key; only the store's digest of it can be taken back, never read."""
    ca_pem: bytes = field(default=b"", repr=False)
    """The one CA certificate that the store's may be signed by; empty: those of the system."""
    role: str = "station"
    """What the key is for, one of ROLES."""
    site_key: bytes = field(default=b"", repr=False)
    """The secret by which the site's command barcodes and badges are known; empty: none came."""


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a join line says."""

    url: str
    station: str
    token: str = field(repr=False)
    fingerprint: str = ""
    """SHA-256 of the CA certificate in DER, 64 small hexadecimal digits; empty: none is needed."""


def parse(line: str) -> Invitation:
    """Return what a join line says; blanks and line breaks inside it are those of a narrow window.

    Raises:
        ConfigError: It is no such line, or would send the key in clear.
    """
    read = _LINE.fullmatch("".join(line.split())) if len(line) <= _LONGEST_LINE else None
    if read is None:
        raise ConfigError(
            "This is not a line to join a store with.",
            "It looks like https://store.local:8443/#bench-1.KEY.FINGERPRINT: copy the whole line"
            " that `station enrol NAME` printed on the server.",
        )
    url, name, token, fingerprint = read.groups(default="")
    return Invitation(address(url), name, token, fingerprint.lower())


def address(url: str) -> str:
    """Return the address of a store in its one form, such as `https://store.local:8443`.

    Raises:
        ConfigError: It is no address, or one that would send the key in clear.
    """
    read = _ADDRESS.fullmatch(url)
    scheme, host, port = read.groups() if read else ("", "", None)
    if not host or (port and not 0 < int(port) < 2**16):
        raise ConfigError(
            "This is not the address of an order store.", "It looks like https://store.local:8443."
        )
    if scheme == "http" and not _HERE.fullmatch(host.lower()):
        raise ConfigError(
            f"http:// would send this bench's key to {host} in clear.", "Write https://."
        )
    return f"{scheme}://{host.lower()}{f':{int(port)}' if port else ''}"


def load(home: Path) -> Enrolment | None:
    """Return the enrolment kept in the data folder; None: the bench never joined a store.

    Raises:
        ConfigError: The file is damaged, or others may read the key in it.
    """
    file = home / FILE
    try:
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            data = opened.read(_MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _unusable(file, error, "read") from error
    if stat.S_IMODE(mode) & 0o077:
        raise ConfigError(
            f"{file} holds this bench's key, and others can read it.",
            f"Run: chmod 600 {file}. If somebody else uses this machine, have a new key made.",
        )
    kept = _read(data)
    if kept is None:
        raise ConfigError(
            f"{file} is damaged.",
            "Ask for a new line on the server, and run: station enrol --join LINE --again",
        )
    return kept


def need_bench(joined: Enrolment | None) -> None:
    """Refuse to open a bench on a machine that joined its store as something else.

    Raises:
        ConfigError: It is an office or a board.
    """
    if joined is not None and joined.role != "station":
        office = joined.role == "office"
        raise ConfigError(
            f"{joined.station} is {'an office' if office else 'a board'}: it packs nothing.",
            "Run `station import`, `station export` or `station board`."
            if office
            else "Run `station board`.",
        )


def save(home: Path, enrolment: Enrolment) -> None:
    """Keep the enrolment in the data folder, whole or not at all, and on the disk.

    Raises:
        ConfigError: It cannot be written.
    """
    file, part = home / FILE, home / f".{FILE}.part"
    values = {
        "url": enrolment.url,
        "station": enrolment.station,
        "token": enrolment.token,
        "ca_pem": enrolment.ca_pem.decode("ascii"),
        "role": enrolment.role,
        "site_key": enrolment.site_key.hex(),
    }
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write(part, json.dumps(values, indent=1).encode("ascii"))
        part.replace(file)
        _sync_folder(home)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise _unusable(file, error, "written") from error


def _write(part: Path, data: bytes) -> None:
    # What a crash left behind is not written into: somebody may have it open.
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        os.fchmod(out.fileno(), 0o600)
        out.write(data)
        out.flush()
        os.fsync(out.fileno())


def _sync_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _read(data: bytes) -> Enrolment | None:
    try:
        values: Any = json.loads(data)
        kept = Enrolment(
            address(values["url"]),
            values["station"],
            values["token"],
            values["ca_pem"].encode("ascii"),
            values.get("role", "station"),
            bytes.fromhex(values.get("site_key", "")),
        )
        named = _NAME.fullmatch(kept.station) and _TOKEN.fullmatch(kept.token)
        known = named and kept.role in ROLES
    # Whatever another hand wrote there: none of it may end the program without words.
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError, ConfigError):
        return None
    right = known and (not kept.ca_pem or kept.ca_pem.startswith(_BEGIN))
    return kept if right and len(data) <= _MAX_BYTES else None


def _unusable(file: Path, error: OSError, verb: str) -> ConfigError:
    reason = (error.strerror or "unknown").lower()
    return ConfigError(f"{file} cannot be {verb}: {reason}.", "Mend its rights, or free space.")
