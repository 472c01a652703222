"""What lp and IPP say, without a CUPS: errors in words, and bytes that are no answer."""

from __future__ import annotations

import os
import socket
import struct
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.devices import cups_ipp as ipp
from station.devices.cups_ipp import Answer, CupsServer
from station.devices.cups_printer import CupsPrinter
from station.devices.lp import RAW, CheckedZebra
from station.devices.ports import Delivery
from station.errors import DeviceAbsent, DeviceDoubtful, DeviceRefused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from station.errors import DeviceError

LABEL = b"^XA^FO50,50^FDone^FS^XZ"
ONCE: ipp.Attributes = {
    "printer-state": [3],
    "printer-is-accepting-jobs": [True],
    "printer-state-reasons": [],
    "printer-error-policy": ["abort-job"],
    "printer-make-and-model": ["Local Raw Printer"],
}


def shim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a program called lp in the place of the real one."""
    program = tmp_path / "lp"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")


def test_lp_gets_the_bytes_and_tells_the_job(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Queue, title and options are words of their own, the label comes through the pipe."""
    shim(
        tmp_path,
        monkeypatch,
        f'printf "%s|" "$@" > {tmp_path}/words; cat > {tmp_path}/got; env > {tmp_path}/env;'
        ' echo "request id is zebra-77 (0 file(s))"',
    )
    zebra = CheckedZebra("zebra", "print.lan:631")
    assert zebra.hand_over("Label; rm -rf /\x00\x1b é", LABEL, RAW) == 77
    words = (tmp_path / "words").read_text()
    assert words == "-h|print.lan:631|-d|zebra|-t|Label; rm -rf /|-o|raw|-|"
    assert (tmp_path / "got").read_bytes() == LABEL
    assert "LC_ALL=C\n" in (tmp_path / "env").read_text()


@pytest.mark.parametrize(
    ("script", "kind", "words"),
    [
        ("cat >/dev/null; exit 1", DeviceDoubtful, "no reason given"),
        ("cat >/dev/null; exit 0", DeviceDoubtful, "may not have taken"),
        ("cat >/dev/null; echo 'request id is' ; exit 0", DeviceDoubtful, "may not have taken"),
        ("echo 'lp: Error - Too many jobs.' >&2; exit 1", DeviceDoubtful, "Too many jobs"),
        ("printf 'lp: \\033[2J\\007' >&2; exit 1", DeviceDoubtful, "lp:"),
        ("echo 'lp: Unable to connect to server' >&2; exit 1", DeviceAbsent, "systemctl start"),
        ("echo 'lp: Scheduler not responding' >&2; exit 1", DeviceAbsent, "systemctl start"),
        ("echo 'lp: Error - x does not exist.' >&2; exit 1", DeviceAbsent, "no print queue"),
        ("echo 'lp: x is not accepting jobs.' >&2; exit 1", DeviceRefused, "cupsaccept"),
        ("sleep 5", DeviceDoubtful, "did not take the label"),
    ],
)
def test_lp_that_fails_has_words(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    script: str,
    kind: type[DeviceError],
    words: str,
) -> None:
    """Only where lp says that nothing was queued may it be tried again."""
    shim(tmp_path, monkeypatch, f"{script}".replace("sleep", "exec sleep"))
    with pytest.raises(kind, match=words) as caught:
        CheckedZebra("zebra", timeout_s=0.3 if "sleep" in script else 5).hand_over("x", LABEL, RAW)
    assert "\x1b" not in str(caught.value)


def test_without_lp_it_is_told_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine without CUPS' programs queues nothing and says what is missing."""
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(DeviceAbsent, match="apt install cups"):
        CheckedZebra("zebra").hand_over("x", LABEL, RAW)


class Told(CupsServer):
    """A CUPS that answers what it was told to."""

    def __init__(self, queue: ipp.Attributes, *jobs: ipp.Attributes) -> None:
        super().__init__("told")
        self._queue = queue
        self._jobs = list(jobs)
        self.canceled: list[int] = []

    def queue(self, name: str, seconds: float | None = None) -> Answer:  # noqa: ARG002 - told
        """Return the queue."""
        return Answer(0, (self._queue,))

    def job(self, number: int) -> Answer:  # noqa: ARG002 - told
        """Return each of the jobs in turn, and the last one for ever."""
        job = self._jobs.pop(0) if len(self._jobs) > 1 else self._jobs[0]
        if job.get("lost"):
            raise ipp.Unanswered("gone")
        return Answer(0, (job,))

    def cancel(self, number: int) -> Answer:
        """Remember it."""
        self.canceled.append(number)
        return Answer(0, ())


def job(state: int, message: str = "", began: int | None = 1) -> ipp.Attributes:
    """Return a job as CUPS tells it."""
    return {
        "job-state": [state],
        "job-printer-state-message": [message],
        "time-at-processing": [began],
    }


UNREACHED = "The printer is not responding."


