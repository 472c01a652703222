"""The report of a day as text of at most 80 columns; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from station.cells import UNICODE, Signs, cut, fit, width_of
from station.text import plain
from station.verbs.day import WRONG_PIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from station.store.reports import AuditLine
    from station.verbs.day import Day

_WIDTH = 80
_BAR = 50
_ASIDE = " " * 11


def lines(day: Day, signs: Signs = UNICODE) -> Iterator[str]:
    """Yield the report line by line; the last one is the newest line of the audit log."""
    for line in _lines(day, signs):
        yield signs.told(cut(line, _WIDTH, signs))


def _lines(day: Day, signs: Signs) -> Iterator[str]:
    yield f"{day.day:%Y-%m-%d}"
    yield ""
    if day.is_whole:
        yield from _left(day, signs)
    else:
        yield "Orders, packers and scans stand in the store: run this on its machine for them."
    yield ""
    yield from _audit(day)
    yield f"audit {day.head.seq}:{day.head.hash}" if day.head.seq else "audit: nothing yet"


def _left(day: Day, signs: Signs) -> Iterator[str]:
    units = sum(parcel.units for parcel in day.parcels)
    told = (_so_many(day.orders, "order"), _so_many(len(day.parcels), "package"))
    yield f"shipped    {', '.join((*told, _so_many(units, 'unit')))}"
    yield f"late       {len(day.late)} left after their ship-by"
    for parcel in day.late:
        when = f"{day.local(parcel.shipped):%H:%M}, due {day.local(parcel.ship_by):%m-%d %H:%M}"
        yield f"{_ASIDE}{fit(plain(parcel.order_id), 22)} {when}  {cut(plain(parcel.packer), 20)}"
    kinds = day.kinds
    yield f"labels     {kinds.get('reprinted', 0)} reprinted, {kinds.get('voided', 0)} void"
    most = max(day.hours.values(), default=1)
    for hour, n in day.hours.items():
        yield f"{hour}:00      {n:>5}  {signs.bar * max(1, n * _BAR // most)}"
    for name, packed in day.packers.items():
        did = (
            f"{len(packed.orders):>5} orders {packed.units:>6} units {packed.wrong:>5} wrong scans"
        )
        yield f"{fit(plain(name) or '(nobody)', 34)}{did}"


def _so_many(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _audit(day: Day) -> Iterator[str]:
    yield f"decided    {len(day.acts)}, wrong PINs {day.others.get(WRONG_PIN, 0)}"
    others = (f"{n} {plain(act, 30)}" for act, n in day.others.items() if act != WRONG_PIN)
    if told := ", ".join(others):
        yield from _wrapped(f"also       {told}")
    for line in day.acts:
        yield from _act(day, line)


def _act(day: Day, line: AuditLine) -> Iterator[str]:
    where = f", {plain(line.station, 40)}" if line.station else ""
    words = f"{plain(line.act, 30)} {plain(line.order_id, 60)}".rstrip()
    who = f"{plain(line.who, 40)} ({plain(line.role, 20)}{where})"
    yield from _wrapped(f"{day.local(line.at):%H:%M:%S}   {words}: {who}: {plain(line.reason)}")


def _wrapped(text: str) -> Iterator[str]:
    """Yield text in lines of 80 columns, all but the first set in."""
    line = ""
    for word in text.split(" "):
        longer = f"{line} {word}" if line else word
        if width_of(longer) > _WIDTH and line.strip():
            yield line
            longer = f"{_ASIDE}{cut(word, _WIDTH - len(_ASIDE))}"
        line = longer
    yield cut(line, _WIDTH)
