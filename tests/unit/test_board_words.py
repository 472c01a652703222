from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station import board_words
from station.board_words import NeedKind, needs, outlook, page, trend
from station.cells import ASCII, UNICODE, Signs, cut, fit, signs_for, width_of
from station.model import OrderState, QueueRow, ServiceClass
from station.overview import (
    BenchRow,
    Board,
    Hour,
    Proposal,
    Pulse,
    Refusal,
    Told,
)

NOW = datetime(2026, 11, 23, 14, 3, tzinfo=UTC)


def at(minutes: float) -> datetime:
    """Return a moment so many minutes from now."""
    return NOW + timedelta(minutes=minutes)


def row(order_id: str, state: OrderState, holder: str, due: float = 90) -> QueueRow:
    """Return an order that waits for a person."""
    return QueueRow(order_id, at(due), ServiceClass.STANDARD, at(-900), 3, 1, "Mug", state, holder)


BUSY = Board(
    states={OrderState.WAITING: 120, OrderState.PACKED: 3, OrderState.SHIPPED: 310},
    overdue=3,
    today=62,
    later=55,
    hours=(
        Hour(at(-3), 12, at(27)),
        Hour(at(57), 30, at(60)),
        Hour(at(117), 20, at(175)),
    ),
    done=tuple((at(-3 - 10 * n), n % 7) for n in range(90)),
    benches=(
        BenchRow("bench-1", at(-3), Pulse("Ana", "111-2233445-6677889", 2, 5, at(-0.5), 0, "ok")),
        BenchRow("bench-2", at(-7), Pulse("Bo", "111-9", 12, 500, at(-9), 12, "paper out"), True),
        BenchRow("bench-3", at(-400), Pulse(), True),
    ),
    stuck=(
        row("111-1", OrderState.PROBLEM, "short: BLUE MUG", -70),
        row("111-2", OrderState.HELD, "the buyer asked"),
        row("111-3", OrderState.CANCELLED, "bench-1 · Ana"),
        row("111-4", OrderState.PACKED, "bench-2 · Bo"),
    ),
    told=(Told("amazon", "pending", 12, at(-35)), Told("shopify", "refused", 1, at(-300))),
    refused=(Refusal("111-5", 2, "shopify", "no such tracking id", at(-300)),),
    proposals=(Proposal("4006381333931", "MUG-350", "Blue mug", "111-6", "bench-1", "Ana", NOW),),
)
EMPTY = Board(states={}, overdue=0, today=0, later=0)


def test_a_page_says_everything_in_80_columns() -> None:
    """What is late and will be, who packs what, what waits for a person, and what is not told."""
    text = page(BUSY, NOW)
    for words in (
        "3 OVERDUE, 43 MORE WILL MISS",
        "an hour leave; 120 waiting, 3 packed, 310 shipped",
        "later        55",
        "bench-1      Ana          111-2233445-6677889      2/5    30 s  ok",
        "SILENT 7 min",
        "closed 6 h",
        "PROBLEM   111-1                 LATE 1 h 10  short: BLUE MUG",
        "CANCELLED 111-3                 due 1 h 30  bench-1 · Ana",
        "SILENT    111-4                 due 1 h 30  bench-2 · Bo",
        "REFUSED   111-5                 shopify package 2: no such tracking id",
        "BARCODE   4006381333931         is it MUG-350? Blue mug (Ana at bench-1)",
        "amazon            12 pending   oldest 35 min",
        "left in 24 h",
    ):
        assert words in text
    assert max(width_of(line) for line in text.splitlines()) <= 80


def test_an_empty_floor_is_told_in_words() -> None:
    """Where nothing is, each part says so."""
    text = page(EMPTY, NOW)
    for words in (
        "NOTHING IS LATE",
        "no rate yet; no orders",
        "nothing is due",
        "none was heard of",
        "NEEDS YOU\n nothing",
        "everything is told",
    ):
        assert words in text


def test_a_terminal_without_unicode_gets_ascii() -> None:
    """Bars, dots and names come in ASCII, and the lines are as long."""
    named = replace(BUSY.benches[0], pulse=replace(BUSY.benches[0].pulse, packer="Zoë"))
    text = page(replace(BUSY, benches=(named,)), NOW, signs=ASCII)
    assert text.isascii()
    assert "#####!!!!!!!!!" in text
    assert "bench-2 - Bo" in text
    assert "Zoe" in text


def test_the_encoding_decides_the_signs() -> None:
    """Only an encoding that has the bars gets them."""
    assert signs_for("utf-8") is UNICODE
    assert [signs_for(name) for name in ("ascii", "latin-1", "none", None)] == [ASCII] * 4


