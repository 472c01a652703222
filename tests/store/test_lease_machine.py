"""Leases under every order of events: a Hypothesis state machine against one SQLite store."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from contextlib import suppress
from dataclasses import replace
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
from sqlalchemy import select
from store.conftest import check_tallies
from store.samples import MIDNIGHT, NOON, Bench, Clock, moved, order, put, state_of

from station.errors import StoreRefused
from station.model import Entry, Lease, OrderState, StopKind
from station.store import entries, standing
from station.store.records import HELD_STATES
from station.store.schema import orders
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Connection

    from station.store.records import AnyRow
    from station.store.standing import Standing
    from station.store.tallies import Moves

ORDERS = ("111-0", "111-1", "111-2")
STATIONS = ("bench-1", "bench-2")
SPAN = (NOON.replace(year=2025), NOON)
_FOLDER = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None

PACKERS = ("Ana", "Bo")

stations = st.sampled_from(STATIONS)
packers = st.sampled_from(PACKERS)
order_ids = st.sampled_from(ORDERS)
work = st.sampled_from([None, OrderState.PACKING, OrderState.PACKED])
release = st.sampled_from([OrderState.WAITING, OrderState.PROBLEM])


class Leases(RuleBasedStateMachine):
    """Two stations, three orders, a clock, and leases that are kept for ever."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.mkdtemp(prefix="machine-", dir=_FOLDER)
        path = shutil.copy(self.template, self.folder)
        self.clock = Clock()
        self.store = SqlOrderStore.open(f"sqlite:///{path}", clock=self.clock)
        self.benches = {name: Bench(self.store, name) for name in STATIONS}
        self.leases: dict[str, list[Lease]] = {name: [] for name in STATIONS}
        self.sent: dict[str, list[Entry]] = {name: [] for name in STATIONS}
        self.fences: Counter[str] = Counter()
        self.shipped: Counter[str] = Counter()
        self.halted: dict[str, OrderState] = {}
        """What a person said last about orders that have not left."""
        put(self.store, *(order(name) for name in ORDERS))

    def teardown(self) -> None:
        """Remove the store."""
        self.store.close()
        shutil.rmtree(self.folder)

    def _leased(self, station: str, lease: Lease) -> None:
        name = lease.order.order_id
        assert lease.fence >= self.fences[name]
        known = [old for old in self.leases[station] if old.fence == lease.fence]
        if lease.fence == self.fences[name]:
            # A fence is given again only to the station that has it.
            assert any(old.order.order_id == name for old in known)
        self.fences[name] = lease.fence
        self.leases[station].append(lease)

    @rule(station=stations, packer=packers)
    def claim(self, station: str, packer: str) -> None:
        """Claim the most urgent; the packer signs in there."""
        self.benches[station].packer = packer
        lease = self.store.claim(station, packer)
        if lease is not None:
            assert lease.order.order_id not in self.halted
            self._leased(station, lease)

    @rule(station=stations, order_id=order_ids)
    def claim_named(self, station: str, order_id: str) -> None:
        """Claim one order, which may be on the other bench, if it is to be had."""
        bench = self.benches[station]
        row = self._row(order_id)
        try:
            lease = bench.claim(order_id)
        except StoreRefused:
            assert state_of(self.store, order_id) is not OrderState.WAITING
            return
        self._leased(station, lease)
        if row.station != station:
            assert order_id not in self.halted
        if row.state in HELD_STATES and row.station != station:
            self._taken_over(row, lease)

    def _taken_over(self, row: AnyRow, lease: Lease) -> None:
        name = lease.order.order_id
        assert row.packer in PACKERS
        assert lease.fence > row.fence
        assert self._row(name).base_fence == row.base_fence
        told = self.store.stops(row.station)
        assert any(s.order_id == name and s.kind == StopKind.TAKEN_OVER for s in told)
        sent = {(e.fence, e.at, e.seq) for entries_ in self.sent.values() for e in entries_}
        assert all((e.fence, e.at, e.seq) in sent for e in lease.entries)
        assert all(row.base_fence <= e.fence <= row.fence for e in lease.entries)

    def _row(self, order_id: str) -> AnyRow:
        with self.store._database.read() as connection:
            return connection.execute(select(orders).where(orders.c.order_id == order_id)).one()

    @rule(seconds=st.sampled_from([1, 300, 601, -300]))
    def pass_time(self, seconds: int) -> None:
        """Move the store's clock."""
        self.clock.move(seconds)

    @rule(station=stations)
    def renew(self, station: str) -> None:
        """Renew everything a station ever had."""
        held = self.store.renew(station, list(ORDERS))
        mine = {(lease.order.order_id, lease.fence) for lease in self.leases[station]}
        assert set(held.items()) <= mine
        assert all(self.fences[name] <= fence for name, fence in held.items())

    def _send(self, station: str, entry: Entry) -> bool:
        self.sent[station].append(entry)
        applied = self.store.apply(station, [entry])
        assert applied.upto == entry.seq
        old = entry.fence < self.fences[entry.order_id]
        good = not applied.conflicts
        assert not (old and good) or (entry.kind == "stopped" and entry.state is None)
        return good

    @precondition(lambda self: any(self.leases.values()))
    @rule(data=st.data(), state=work | release)
    def tell(self, data: st.DataObject, state: OrderState | None) -> None:
        """Tell something about an order under any lease that a station ever had."""
        station, lease = self._any_lease(data)
        self._send(station, self.benches[station].entry(lease, state))

    @precondition(lambda self: any(self.leases.values()))
    @rule(data=st.data())
    def ship(self, data: st.DataObject) -> None:
        """Ship the package of any lease that a station ever had."""
        station, lease = self._any_lease(data)
        good = self._send(station, self.benches[station].shipped(lease))
        self.shipped[lease.order.order_id] += good
        if good:
            self.halted.pop(lease.order.order_id, None)

    @rule(station=stations)
    def send_again(self, station: str) -> None:
        """Send the whole journal again."""
        before = self.store.counts(NOON, MIDNIGHT)
        self.store.apply(station, self.sent[station])
        assert self.store.counts(NOON, MIDNIGHT) == before

    @rule(order_id=order_ids, change=st.booleans())
    def import_again(self, order_id: str, change: bool) -> None:
        """Import an order, with another address or with the first one."""
        put(self.store, moved(order(order_id)) if change else order(order_id))

    @rule(listed=st.sets(order_ids))
    def check_missing(self, listed: set[str]) -> None:
        """Read a full report that lists some of the orders."""
        self.store.check_missing("amazon", listed, *SPAN)

    def _any_lease(self, data: st.DataObject) -> tuple[str, Lease]:
        every = [(name, lease) for name in STATIONS for lease in self.leases[name]]
        return data.draw(st.sampled_from(every))

    @invariant()
    def each_order_ships_once(self) -> None:
        """An order is shipped at most once, and has one line when it is."""
        counts = self.store.counts(NOON, MIDNIGHT)
        assert max(self.shipped.values(), default=0) <= 1
        assert counts.confirmations["pending"] == self.shipped.total()
        assert counts.states[OrderState.SHIPPED] == self.shipped.total()

    @invariant()
    def the_counts_are_true(self) -> None:
        """The tallies are the counts of the rows."""
        check_tallies(self.store)


