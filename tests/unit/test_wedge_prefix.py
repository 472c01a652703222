"""Prefixes and symbology identifiers as marks where a code begins; pauses as the last resort."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from station.wedge import MAX_BUFFER, Read, Wedge, ran_together

SAFE = st.characters(min_codepoint=0x20, max_codepoint=0x7E, exclude_characters="~]") | st.just(
    "\x1d"
)
CODES = st.text(SAFE, min_size=1, max_size=30)
PREFIXES = st.sampled_from(["~", "\x02", "~~", "~\x02"])
ENDS = st.sampled_from(["\r", "\n", "\r\n", "\t"])


def typed(wedge: Wedge, text: str, at: float = 10.0, gap: float = 0.001) -> list[Read]:
    """Type a text with even gaps and return what became whole."""
    return [read for i, char in enumerate(text) for read in wedge.feed(char, at + i * gap)]


@given(PREFIXES, st.lists(CODES, min_size=1, max_size=6), ENDS)
def test_the_prefix_is_taken_off(prefix: str, codes: list[str], end: str) -> None:
    """Codes with prefix and end come back without either, one by one."""
    reads = typed(Wedge(prefix=prefix), "".join(f"{prefix}{code}{end}" for code in codes))

    assert reads == [Read(code) for code in codes]


@given(PREFIXES, CODES, CODES)
def test_two_codes_without_an_end_are_split_at_the_prefix(
    prefix: str, first: str, second: str
) -> None:
    """The first, whose end is missing, is never whole; the second is."""
    reads = typed(Wedge(prefix=prefix), f"{prefix}{first}{prefix}{second}\r")

    assert reads == [Read(first, whole=False), Read(second)]


@given(PREFIXES, CODES, CODES)
def test_without_suffixes_the_next_prefix_ends_a_code(prefix: str, first: str, second: str) -> None:
    """Where a pause ends codes, the begin of the next one does so too."""
    wedge = Wedge(prefix=prefix, ends_on_pause=True)
    reads = typed(wedge, f"{prefix}{first}{prefix}{second}")

    assert [*reads, *wedge.tick(20.0)] == [Read(first), Read(second)]


@given(CODES, st.integers(1, 29))
def test_a_machine_without_the_prefix_has_lost_its_begin(code: str, lost: int) -> None:
    """The rest of a code comes out as cut."""
    rest = f"~{code}"[lost:]
    reads = typed(Wedge(prefix="~"), f"{rest}\r")

    assert reads == ([Read(rest, whole=False)] if rest else [])


@given(CODES)
def test_a_person_needs_no_prefix(code: str) -> None:
    """What is typed by hand is taken as it is."""
    assert typed(Wedge(prefix="~"), f"{code}\r", gap=0.2) == [Read(code)]


@given(CODES, st.integers(0, 29))
def test_a_cut_code_with_a_prefix_is_never_whole(code: str, kept: int) -> None:
    """A pause ends a marked run, however short it is."""
    wedge = Wedge(prefix="~")
    part = code[:kept]
    typed(wedge, f"~{part}")
    reads = [*wedge.tick(20.0), *typed(wedge, "~AB\r", at=21.0)]

    assert reads == [*([Read(part, whole=False)] if part else []), Read("AB")]


def test_a_paste_needs_no_prefix() -> None:
    """Pasted lines are a person's, and a scanner's prefix does not hold for them."""
    assert Wedge(prefix="~").paste("ABC\nDEF", 5.0) == (Read("ABC"), Read("DEF"))


def test_an_endless_run_does_not_hide_the_next_prefix() -> None:
    """After far too many characters a prefix begins a new code."""
    reads = typed(Wedge(prefix="~"), "~" + "9" * (MAX_BUFFER + 9) + "~AB\r")

    assert [read.whole for read in reads] == [False, True]
    assert reads[1].text == "AB"


def test_a_prefix_alone_is_no_code() -> None:
    """A prefix with nothing after it is forgotten, and is waited for as a run that began."""
    wedge = Wedge(prefix="~")

    assert typed(wedge, "~") == []
    assert wedge.is_waiting
    assert wedge.tick(20.0) == ()
    assert not wedge.is_waiting


@pytest.mark.parametrize("end", ["", "\r"])
def test_two_identifiers_in_one_run_are_two_codes_glued(end: str) -> None:
    """A code with an identifier in its middle is not whole; with an end between both are."""
    first, second = "]E09520000000011", "]C1019520000000011"
    reads = typed(Wedge(), f"{first}{end}{second}\r")

    assert reads == ([Read(first), Read(second)] if end else [Read(first + second, whole=False)])


def test_brackets_are_no_identifiers() -> None:
    """A bracket inside a code without an identifier of its own is a sign like others."""
    assert not ran_together("A]E0B")
    assert not ran_together("]E0A]")
    assert ran_together("]d2A]Q1B")


@given(st.text(st.sampled_from("~]EC01\r\n\t \x02\x1dA9"), max_size=60), st.booleans())
def test_any_stream_is_taken_whole_or_refused(stream: str, on_pause: bool) -> None:
    """No character that came is ever in two codes, and no whole code holds prefix or end."""
    wedge = Wedge(prefix="~", ends_on_pause=on_pause)
    reads = [*typed(wedge, stream), *wedge.tick(50.0)]

    assert sum(len(read.text) for read in reads) <= len(stream)
    for read in reads:
        assert not set(read.text) & {"~", "\r", "\n", "\t"}
        assert f"~{read.text}" in stream or not read.whole
