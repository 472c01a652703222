"""Leases under every order of events, while a supervisor takes orders from benches and gives them.

The machine is that of `test_lease_machine`; only what a supervisor adds stands here.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis.stateful import initialize, rule
from store.samples import order, state_of
from store.test_lease_machine import Floor, _run, order_ids, stations

from station.acts import Act, ActKind
from station.errors import StoreRefused
from station.model import Lease, OrderState, StopKind
from station.store.records import HELD_STATES

if TYPE_CHECKING:
    from pathlib import Path

_ELSEWHERE = {StopKind.TAKEN_OVER, StopKind.LOST, StopKind.RELEASED}


class Supervised(Floor):
    """The same, with a supervisor who moves work."""

    def __init__(self) -> None:
        super().__init__()
        self.unheard: set[tuple[str, str]] = set()
        """Orders that were taken from a station which has not heard of it."""
        self.moved = 0

    @initialize()
    def everybody_comes(self) -> None:
        """Let the store know both stations."""
        for bench in self.benches.values():
            bench.send()

    def _decide(self, kind: ActKind, order_id: str, station: str = "") -> bool:
        before = self._row(order_id)
        try:
            self.store.act_here(Act(kind, order_id, station=station), "Sue", "")
        except StoreRefused:
            assert self._row(order_id) == before
            return False
        self.moved += 1
        row = self._row(order_id)
        assert row.fence > before.fence
        self.fences[order_id] = row.fence
        if before.station:
            self.unheard.add((before.station, order_id))
        return True

    @rule(order_id=order_ids)
    def take_from_bench(self, order_id: str) -> None:
        """Take an order from its bench: nobody has it then."""
        on_bench = state_of(self.store, order_id) in HELD_STATES
        assert self._decide(ActKind.RELEASE, order_id) is on_bench
        if on_bench:
            assert state_of(self.store, order_id) not in HELD_STATES
            assert self._row(order_id).station == ""

    @rule(order_id=order_ids, station=stations)
    def give(self, order_id: str, station: str) -> None:
        """Give an order to a bench, which has a lease of it from then on."""
        if self._decide(ActKind.REASSIGN, order_id, station):
            row = self._row(order_id)
            assert order_id not in self.halted
            assert (row.station, row.state in HELD_STATES) == (station, True)
            assert order_id in self.store.claimed(station)
            lease = Lease(order(order_id), (), row.fence, 0)
            self.leases[station].append(lease)

    @rule(station=stations)
    def claim_next(self, station: str) -> None:
        """Take the next: never one that was just taken from this bench."""
        lease = self.store.claim(station, self.benches[station].packer)
        if lease is not None:
            assert (station, lease.order.order_id) not in self.unheard
            self._leased(station, lease)

    @rule(station=stations, order_id=order_ids)
    def claim_named(self, station: str, order_id: str) -> None:
        """Take one order, unless this bench has yet to hear that it lost it."""
        if (station, order_id) in self.unheard and not self._row(order_id).station:
            with pytest.raises(StoreRefused):
                self.benches[station].claim(order_id)
            return
        with suppress(StoreRefused):
            self._leased(station, self.benches[station].claim(order_id))

    @rule(station=stations)
    def stop(self, station: str) -> None:
        """Let a bench do as it is told, about orders that it opened or never heard of."""
        for told in self.store.stops(station):
            mine = [n for n in self.leases[station] if n.order.order_id == told.order_id]
            state = None if told.kind in _ELSEWHERE else OrderState.WAITING
            if mine:
                entry = self.benches[station].entry(mine[-1], state)
                self._send(station, replace(entry, kind="stopped"))
            self.store.answer_stop(told.stop_id)
        self.unheard = {pair for pair in self.unheard if pair[0] != station}
        assert not self.store.stops(station)


def test_work_that_a_supervisor_moves_is_done_once(sqlite_template: Path) -> None:
    """No order of events ships twice, applies old work, or loses count; some really moved."""
    moved: list[int] = []

    class Counted(Supervised):
        def teardown(self) -> None:
            moved.append(self.moved)
            super().teardown()

    _run(Counted, sqlite_template, 12)
    assert any(moved)
