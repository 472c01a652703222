"""How the board's sections share the rows of a terminal; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from station.model import QueueRow
    from station.overview import BenchRow, Proposal, Refusal

    About = QueueRow | BenchRow | Refusal | Proposal


LEADING = 3
"""Sections that get room before the others: what is due, who needs a decision, the benches."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a section."""

    key: str
    """The same as long as it is about the same thing; empty: the cursor passes over it."""
    text: str
    tone: str = ""
    """late, bad, mute, or nothing."""
    about: About | None = None
    """What can be decided about, if anything."""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under one title."""

    name: str
    note: str = ""
    """At the right end of the title."""
    rows: tuple[Row, ...] = ()
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One section with the rows of it that are in sight."""

    section: Section
    first: int
    rows: tuple[Row, ...]

    @property
    def hidden(self) -> str:
        """Which rows are in sight, where not all are."""
        whole, seen = len(self.section.rows), len(self.rows)
        return f"{self.first + 1}–{self.first + seen} of {whole}" if seen < whole else ""


def lay_out(
    sections: Sequence[Section], height: int, chosen: str, firsts: Mapping[str, int]
) -> tuple[Shown, ...]:
    """Return what is in sight: a title and at least a row of each section.

    Args:
        sections: All of them, the most important first.
        height: Rows of the terminal that they share.
        chosen: Key of the row under the cursor, which is always in sight.
        firsts: Name → first row that was in sight, so that nothing moves without need.
    """
    counts = _shares([len(each.rows) for each in sections], height - len(sections))
    return tuple(
        _window(section, count, chosen, firsts.get(section.name, 0))
        for section, count in zip(sections, counts, strict=True)
    )


def _shares(wanted: Sequence[int], room: int) -> list[int]:
    """Give each section a row, then the leading ones what they want, then the others."""
    given = [0] * len(wanted)
    everyone = range(len(wanted))
    for places, turns in ((everyone, 1), (everyone[:LEADING], room), (everyone, room)):
        for _ in range(turns):
            before = room
            for place in places:
                if given[place] < wanted[place] and room > 0:
                    given[place] += 1
                    room -= 1
            if room == before:
                break
    return given


def _window(section: Section, count: int, chosen: str, first: int) -> Shown:
    keys = [row.key for row in section.rows]
    first = max(0, min(first, len(keys) - count))
    if chosen and chosen in keys and count:
        place = keys.index(chosen)
        first = max(place - count + 1, min(first, place))
    return Shown(section, first, section.rows[first : first + count])
