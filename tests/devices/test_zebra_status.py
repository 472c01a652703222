"""What a ZPL printer says of itself, read from the bytes on the wire."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.devices import troubles as told
from station.devices import zebra_status as zebra

WELL = (
    b"\x02030,0,0,1225,000,0,0,0,000,0,0,0\x03\r\n"
    b"\x02001,0,0,0,1,2,6,0,00000000,1,000\x03\r\n"
    b"\x021234,0\x03\r\n"
)


def errors(flags: int, group: int = 0) -> bytes:
    """Return an answer to ~HQES."""
    return (
        b"\x02\r\n\r\nPRINTER STATUS            \r\n   ERRORS:          1 %08X %08X  \r\n"
        b"   WARNINGS:        1 00000000 00000100   \r\n\x03" % (group, flags)
    )


def test_a_well_printer_has_no_trouble() -> None:
    """Three frames without a flag are a printer that is ready and idle."""
    status = zebra.host_status(WELL)
    assert status is not None
    assert status.before_sending == ()
    assert status.idle


@pytest.mark.parametrize(
    ("place", "value", "trouble"),
    [
        ((0, 1), b"1", told.PAPER_OUT),
        ((0, 2), b"1", told.PAUSED),
        ((0, 5), b"1", told.BUFFER_FULL),
        ((0, 7), b"1", told.HALF_LABEL),
        ((0, 11), b"1\x03", told.TOO_HOT),
        ((1, 2), b"1", told.HEAD_OPEN),
        ((1, 3), b"1", told.RIBBON_OUT),
    ],
)
def test_every_flag_has_its_word(
    place: tuple[int, int], value: bytes, trouble: told.Trouble
) -> None:
    """Each flag of ~HS that stops a label is told by its own trouble and no other."""
    lines = [line.split(b",") for line in WELL.split(b"\r\n")[:3]]
    lines[place[0]][place[1]] = value
    status = zebra.host_status(b"\r\n".join(b",".join(line) for line in lines))
    assert status is not None
    assert status.before_sending == (trouble,)
    assert trouble.words
    assert trouble.remedy


def test_counts_are_read() -> None:
    """Labels in the buffer and copies left are numbers, and then the printer is not idle."""
    status = zebra.host_status(WELL.replace(b"1225,000", b"1225,012"))
    assert status is not None
    assert (status.formats, status.idle) == (12, False)
    status = zebra.host_status(WELL.replace(b"00000000", b"00000100"))
    assert status is not None
    assert (status.remaining, status.idle) == (100, False)


def test_the_newest_answer_counts() -> None:
    """Of two whole answers the later one is believed."""
    status = zebra.host_status(WELL.replace(b"030,0", b"030,1") + WELL)
    assert status is not None
    assert status.troubles == ()


def test_part_of_an_answer_is_none() -> None:
    """No prefix of an answer without its third ETX is a status."""
    assert all(zebra.host_status(WELL[:end]) is None for end in range(len(WELL) - 2))


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (0x1, "paper out"),
        (0x2, "ribbon out"),
        (0x4, "head open"),
        (0x5, "paper out, head open"),
        (0x10, "too hot"),
        (0x10000, "paused"),
        (0x10004, "head open, paused"),
        (0x100, "it reports a fault"),
    ],
)
def test_error_flags_have_words(flags: int, words: str) -> None:
    """The flags of ~HQES are read as bits, and an unknown one is a fault all the same."""
    troubles = zebra.printer_errors(errors(flags))
    assert troubles is not None
    assert told.in_words(troubles) == words
    assert told.remedies(troubles)


def test_no_error_is_an_answer() -> None:
    """An answer without errors is empty, and no answer is None."""
    assert zebra.printer_errors(errors(0)) == ()
    assert zebra.printer_errors(b"") is None
    assert zebra.printer_errors(errors(0)[:-1]) is None


def test_the_resolution_is_read() -> None:
    """The third field of ~HI is the dots per millimetre."""
    assert zebra.dots_per_mm(b"\x02ZD421-203dpi,V93.21.26Z,8,8192KB\x03\r\n") == 8
    assert zebra.dots_per_mm(b"\x02?\x03") is None


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=200))
def test_any_bytes_are_survived(said: bytes) -> None:
    """Whatever a device says, it is a status or none, never an exception."""
    zebra.host_status(WELL[: len(said)] + said + WELL)
    zebra.host_status(said)
    zebra.printer_errors(said)
    zebra.dots_per_mm(said)