TEXTS = st.text(max_size=60)
ROWS = st.builds(row, TEXTS, st.sampled_from(list(OrderState)), TEXTS, st.integers(-10_000, 10_000))
PULSES = st.builds(Pulse, TEXTS, TEXTS, st.integers(0, 10**9), st.integers(0, 10**9), printer=TEXTS)


@settings(max_examples=50)
@given(
    st.lists(ROWS, max_size=3),
    st.lists(st.builds(BenchRow, TEXTS, st.just(NOW), PULSES, st.booleans()), max_size=3),
    TEXTS,
    st.integers(20, 120),
    st.sampled_from([UNICODE, ASCII]),
)
def test_no_line_is_wider_than_asked(
    stuck: list[QueueRow], benches: list[BenchRow], text: str, width: int, signs: Signs
) -> None:
    """Whatever orders, stations and people are called, every line fits."""
    board = replace(
        BUSY,
        stuck=tuple(stuck),
        benches=tuple(benches),
        told=(Told(text, "pending", 10**9, NOW),),
        refused=(Refusal(text, 1, text, text, NOW),),
        proposals=(Proposal(text, text, text, text, text, text, NOW),),
    )
    lines = page(board, NOW, width, signs).split("\n")
    assert max(map(width_of, lines)) <= width


@given(TEXTS, st.integers(0, 40))
def test_a_cut_text_has_its_width(text: str, width: int) -> None:
    """A text is cut to at most its cells, and filled to exactly as many."""
    assert width_of(cut(text, width)) <= width
    assert width_of(fit(text, width)) == width
    if width_of(text) <= width:
        assert cut(text, width) == text


def test_wide_signs_take_two_cells() -> None:
    """Two Japanese signs fill four cells, an accent none."""
    assert (width_of("東京"), width_of("é")) == (4, 1)
    assert cut("東京都", 4) == "東…"


def test_everything_that_waits_has_its_kind_and_subject() -> None:
    """Each need names what it is about, for whoever acts on it."""
    found = needs(BUSY, NOW)
    assert [need.kind for need in found] == list(NeedKind)
    assert [need.about for need in found] == [
        *(one.order_id for one in BUSY.stuck),
        BUSY.refused[0].order_id,
        BUSY.proposals[0].code,
    ]
    kinds = {NeedKind.REFUSED: Refusal, NeedKind.BARCODE: Proposal}
    assert all(isinstance(need.subject, kinds.get(need.kind, QueueRow)) for need in found)


def test_a_viewer_reads_no_name_and_no_typed_word() -> None:
    """The page of a viewer has neither packers, nor reasons, nor what was scanned."""
    text = page(BUSY.for_viewers(), NOW)
    hidden = ("Ana", "Bo", "short: BLUE MUG", "the buyer asked", "no such tracking", "4006381")
    assert not [words for words in hidden if words in text]
    assert "at bench-1" in text


def test_without_a_rate_nothing_is_foretold() -> None:
    """While too few orders have left, only what is late counts."""
    ahead = outlook(replace(BUSY, done=()), NOW)
    assert (ahead.rate, ahead.misses, ahead.will_miss) == (None, (0, 0, 0), 3)
    assert board_words.late_words(replace(BUSY, done=()), ahead) == "3 OVERDUE"


def test_the_trend_ends_now() -> None:
    """The newest orders are the last sign, the highest is full, and a day ago is not there."""
    done = [(at(-3), 8), (at(-63), 1), (at(-1500), 90)]
    told = trend(done, NOW, 144)
    assert len(told) == 144
    assert told[-1] == "█"
    assert told[-7] == "▁"
    assert set(told[:-7] + told[-6:-1]) == {" "}
    assert [len(trend(done, NOW, width)) for width in (78, 50, 24, 8)] == [72, 48, 24, 6]


def test_ages_go_in_steps() -> None:
    """Two looks within ten seconds of each other mostly read the same."""
    told = {board_words.span(seconds) for seconds in range(60)}
    assert told == {"now", "10 s", "20 s", "30 s", "40 s", "50 s"}
    assert board_words.age(at(5), NOW) == "now"


@pytest.mark.parametrize("word", ["DUE", "BENCH", "NEEDS YOU", "NOT ACCEPTED YET"])
def test_every_section_has_its_head(word: str) -> None:
    """Every part has its head."""
    assert f"\n{word}" in page(BUSY, NOW) or f"\n {word}" in page(BUSY, NOW)
