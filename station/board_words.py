"""The board in words: what `station board --once` prints and the supervisor's screen shows; pure.

Every line fits its width in cells of a terminal. Ages go in steps, so that an unchanged floor
reads the same for a while.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from station import forecast, wording
from station.cells import UNICODE, Signs, cut, fit, width_of
from station.model import OrderState
from station.text import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from station.model import QueueRow
    from station.overview import BenchRow, Board, Hour, Proposal, Refusal

WIDTH = 80
_LABEL, _COUNT, _BY = 9, 6, 25
_FULL = 10
"""Orders that fill a bar where no hour has more."""
_DAY = timedelta(hours=24)
_WHOLE = 80
"""Cells of a printer's words where there is room for all of them."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is foretold of a board at one moment."""

    rate: float | None
    """Orders an hour; None while too few have left to tell."""
    misses: tuple[int, ...]
    """Of each hour of the board, how many will miss."""
    will_miss: int
    """All that leave too late, the overdue ones among them."""


def outlook(board: Board, now: datetime) -> Outlook:
    """Return what will happen if all goes on at the present rate."""
    rate = forecast.rate(board.done, now)
    missed = forecast.misses(board.overdue, board.hours, rate, now)
    return Outlook(rate, missed, board.overdue + sum(missed))


def age(then: datetime, now: datetime) -> str:
    """Return how long ago something was, in steps of 10 s, then of minutes, hours and days.

    >>> noon = datetime(2026, 1, 1, 12, tzinfo=UTC)
    >>> [age(noon - timedelta(seconds=s), noon) for s in (3, 47, 150, 7300, 200_000)]
    ['now', '40 s', '2 min', '2 h', '2 d']
    """
    return span(int((now - then).total_seconds()))


