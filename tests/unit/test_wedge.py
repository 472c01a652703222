"""Typed characters to scans."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from station.wedge import Read, Wedge

CODES = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E) | st.just("\x1d"), min_size=1)
GAPS = st.sampled_from([0.0, 0.001, 0.008, 0.016])


def typed(wedge: Wedge, text: str, at: float = 0.0, gap: float = 0.001) -> list[Read]:
    """Type a text with even gaps and return what became whole."""
    return [read for i, char in enumerate(text) for read in wedge.feed(char, at + i * gap)]


@given(st.lists(CODES, min_size=1, max_size=8), st.sampled_from(["\r", "\n", "\r\n", "\t"]), GAPS)
def test_what_is_typed_comes_back(codes: list[str], end: str, gap: float) -> None:
    """Codes typed back to back come back one by one, whatever ends them."""
    reads = typed(Wedge(), "".join(code + end for code in codes), gap=gap)

    assert reads == [Read(code) for code in codes]


@given(st.lists(CODES.filter(str.strip), min_size=1, max_size=5), st.sampled_from(["\n", "\r\n"]))
def test_pasted_lines_are_scans(codes: list[str], end: str) -> None:
    """Every line of a paste is a scan, the last one without an end too."""
    assert list(Wedge().paste(end.join(codes), 5.0)) == [Read(code) for code in codes]


def test_a_cut_scan_is_not_glued_to_the_next() -> None:
    """A fast run that stops in the middle comes out as cut, and the next code is whole."""
    wedge = Wedge()
    typed(wedge, "95200000", 1.0)
    reads = typed(wedge, "9520000000011\r", 3.0)

    assert reads == [Read("95200000", whole=False), Read("9520000000011")]


def test_a_person_may_type_slowly() -> None:
    """A code typed by hand with long pauses is one code."""
    assert typed(Wedge(), "9520000000011\r", gap=0.7) == [Read("9520000000011")]


def test_a_scanner_without_suffix_ends_on_a_pause() -> None:
    """With ends_on_pause a pause makes the code whole."""
    wedge = Wedge(ends_on_pause=True)
    typed(wedge, "9520000000011", 1.0)

    assert wedge.tick(1.05) == ()
    assert wedge.tick(2.0) == (Read("9520000000011"),)


def test_an_endless_code_is_not_whole() -> None:
    """Five thousand characters without an end come out as one refused run."""
    (read,) = typed(Wedge(), "9" * 5000 + "\r")

    assert not read.whole


def test_the_second_end_belongs_to_the_first() -> None:
    """The LF of a CRLF is no Enter; one second later it is."""
    wedge = Wedge()
    typed(wedge, "1234\r", 1.0)

    assert wedge.is_tail(1.005)
    assert not wedge.is_tail(2.0)


def test_typing_can_be_taken_back() -> None:
    """Backspace takes one character, Escape all of them."""
    wedge = Wedge()
    typed(wedge, "12", gap=0.5)
    wedge.erase()
    assert wedge.pending == "1"
    wedge.clear()
    assert wedge.pending == ""
