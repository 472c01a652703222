"""What stands on the board, section by section, in so many cells; pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from station import board_words as words
from station.screens.board_layout import Row, Section

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from station.board_words import Need, Outlook
    from station.overview import BenchRow, Board

BARS = "▁▂▃▄▅▆▇█"
MAX_CHART = 8
"""Rows of the day's chart at most."""
WIDE = 100
"""Cells in which the head of the benches has room for a note."""
DAY = timedelta(hours=24)


def sections(board: Board, now: datetime, width: int, height: int) -> tuple[Section, ...]:
    """Return all sections, in the order of the screen; the chart takes the room that is left."""
    ahead = words.outlook(board, now)
    above = (
        _due(board, now, ahead, width),
        _needs(board, now, width),
        _benches(board, now, width),
        _told(board, now, width),
    )
    left = height - sum(1 + len(section.rows) for section in above) - 2
    return *above, _trend(board, now, width, max(1, min(MAX_CHART, left)))


def _due(board: Board, now: datetime, ahead: Outlook, width: int) -> Section:
    late = [True] if board.overdue else []
    late += [bool(missed) for missed in ahead.misses]
    names = ["now"] if board.overdue else []
    names += [hour.start.isoformat() for hour in board.hours]
    names += ["later"] if board.later else []
    lines = words.due_lines(board, now, ahead, width)
    rows = tuple(
        Row(f"due:{name}", line, "late" if is_late else "")
        for name, line, is_late in zip(names, lines, [*late, False], strict=False)
    )
    return Section("DUE", f"{board.today} today, {board.later} later" if rows else "nothing", rows)


def _needs(board: Board, now: datetime, width: int) -> Section:
    rows = tuple(
        Row(_key(need), words.need_line(need, width), "bad", need.subject)
        for need in words.needs(board, now)
    )
    return Section("NEEDS YOU", f"{len(rows)}" if rows else "nothing", rows)


def _key(need: Need) -> str:
    """Return a name for what is decided, which no other row has."""
    one = need.subject
    package = getattr(one, "package", "")
    return f"need:{need.kind}:{one.order_id}:{package}:{getattr(one, 'channel', '')}:{need.about}"


def _benches(board: Board, now: datetime, width: int) -> Section:
    rows = tuple(
        Row(f"bench:{row.station}", words.bench_line(row, now, width), _tone(row, now), row)
        for row in board.benches
    )
    packing = sum(1 for row in board.benches if row.pulse.order_id)
    if not rows:
        return Section("BENCHES", "none was heard of in 24 h")
    note = f"{packing} of {len(rows)} packing"
    return Section(words.BENCH_HEAD.strip(), note if width > WIDE else "", rows)


def _tone(row: BenchRow, now: datetime) -> str:
    state = words.bench_state(row, now)
    if state == "ok":
        return ""
    return "mute" if state.startswith("closed") else "bad"


def _told(board: Board, now: datetime, width: int) -> Section:
    rows = tuple(
        Row(
            f"told:{one.channel}:{one.state}",
            line,
            "bad" if one.state in {"refused", "unknown"} else "",
        )
        for one, line in zip(board.told, words.told_lines(board, now, width), strict=False)
    )
    count = sum(one.lines for one in board.told)
    note = f"{count} confirmations" if rows else "everything is told"
    return Section("NOT ACCEPTED YET", note, rows)


def _trend(board: Board, now: datetime, width: int, chart_rows: int) -> Section:
    cells = width - 2
    if not board.done:
        return Section("LEFT THE BENCHES", words.trend_words(board))
    if chart_rows == 1:
        drawn = [words.trend(board.done, now, cells)]
    else:
        drawn = _chart(_columns(board.done, now, words.trend_step(cells)), chart_rows)
    drawn.append(words.trend_scale(now, cells))
    rows = tuple(Row("", f" {line}") for line in drawn)
    return Section("LEFT THE BENCHES", words.trend_words(board), rows)


def _columns(done: Sequence[tuple[datetime, int]], now: datetime, step: timedelta) -> list[int]:
    """Return the orders of each step of the last 24 hours, the newest last."""
    counts = [0] * int(DAY / step)
    end = (now.timestamp() // step.total_seconds() + 1) * step.total_seconds()
    for at, count in done:
        place = len(counts) - 1 - int((end - at.timestamp() - 1) // step.total_seconds())
        if 0 <= place < len(counts):
            counts[place] += count
    return counts


def _chart(columns: Sequence[int], rows: int) -> list[str]:
    best = max((*columns, 1))
    heights = [-(-count * rows * 8 // best) for count in columns]
    return [
        "".join(_sign(height - below * 8) for height in heights)
        for below in range(rows - 1, -1, -1)
    ]


def _sign(eighths: int) -> str:
    return " " if eighths <= 0 else BARS[min(8, eighths) - 1]