@pytest.mark.parametrize(
    ("policy", "jobs", "outcome"),
    [
        ("abort-job", [job(9)], Delivery.SENT),
        ("abort-job", [job(5), job(9)], Delivery.SENT),
        ("abort-job", [{"lost": [True]}, job(9)], Delivery.SENT),
        ("abort-job", [job(8)], DeviceDoubtful),
        ("abort-job", [job(7)], DeviceDoubtful),
        ("abort-job", [job(7, began=None)], DeviceRefused),
        ("abort-job", [job(8, began=None)], DeviceRefused),
        ("abort-job", [job(7, UNREACHED)], DeviceAbsent),
        ("retry-job", [job(7, UNREACHED)], DeviceDoubtful),
        ("abort-job", [job(8, UNREACHED)], DeviceDoubtful),
        ("abort-job", [{"job-state": [7]}], DeviceDoubtful),
        ("abort-job", [{}], DeviceDoubtful),
        ("abort-job", [job(5)], DeviceDoubtful),
        ("abort-job", [job(3, began=None)], DeviceDoubtful),  # it could not be taken back
        ("abort-job", [{"lost": [True]}], DeviceDoubtful),
    ],
)
def test_the_end_of_a_job(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    policy: str,
    jobs: list[ipp.Attributes],
    outcome: object,
) -> None:
    """Not sent is only what never began or never had a connection; completed is sent."""
    monkeypatch.setattr("station.devices.cups_printer.STOP_S", 0.1)
    shim(tmp_path, monkeypatch, 'cat >/dev/null; echo "request id is z-1 (0 file(s))"')
    queue: ipp.Attributes = {**ONCE, "printer-error-policy": [policy]}
    printer = CupsPrinter("z", Told(queue, *jobs), deadline_s=0.15)
    if isinstance(outcome, Delivery):
        assert printer.print("1", "x", LABEL) is outcome
    else:
        with pytest.raises(outcome):  # type: ignore[call-overload]
            printer.print("1", "x", LABEL)


@pytest.mark.parametrize(
    ("reasons", "words"),
    [
        (["media-empty-error"], "paper out"),
        (["media-needed"], "paper out"),
        (["cover-open"], "cover open"),
        (["toner-empty-error"], "toner or ribbon out"),
        (["media-jam"], "paper jam"),
        (["offline"], "offline"),
        (["toner-low-warning", "media-empty-report", "none", "cups-x"], ""),
    ],
)
def test_what_a_queue_says_of_its_printer(reasons: list[str], words: str) -> None:
    """Faults of an office printer are told in the packer's words and stop the next paper."""
    printer = CupsPrinter("z", Told({**ONCE, "printer-state-reasons": [*reasons]}, {}))
    health = printer.health()
    assert health.ok is (not words)
    assert words in health.words
    if words:
        with pytest.raises(DeviceRefused, match=words):
            printer.print("1", "x", LABEL)


def answer(*values: bytes, status: int = 0) -> bytes:
    """Return an IPP answer with one group of attributes."""
    return struct.pack(">BBHI", 2, 0, status, 1) + b"\x04" + b"".join(values) + b"\x03"


def test_answers_are_read() -> None:
    """Numbers, words, truth values, lists and “no value” of an answer have their types."""
    body = answer(
        ipp._value(0x23, "printer-state", struct.pack(">i", 3)),
        ipp._value(0x44, "printer-state-reasons", b"a"),
        ipp._value(0x44, "", b"b"),
        ipp._value(0x22, "printer-is-accepting-jobs", b"\1"),
        ipp._value(0x13, "time-at-processing", b""),
    )
    read = ipp.decode(body)
    assert read.first("printer-state") == 3
    assert read.all("printer-state-reasons") == ("a", "b")
    assert read.first("printer-is-accepting-jobs") is True
    assert read.groups[0]["time-at-processing"] == [None]
    for end in range(len(body)):
        with pytest.raises(ipp.Unanswered):
            ipp.decode(body[:end])


@given(st.binary(max_size=300))
def test_any_bytes_are_an_answer_or_none(body: bytes) -> None:
    """Whatever a server sends, it is read or it is no answer."""
    for sent in (body, answer(body), b"\2\0\0\0\0\0\0\1\4" + body):
        try:
            ipp.decode(sent)
        except ipp.Unanswered as error:
            assert str(error)  # noqa: PT017 - either outcome is right


@contextmanager
def web(reply: bytes) -> Iterator[int]:
    """Give the port of a server that says one thing to everybody."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    line, _ = listener.accept()
                except OSError:
                    return
                with line:
                    line.recv(65536)
                    line.sendall(reply)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "HTTP 403"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", "not IPP"),
        (b"SSH-2.0-OpenSSH\r\n", "not reachable"),
        (b"", "not reachable"),
    ],
)
def test_a_server_that_is_no_cups_is_absent(reply: bytes, words: str) -> None:
    """Another server on the port is told as a CUPS that does not answer; nothing is queued."""
    with web(reply) as port:
        printer = CupsPrinter("z", CupsServer("127.0.0.1", port))
        with pytest.raises(DeviceAbsent, match=words):
            printer.print("1", "x", LABEL)
        assert not printer.health().ok


def test_a_socket_of_this_machine_is_reached(tmp_path: Path) -> None:
    """A path as the server is a local socket, as with CUPS_SERVER=/run/cups/cups.sock."""
    path = tmp_path / "cups.sock"
    with pytest.raises(ipp.Unanswered, match="not reachable"):
        CupsServer(str(path)).queues()
    body = answer(ipp._value(0x42, "printer-name", b"zebra"))
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen()

        def serve() -> None:
            line, _ = listener.accept()
            with line:
                line.recv(65536)
                head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
                line.sendall(head + body)

        thread = threading.Thread(target=serve)
        thread.start()
        assert CupsServer(str(path)).queues() == ("zebra",)
        thread.join(5)


@pytest.mark.parametrize("kind", [b"", b"\x89PNG\r\n\x1a\n"])
def test_what_a_raw_queue_cannot_print_is_refused(kind: bytes) -> None:
    """Nothing at all and a picture never reach the queue."""
    with pytest.raises(DeviceRefused):
        CupsPrinter("z", Told({**ONCE}, {})).print("1", "x", kind)