class Floor(Leases):
    """The same with a person who holds and cancels, and benches that do as they are told."""

    @rule(order_id=order_ids, state=st.sampled_from([OrderState.HELD, OrderState.CANCELLED]))
    def halt(self, order_id: str, state: OrderState) -> None:
        """Hold or cancel an order that has not left."""
        before = state_of(self.store, order_id)
        try:
            on_bench = self.store.halt(order_id, state, "called")
        except StoreRefused:
            final = {OrderState.SHIPPED, OrderState.CANCELLED}
            assert before in final or self.halted[order_id] is OrderState.CANCELLED
            return
        self.halted[order_id] = state
        assert on_bench == (before in HELD_STATES)
        assert state_of(self.store, order_id) is (before if on_bench else state)

    @rule(order_id=order_ids)
    def resolve(self, order_id: str) -> None:
        """Take back a hold, or let a problem go."""
        with suppress(StoreRefused):
            self.store.resolve(order_id, OrderState.WAITING)
            assert self.halted.pop(order_id, None) is not OrderState.CANCELLED

    @rule(station=stations)
    def stop(self, station: str) -> None:
        """Let a bench do as it is told."""
        for told in self.store.stops(station):
            mine = [n for n in self.leases[station] if n.order.order_id == told.order_id]
            goes = told.kind in {StopKind.TAKEN_OVER, StopKind.LOST}
            state = None if goes else OrderState.WAITING
            entry = replace(self.benches[station].entry(mine[-1], state), kind="stopped")
            self._send(station, entry)
            self.store.answer_stop(told.stop_id)
        assert not self.store.stops(station)

    @invariant()
    def a_person_s_word_counts(self) -> None:
        """What was held or cancelled waits for nobody, and a cancelled order stays so."""
        for name, said in self.halted.items():
            state = state_of(self.store, name)
            assert state in HELD_STATES | {said, OrderState.PROBLEM}
            if said is OrderState.CANCELLED:
                assert state is not OrderState.PROBLEM


def _run(machine: type[Leases], template: Path, examples: int, **how: Any) -> None:
    class OneStore(machine):  # type: ignore[misc, valid-type]  # a class is a value here
        pass

    OneStore.template = template
    run_state_machine_as_test(
        OneStore,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            database=None,
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
            **how,
        ),
    )


def test_leases_hold_under_every_order_of_events(sqlite_template: Path) -> None:
    """No order of claims, takeovers, lapses, halts and imports ships twice or lowers a fence."""
    _run(Floor, sqlite_template, 15)


def test_without_fences_the_machine_fails(
    sqlite_template: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same events break the rules when a store takes work whatever its fence."""

    def take(
        connection: Connection, known: Standing, station: str, entry: Entry, moves: Moves
    ) -> bool:
        known.station = station
        return standing.take(connection, known, station, replace(entry, fence=known.fence), moves)

    monkeypatch.setattr(entries, "take", take)
    with pytest.raises(AssertionError):
        _run(Leases, sqlite_template, 400, derandomize=True, phases=[Phase.generate])
