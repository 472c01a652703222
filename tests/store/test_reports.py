"""What a report of a day is made of, in both databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.audit_lines import write
from store.samples import MIDNIGHT, NOON, Bench, Clock, item, order, put

if TYPE_CHECKING:
    from station.store.sql import SqlOrderStore

DAY = int(MIDNIGHT.timestamp()) - 86_400, int(MIDNIGHT.timestamp())


def test_a_day_is_counted_from_what_left(sql_store: SqlOrderStore) -> None:
    """Packages with their units, packers and deadlines; wrong scans by who made them."""
    late = order("111-2", item(), item("i2", 2, "SPOON"), due_h=-1)
    put(sql_store, order("111-1"), late, order("111-3"))
    ana, bo = Bench(sql_store), Bench(sql_store, "bench-2", "Bo")
    first, second = ana.claim("111-1"), bo.claim("111-2")
    ana.tell(first, None, verdict="RIGHT", text='"verdict": "WRONG"')
    for _ in range(2):
        bo.tell(second, None, verdict="WRONG")
    ana.ship(first)
    bo.ship(second, "1Z2")

    facts = sql_store.facts(*DAY)

    noon = int(NOON.timestamp())
    told = [(p.order_id, p.packer, p.units, p.shipped - noon) for p in facts.parcels]
    assert told == [("111-1", "Ana", 1, 2), ("111-2", "Bo", 3, 3)]
    assert [p.shipped > p.ship_by for p in facts.parcels] == [False, True]
    assert facts.wrong == {"Bo": 2}


def test_a_day_ends_at_midnight(sql_store: SqlOrderStore, clock: Clock) -> None:
    """What happened at midnight belongs to the next day alone; the head is the newest of all."""
    write(sql_store, 2)
    clock.now = DAY[1] - 1
    write(sql_store, 1)
    clock.now = DAY[1]
    head = write(sql_store, 1)

    days = [sql_store.facts(start, start + 86_400) for start in (DAY[0], DAY[1])]

    assert [len(day.lines) for day in days] == [3, 1]
    assert {day.head for day in days} == {head}
    assert days[1].lines[0].at == DAY[1]
