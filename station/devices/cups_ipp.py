"""What CUPS says of its queues and jobs, asked over IPP.

Source: RFC 8010 (encoding), RFC 8011 (operations, job-state and printer-state), and CUPS' own
“CUPS Implementation of IPP” for CUPS-Get-Printers and printer-error-policy.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

GET_JOB = 0x0009
CANCEL_JOB = 0x0008
GET_PRINTER = 0x000B
GET_PRINTERS = 0x4002
NOT_FOUND = 0x0406

PENDING, HELD, PROCESSING, STOPPED, CANCELED, ABORTED, COMPLETED = range(3, 10)
"""job-state, RFC 8011 §5.3.7."""

QUEUE_STOPPED = 5
"""printer-state, RFC 8011 §5.4.12."""

SOCKET = "/run/cups/cups.sock"
"""Where Debian's CUPS listens besides its port."""

_INTEGERS = {0x21, 0x23}
_BOOLEAN = 0x22
_MOST = 1 << 20

Value = int | str | bool | None
Attributes = dict[str, list[Value]]


class Unanswered(Exception):  # noqa: N818 - it stays inside the driver
    """CUPS did not answer, or not in IPP; its text is a few words why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: a status, and the attributes of each job or queue in it."""

    status: int
    groups: tuple[Attributes, ...]

    def first(self, name: str) -> Value:
        """Return the first value of an attribute, or None."""
        return next((group[name][0] for group in self.groups if group.get(name)), None)

    def all(self, name: str) -> tuple[str, ...]:
        """Return all values of an attribute as text."""
        return tuple(str(value) for group in self.groups for value in group.get(name, ()))


class CupsServer:
    """The CUPS of this machine, or of another one."""

    def __init__(self, host: str = "", port: int = 631, *, timeout_s: float = 2.0) -> None:
        """Take a host, or the path of a socket; empty: CUPS_SERVER, then this machine's own."""
        if not host:
            host, port = _usual(os.environ.get("CUPS_SERVER", ""))
        self.host = host
        self.port = port
        self._timeout_s = timeout_s

    @property
    def address(self) -> str:
        """How lp and a URL write it: a path, or host:port."""
        if self.host.startswith("/"):
            return self.host
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def queue(self, name: str, seconds: float | None = None) -> Answer:
        """Return what is known of a queue."""
        wanted = (
            "printer-state",
            "printer-state-reasons",
            "printer-state-message",
            "printer-is-accepting-jobs",
            "printer-error-policy",
            "printer-make-and-model",
        )
        return self._ask(GET_PRINTER, f"/printers/{quote(name)}", (), wanted, seconds)

    def queues(self, seconds: float | None = None) -> tuple[str, ...]:
        """Return the names of all queues."""
        return self._ask(GET_PRINTERS, "/", (), ("printer-name",), seconds).all("printer-name")

    def job(self, number: int) -> Answer:
        """Return what is known of a job."""
        wanted = (
            "job-state",
            "job-state-reasons",
            "job-printer-state-message",
            "time-at-processing",
        )
        return self._ask(GET_JOB, "/jobs", (("job-id", number),), wanted)

    def cancel(self, number: int) -> Answer:
        """Ask that a job be printed no more."""
        return self._ask(CANCEL_JOB, "/jobs", (("job-id", number),), ())

    def _ask(
        self,
        operation: int,
        path: str,
        about: tuple[tuple[str, int], ...],
        wanted: tuple[str, ...],
        seconds: float | None = None,
    ) -> Answer:
        import httpx

        is_local = self.host.startswith("/")
        if is_local and not Path(self.host).is_socket():
            raise Unanswered("not reachable")
        address = f"localhost:{self.port}" if is_local else self.address
        body = encode(operation, f"ipp://{address}{path}", about, wanted)
        transport = httpx.HTTPTransport(uds=self.host if is_local else None, trust_env=False)
        try:
            with httpx.Client(transport=transport, timeout=seconds or self._timeout_s) as client:
                got = client.post(
                    f"http://{address}{path}",
                    content=body,
                    headers={"Content-Type": "application/ipp"},
                )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unanswered("not reachable") from error
        if got.status_code != httpx.codes.OK:
            raise Unanswered(f"HTTP {got.status_code}")
        return decode(got.content)


def encode(
    operation: int, uri: str, about: tuple[tuple[str, int], ...], wanted: tuple[str, ...]
) -> bytes:
    """Return one request; a job is asked for by the server's address and its number."""
    values = [
        _value(0x47, "attributes-charset", b"utf-8"),
        _value(0x48, "attributes-natural-language", b"en"),
        _value(0x45, "printer-uri", uri.encode()),
        *(_value(0x21, name, struct.pack(">i", number)) for name, number in about),
        _value(0x42, "requesting-user-name", _user().encode()),
    ]
    for index, name in enumerate(wanted):
        values.append(_value(0x44, "" if index else "requested-attributes", name.encode()))
    return struct.pack(">BBHI", 2, 0, operation, 1) + b"\x01" + b"".join(values) + b"\x03"


def decode(body: bytes) -> Answer:
    """Take an answer apart.

    Raises:
        Unanswered: It is no whole IPP answer.
    """
    try:
        return _decode(body[:_MOST])
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise Unanswered("an answer that is not IPP") from error


def _decode(body: bytes) -> Answer:
    status = int(struct.unpack_from(">H", body, 2)[0])
    groups: list[Attributes] = []
    at, name = 8, ""
    while (tag := body[at]) != 0x03:
        at += 1
        if tag < 0x10:  # a group begins
            groups.append({})
            continue
        text, at = _string(body, at)
        name = text.decode() or name
        raw, at = _string(body, at)
        groups[-1].setdefault(name, []).append(_read(tag, raw))
    return Answer(status, tuple(groups))


def _string(body: bytes, at: int) -> tuple[bytes, int]:
    (length,) = struct.unpack_from(">H", body, at)
    end = at + 2 + length
    if end > len(body):
        raise IndexError
    return body[at + 2 : end], end


def _read(tag: int, raw: bytes) -> Value:
    if tag in _INTEGERS:
        return int(struct.unpack(">i", raw)[0])
    if tag == _BOOLEAN:
        return raw != b"\0"
    if tag < 0x20:  # “no value”, “unknown”
        return None
    return raw.decode("utf-8", "replace")


def _value(tag: int, name: str, value: bytes) -> bytes:
    key = name.encode()
    return struct.pack(">BH", tag, len(key)) + key + struct.pack(">H", len(value)) + value


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user without a name
        return "station"


def _usual(variable: str) -> tuple[str, int]:
    """Return what CUPS_SERVER says, as lp reads it: a path, host, or host:port."""
    if variable.startswith("/"):
        return variable, 631
    if not variable:
        return (SOCKET if Path(SOCKET).is_socket() else "localhost"), 631
    host, colon, port = variable.partition("/")[0].rpartition(":")
    if colon and port.isdecimal():
        return host.strip("[]"), int(port)
    return variable.partition("/")[0].strip("[]"), 631
