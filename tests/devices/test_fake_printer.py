"""The fake printer itself, driven with bare sockets: a wrong judge would prove nothing."""

from __future__ import annotations

import contextlib
import socket
import time

import pytest
from devices.fake_printer import HOST, FakePrinter

LABEL = b"^XA^FO50,50^FDone^FS^XZ"


def talk(fake: FakePrinter, *pieces: bytes) -> bytes:
    """Send the pieces, finish, and return all that was answered."""
    with socket.create_connection((HOST, fake.port), timeout=5) as line:
        for piece in pieces:
            line.sendall(piece)
            time.sleep(0.01)
        line.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: line.recv(4096), b""))


def test_it_prints_whole_labels_only() -> None:
    """A label comes out once its end has come, in whatever pieces it arrived."""
    with FakePrinter() as fake:
        talk(fake, LABEL[:9], LABEL[9:] + LABEL, LABEL[:-1])
        assert fake.wait_idle()
        assert fake.labels == [LABEL, LABEL]


def test_it_answers_in_the_middle_of_a_label() -> None:
    """Questions are answered at once, and the label that they interrupt stays whole."""
    with FakePrinter() as fake:
        assert b",1,000,0,0,0\x03" in talk(fake, LABEL[:9], b"~HS", LABEL[9:])
        assert fake.wait_idle()
        assert fake.labels == [LABEL]


def test_paper_that_ends_inside_a_label_prints_it_later() -> None:
    """The interrupted label is printed once more as soon as paper is loaded."""
    with FakePrinter() as fake:
        fake.paper_left = 1
        talk(fake, LABEL, LABEL)
        assert not fake.wait_idle(0.1)
        assert (fake.paper_out, len(fake.labels)) == (True, 1)
        fake.mend()
        assert fake.wait_idle()
        assert len(fake.labels) == 2


def test_half_a_label_stays_if_it_is_told_to() -> None:
    """With `keeps_half` the next connection finds half a label in the memory."""
    with FakePrinter(keeps_half=True) as fake:
        talk(fake, LABEL[:9])
        assert fake.wait_idle()
        assert b",1,000,0,0,0\x03" in talk(fake, b"~HS")


@pytest.mark.parametrize("after", [0, 5, len(LABEL)])
def test_a_cut_takes_exactly_so_many_bytes(after: int) -> None:
    """Only a cut behind the last byte lets the label come out."""
    with FakePrinter() as fake:
        fake.reset_after = after
        with contextlib.suppress(OSError):  # which one depends on who is faster
            talk(fake, b"~HS", LABEL)
        assert fake.wait_idle()
        assert fake.struck["reset_after"] == 1
        assert len(fake.labels) == (after == len(LABEL))


def test_it_can_be_gone_and_come_back() -> None:
    """A printer that was switched off refuses, and listens on the same port afterwards."""
    with FakePrinter() as fake:
        fake.refuse()
        with pytest.raises(ConnectionRefusedError):
            talk(fake, LABEL)
        fake.mend()
        talk(fake, LABEL)
        assert fake.wait_idle()
        assert fake.count(LABEL) == 1