def span(seconds: int) -> str:
    """Return a length of time in steps of 10 s, then of minutes, hours and days."""
    if seconds < 10:
        return "now"
    for size, word in ((86400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size * (2 if word == "d" else 1):
            return f"{seconds // size} {word}"
    return f"{seconds // 10 * 10} s"


# — what is due —
def late_words(board: Board, ahead: Outlook) -> str:
    """Return the biggest thing on the board: what is late and what will be."""
    if ahead.will_miss > board.overdue:
        return f"{board.overdue} OVERDUE, {ahead.will_miss - board.overdue} MORE WILL MISS"
    if board.overdue:
        return f"{board.overdue} OVERDUE"
    return "NOTHING IS LATE"


def rate_words(ahead: Outlook) -> str:
    """Return how fast orders leave."""
    return "no rate yet" if ahead.rate is None else f"{ahead.rate:.0f} an hour leave"


def state_words(board: Board) -> str:
    """Return how many orders are in each state that has any."""
    counted = ((state, board.states.get(state, 0)) for state in OrderState)
    return ", ".join(f"{n} {state.value}" for state, n in counted if n) or "no orders"


def due_lines(
    board: Board, now: datetime, ahead: Outlook, width: int = WIDTH, signs: Signs = UNICODE
) -> tuple[str, ...]:
    """Return a line for what is overdue, for each hour until the day's end, and for later ones.

    The part of a bar that will miss has another sign.
    """
    longest = max((board.overdue, *(hour.waiting for hour in board.hours), _FULL))
    rows = [_due("overdue", board.overdue, board.overdue, "LATE", longest, width, signs)]
    for hour, missed in zip(board.hours, ahead.misses, strict=True):
        words = _by(hour, missed, now)
        start = wording.clock(hour.start)
        rows.append(_due(start, hour.waiting, missed, words, longest, width, signs))
    if board.later:
        rows.append(cut(f" {'later':<{_LABEL}}{board.later:>{_COUNT}}", width, signs))
    return tuple(rows if board.overdue else rows[1:]) or (cut(" nothing is due", width, signs),)


def _by(hour: Hour, missed: int, now: datetime) -> str:
    first = f"first {wording.clock(max(hour.deadline, now))}"
    return f"{first}  {missed} will miss" if missed else first


def _due(
    label: str, n: int, missed: int, words: str, longest: int, width: int, signs: Signs
) -> str:
    room = max(0, width - 1 - _LABEL - _COUNT - 2 - 1 - _BY)
    whole = -(-n * room // longest) if n else 0
    bad = -(-missed * room // longest) if missed else 0
    bar = signs.bar * (whole - min(bad, whole)) + signs.missed * min(bad, whole)
    return cut(f" {label:<{_LABEL}}{n:>{_COUNT}}  {bar:<{room}} {words}".rstrip(), width, signs)


# — the benches —
BENCH_HEAD = f" {'BENCH':<13}{'PACKER':<13}{'ORDER':<21}{'UNITS':>7} {'SCAN':>7}  STATE"


def bench_line(row: BenchRow, now: datetime, width: int = WIDTH, signs: Signs = UNICODE) -> str:
    """Return a station, who packs there, what, how far, and how it is."""
    pulse = row.pulse
    units = f"{pulse.done}/{pulse.units}" if pulse.order_id else ""
    scan = age(pulse.scanned, now) if pulse.scanned else ""
    names = (
        fit(row.station, 12, signs),
        fit(pulse.packer, 12, signs),
        fit(pulse.order_id, 20, signs),
    )
    line = f" {' '.join(names)} {units:>7} {scan:>7}  "
    line += bench_state(row, now, max(0, width - width_of(line)))
    return cut(line.rstrip(), width, signs)


def bench_state(row: BenchRow, now: datetime, room: int = _WHOLE) -> str:
    """Return what is wrong with a station, the worst first; ok for nothing.

    Of printers only what fits into so many cells is told, and how many more there are.
    """
    pulse, words = row.pulse, []
    if row.silent and not (pulse.packer or pulse.order_id or pulse.backlog):
        return f"closed {age(row.seen, now)}"
    if row.silent:
        words.append(f"SILENT {age(row.seen, now)}")
    if pulse.backlog:
        words.append(f"{pulse.backlog} unsent")
    if pulse.printer not in {"", "ok"}:
        taken = sum(width_of(word) + 2 for word in words)
        words.append(printers_cut(plain(pulse.printer, _WHOLE), room - taken))
    return ", ".join(words) or "ok"


def printers_cut(words: str, room: int) -> str:
    """Return the printers that are not well in so many cells, without stand-ins if need be.

    >>> printers_cut("main: paper out → spare; office: not reachable", 20)
    'main: paper out +1'
    >>> printers_cut("main: paper out → spare; office: not reachable", 15)
    'see 2 printers'
    """
    if width_of(words) <= room:
        return words
    each = [one.partition(" → ")[0] for one in words.split("; ")]
    for count in range(len(each), 0, -1):
        rest = f" +{len(each) - count}" if count < len(each) else ""
        if width_of(text := "; ".join(each[:count]) + rest) <= room:
            return text
    return f"see {len(each)} printers" if len(each) > 1 else each[0]


# — what needs the supervisor —
class NeedKind(StrEnum):
    """Why a line of the board waits for a person."""

    PROBLEM = "problem"
    HELD = "held"
    CANCELLED = "cancelled"
    """Cancelled, and still on a bench."""
    SILENT = "silent"
    """Packed at a station that is not heard of."""
    REFUSED = "refused"
    """A confirmation that the channel refused."""
    BARCODE = "barcode"
    """A packer proposed a barcode."""


@dataclass(frozen=True, slots=True)
class Need:
    """One thing that waits for a person."""

    kind: NeedKind
    subject: QueueRow | Refusal | Proposal
    about: str
    """The order, or the barcode."""
    words: str


_KINDS = {
    OrderState.PROBLEM: NeedKind.PROBLEM,
    OrderState.HELD: NeedKind.HELD,
    OrderState.CANCELLED: NeedKind.CANCELLED,
}


def needs(board: Board, now: datetime) -> tuple[Need, ...]:
    """Return everything that waits for a person: orders, then confirmations, then barcodes."""
    stuck = (_stuck(row, now) for row in board.stuck)
    refused = (_refused(one) for one in board.refused)
    return (*stuck, *refused, *map(_proposed, board.proposals))


def _stuck(row: QueueRow, now: datetime) -> Need:
    kind = _KINDS.get(row.state, NeedKind.SILENT)
    due = wording.due_in(row.ship_by, now)
    due = due if due.startswith("LATE") else f"due {due}"
    return Need(kind, row, row.order_id, f"{due}  {row.holder}".rstrip())


def _refused(one: Refusal) -> Need:
    package = f" package {one.package}" if one.package != 1 else ""
    words = f"{one.channel}{package}: {one.reason}".rstrip(": ")
    return Need(NeedKind.REFUSED, one, one.order_id, words)


def _proposed(one: Proposal) -> Need:
    who = f" ({one.packer} at {one.station})" if one.packer else f" (at {one.station})"
    return Need(NeedKind.BARCODE, one, one.code, f"is it {one.sku}? {one.title}{who}")


def need_line(need: Need, width: int = WIDTH, signs: Signs = UNICODE) -> str:
    """Return one thing that waits for a person."""
    about = fit(need.about, 20, signs)
    return cut(f" {need.kind.upper():<10}{about}  {need.words}", width, signs)


# — what the channels have not accepted —
def told_lines(
    board: Board, now: datetime, width: int = WIDTH, signs: Signs = UNICODE
) -> tuple[str, ...]:
    """Return a line for each channel and state of confirmations that it has not accepted."""
    return tuple(
        cut(
            f" {fit(one.channel, 13, signs)} {one.lines:>6} {one.state:<9}"
            f" oldest {age(one.oldest, now)}",
            width,
            signs,
        )
        for one in board.told
    ) or (" everything is told",)


# — the day's trend —
def trend(
    done: Sequence[tuple[datetime, int]], now: datetime, width: int, signs: Signs = UNICODE
) -> str:
    """Return the last 24 hours of orders that left as a row of bars, the newest at the right."""
    step = trend_step(width)
    end = _ceiling(now, step)
    columns = [0] * int(_DAY / step)
    for start, n in done:
        place = int((start - (end - _DAY)) / step)
        if 0 <= place < len(columns):
            columns[place] += n
    most = max((*columns, 1))
    levels = len(signs.levels)
    return "".join(signs.levels[-(-n * levels // most) - 1] if n > 0 else " " for n in columns)


def trend_step(width: int) -> timedelta:
    """Return the time of one sign of the trend: as short as a row of that width allows."""
    steps = (timedelta(minutes=m) for m in (10, 20, 30, 60, 120, 240))
    return next((step for step in steps if _DAY / step <= width), timedelta(hours=8))


def trend_scale(now: datetime, width: int) -> str:
    """Return the local hours under a trend, each below its bar."""
    step = trend_step(width)
    begin = _ceiling(now, step) - _DAY
    row, place = "", 0
    every = max(1, -(-6 // int(_DAY / step / 24) if step <= timedelta(hours=1) else 6))
    for column in range(int(_DAY / step)):
        at = (begin + column * step).astimezone()
        if at.minute == 0 and at.hour % every == 0 and column >= place:
            row = f"{row:<{column}}{at:%H}"
            place = len(row) + 1
    return row[:width]


def _ceiling(now: datetime, step: timedelta) -> datetime:
    seconds = int(step.total_seconds())
    return datetime.fromtimestamp((now.timestamp() // seconds + 1) * seconds, UTC)


def trend_words(board: Board) -> str:
    """Return how many orders left in the last 24 hours."""
    return f"{sum(n for _start, n in board.done)} left in 24 h"


# — the whole page —
def page(board: Board, now: datetime, width: int = WIDTH, signs: Signs = UNICODE) -> str:
    """Return the whole board as text."""
    ahead = outlook(board, now)
    sections = (
        _head(board, now, ahead),
        ("DUE", *due_lines(board, now, ahead, width, signs)),
        _benches(board, now, width, signs),
        _needs(board, now, width, signs),
        ("NOT ACCEPTED YET", *told_lines(board, now, width, signs)),
        (
            f"LEFT THE BENCHES  {trend_words(board)}",
            " " + trend(board.done, now, width - 2, signs),
            " " + trend_scale(now, width - 2),
        ),
    )
    lines = [line.rstrip() for section in sections for line in ("", *section)]
    # Cut at last: a terminal that cannot show a sign may show a wider one.
    return "\n".join(cut(signs.told(line), width, signs) for line in lines[1:])


def _head(board: Board, now: datetime, ahead: Outlook) -> tuple[str, ...]:
    first = f"BOARD {wording.clock(now)}  {late_words(board, ahead)}"
    return first, f"{rate_words(ahead)}; {state_words(board)}"


def _benches(board: Board, now: datetime, width: int, signs: Signs) -> tuple[str, ...]:
    if not board.benches:
        return ("BENCHES", " none was heard of in 24 h")
    return (BENCH_HEAD, *(bench_line(row, now, width, signs) for row in board.benches))


def _needs(board: Board, now: datetime, width: int, signs: Signs) -> tuple[str, ...]:
    waiting = needs(board, now)
    if not waiting:
        return ("NEEDS YOU", " nothing")
    return ("NEEDS YOU", *(need_line(need, width, signs) for need in waiting))
