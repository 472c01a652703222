"""A store restored from a backup of any moment, and stations with journals: Hypothesis."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select
from store.conftest import check_tallies
from store.samples import Clock, order, put, state_of
from store.seats import Keeper

from station.errors import StoreRefused
from station.model import Lease, OrderState
from station.store import entries, restoring
from station.store.schema import journal_entries
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from collections.abc import Iterable

ORDERS = ("111-0", "111-1", "111-2")
STATIONS = ("bench-1", "bench-2", "bench-3")
_FOLDER = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None

stations = st.sampled_from(STATIONS)
order_ids = st.sampled_from(ORDERS)


class Restores(RuleBasedStateMachine):
    """Three stations at one store, which loses what it heard since one of its backups."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="machine-", dir=_FOLDER))
        self.path = Path(shutil.copy(self.template, self.folder / "store.db"))
        self.clock = Clock()
        self.store = self._opened()
        self.keepers = {
            name: Keeper(self.store, name, packer)
            for name, packer in zip(STATIONS, ("Ana", "Ana", "Bo"), strict=True)
        }
        self.here = set(STATIONS)
        """Stations that have come since the store was restored."""
        self.leases: dict[str, list[Lease]] = {name: [] for name in STATIONS}
        self.fences: dict[tuple[str, int], str] = {}
        """To whom each fence of each order was given, in any life of the store."""
        self.serials: set[int] = set()
        self.shipped: set[str] = set()
        """Orders whose parcel was acknowledged in any life of the store."""
        self.backups: list[Path] = []
        for keeper in self.keepers.values():
            keeper.come()
        self.backup()
        put(self.store, *map(order, ORDERS))

    def _opened(self) -> SqlOrderStore:
        return SqlOrderStore.open(f"sqlite:///{self.path}", clock=self.clock)

    def teardown(self) -> None:
        """Let everybody come back, look once more, and remove the store."""
        try:
            self.everybody_comes_back()
        finally:
            self.store.close()
            shutil.rmtree(self.folder)

    # — the store —
    @rule()
    def backup(self) -> None:
        """Copy the file as it is now."""
        path = self.folder / f"backup-{len(self.backups)}.db"
        with closing(sqlite3.connect(self.path)) as whole, closing(sqlite3.connect(path)) as copy:
            whole.backup(copy)
        self.backups.append(path)

    @rule(data=st.data(), told=st.booleans())
    def restore(self, data: st.DataObject, told: bool) -> None:
        """Put a backup back; a person says so, or the first to come was told more than it knows."""
        self.store.close()
        for path in self.folder.glob("store.db*"):
            path.unlink()
        shutil.copy(data.draw(st.sampled_from(self.backups)), self.path)
        self.store = self._opened()
        self.here = set()
        behind = []
        for name, keeper in self.keepers.items():
            keeper.store, keeper.run = self.store, f"{keeper.run}'"
            if keeper.sent > self._upto(name):
                behind.append(name)
        if told or not behind:
            self.store.restored()
        else:
            self.come(data.draw(st.sampled_from(behind)))

    def _upto(self, station: str) -> int:
        known = select(func.coalesce(func.max(journal_entries.c.seq), 0)).where(
            journal_entries.c.station == station
        )
        with self.store._database.read() as connection:
            return int(connection.execute(known).scalar_one())

    @rule()
    def import_all(self) -> None:
        """Import the report again: orders that the store forgot come back."""
        put(self.store, *map(order, ORDERS))

    @rule(seconds=st.sampled_from([60, 601, 86_400]))
    def pass_time(self, seconds: int) -> None:
        """Let leases lapse."""
        self.clock.move(seconds)

    # — the stations —
    @rule(station=stations)
    def come(self, station: str) -> None:
        """Say hello."""
        self.keepers[station].come()
        self.here.add(station)

    @rule(station=stations, most=st.sampled_from([1, 2, 1000]))
    def deliver(self, station: str, most: int) -> None:
        """Send some of what waits."""
        if station in self.here:
            self._delivered(self.keepers[station], most)

    def _delivered(self, keeper: Keeper, most: int) -> None:
        sent = keeper.entries[keeper.sent : keeper.sent + most]
        bad = keeper.deliver(most).conflicts
        self.shipped |= {
            e.order_id for e in sent if e.state is OrderState.SHIPPED and e.seq not in bad
        }

    @rule(station=stations, order_id=st.none() | order_ids, opened=st.booleans())
    def claim(self, station: str, order_id: str | None, opened: bool) -> None:
        """Claim an order, or take it over; it is opened at once, or later, or never."""
        lease = self._claimed(station, order_id)
        if lease is not None and opened:
            self.keepers[station].entry(lease, None, kind="opened")

    @rule(station=stations)
    def pack(self, station: str) -> None:
        """Do all about the next order, as on any other day."""
        lease = self._claimed(station, None)
        if lease is not None:
            self._shipped(self.keepers[station], lease)
            self._delivered(self.keepers[station], 1000)

    def _claimed(self, station: str, order_id: str | None) -> Lease | None:
        if station not in self.here:
            return None
        try:
            lease = self.store.claim(station, self.keepers[station].packer, order_id=order_id)
        except StoreRefused:
            return None
        if lease is not None:
            self._given(station, lease)
        return lease

    def _given(self, station: str, lease: Lease) -> None:
        assert not self.store.awaited()
        name = lease.order.order_id
        assert name not in self.shipped
        assert self.fences.setdefault((name, lease.fence), station) == station
        self.leases[station].append(lease)

    @precondition(lambda self: any(self.leases.values()))
    @rule(data=st.data(), state=st.sampled_from([None, OrderState.PACKING, OrderState.WAITING]))
    def work(self, data: st.DataObject, state: OrderState | None) -> None:
        """Write down work under any lease that a station ever had, store or no store."""
        keeper, lease = self._any_lease(data)
        keeper.entry(lease, state)

    @precondition(lambda self: any(self.leases.values()))
    @rule(data=st.data())
    def ship(self, data: st.DataObject) -> None:
        """Write down that a parcel has left, with its label."""
        self._shipped(*self._any_lease(data))

    def _shipped(self, keeper: Keeper, lease: Lease) -> None:
        name = lease.order.order_id
        keeper.bought(lease, f"{name}/1/0", f"1Z{name}")
        keeper.shipped(lease, f"1Z{name}")

    def _any_lease(self, data: st.DataObject) -> tuple[Keeper, Lease]:
        every = [(name, lease) for name in STATIONS for lease in self.leases[name]]
        name, lease = data.draw(st.sampled_from(every))
        return self.keepers[name], lease

    @rule(station=stations, n=st.integers(1, 5))
    def reserve(self, station: str, n: int) -> None:
        """Take numbers for labels, when the store gives out orders again."""
        if station not in self.here or self.store.awaited():
            return
        first = self.store.serials(station, n)
        given = set(range(first, first + n))
        assert not given & self.serials
        self.serials |= given

    @rule()
    def everybody_comes_back(self) -> None:
        """All come and hand over everything, and the report is imported: nothing is forgotten."""
        for _ in range(2):
            for name, keeper in self.keepers.items():
                self.come(name)
                self._delivered(keeper, 1000)
        self.import_all()
        assert self.store.awaited() == ()
        for name in self.shipped:
            assert state_of(self.store, name) is OrderState.SHIPPED
            assert self.store.tracking_used(f"1Z{name}") == name

    # — always —
    @invariant()
    def each_order_left_once(self) -> None:
        """At most one entry that an order was shipped has its effect."""
        assert max(self._effects(), default=0) <= 1

    def _effects(self) -> Iterable[int]:
        counted = (
            select(func.count())
            .where(journal_entries.c.state == "shipped", ~journal_entries.c.conflict)
            .group_by(journal_entries.c.order_id)
        )
        with self.store._database.read() as connection:
            return list(connection.execute(counted).scalars())

    @invariant()
    def the_counts_are_true(self) -> None:
        """The tallies are the counts of the rows."""
        check_tallies(self.store)


def _run(template: Path, examples: int, **how: Any) -> None:
    class OneStore(Restores):
        pass

    OneStore.template = template
    run_state_machine_as_test(
        OneStore,
        settings=settings(
            max_examples=examples,
            stateful_step_count=30,
            deadline=None,
            database=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            **how,
        ),
    )


def test_nothing_is_lost_or_done_twice_whatever_the_backup(sqlite_template: Path) -> None:
    """What was acknowledged is there again, each parcel once, and no number is given twice."""
    _run(sqlite_template, 300 if os.environ.get("STATION_LONG") else 8)


@pytest.mark.parametrize("without", ["epoch", "adoption"])
def test_without_its_rules_a_restored_store_fails(
    sqlite_template: Path, monkeypatch: pytest.MonkeyPatch, without: str
) -> None:
    """The same events break the promise when one of the rules of restoring is missing."""
    if without == "epoch":
        monkeypatch.setattr(restoring, "rise", lambda _connection, _above, _comer=None: 1)
    else:
        monkeypatch.setattr(entries, "adopt", lambda *_: None)
    with pytest.raises(AssertionError):
        _run(sqlite_template, 100, derandomize=True, phases=[Phase.generate])
