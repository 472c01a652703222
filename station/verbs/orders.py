"""`station orders`, and what is decided about orders: resolve, hold, cancel and the like."""

from __future__ import annotations

import sys
from contextlib import closing
from functools import partial
from getpass import getpass
from typing import TYPE_CHECKING

from station import compose, upkeep, wording
from station.acts import ActKind, Signature
from station.errors import InputError
from station.floor import now
from station.model import OrderState
from station.verbs import OK, os_user

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from station.acts import Act
    from station.compose import Place
    from station.store.port import OrderStore

PAGE = 200
"""Rows fetched from the store at once."""

_HALTS = {ActKind.HOLD: OrderState.HELD, ActKind.CANCEL: OrderState.CANCELLED}
"""Acts that an enrolled office does by its token alone."""


def show(place: Place, states: Sequence[str]) -> int:
    """Print the orders in some states, most urgent first, with who has them or why they wait."""
    compose.prepare(place.home)
    upkeep.drain(place)
    store = compose.open_store(place)
    wanted = [OrderState(state) for state in states]
    last, count = None, 0
    while rows := store.queue(PAGE, after=last, states=wanted):
        for row in rows:
            left = wording.due_in(row.ship_by, now())
            print(f"{row.order_id:<22}{row.state:<10}{left:<14}{row.units:>4} units  {row.holder}")
        last, count = rows[-1], count + len(rows)
    store.close()
    print(f"{count} {', '.join(states)}")
    return OK


def resolve(place: Place, order_ids: Sequence[str], state: OrderState) -> int:
    """Put problem or held orders back into the queue, or call them cancelled."""
    compose.prepare(place.home)
    upkeep.drain(place)
    if place.is_far:
        far = compose.open_store(place)
        return _resolved(far, far.resolve, order_ids, state)
    here = compose.open_database(place)
    return _resolved(here, partial(here.resolve, who=os_user()), order_ids, state)


def _resolved(
    store: OrderStore,
    settle: Callable[[str, OrderState], None],
    order_ids: Sequence[str],
    state: OrderState,
) -> int:
    with closing(store):
        for order_id in order_ids:
            settle(order_id, state)
            print(f"{order_id} is {state} now.")
    return OK


def show_refused(place: Place) -> int:
    """Print the packages whose confirmation a channel refused, and why."""
    compose.prepare(place.home)
    with closing(compose.open_store(place)) as store:
        floor = store.board(now(), now())
    refused = floor.refused if floor else ()
    for told in refused:
        print(f"{told.order_id:<22}package {told.package}  {told.channel}: {told.reason}")
    print(f"{len(refused)} refused")
    return OK


def decide(place: Place, acts: Sequence[Act], reason: str) -> int:
    """Do what was decided; over HTTPS somebody signs what an office's token does not allow."""
    compose.prepare(place.home)
    upkeep.drain(place)
    if not place.is_far:
        with closing(compose.open_database(place)) as store:
            for act in acts:
                print(store.act_here(act, os_user(), reason).words)
        return OK
    with closing(compose.open_store(place)) as far:
        signature = None if acts[0].kind in _HALTS else _signed(reason)
        for act in acts:
            print(_halted(far, act, reason) if signature is None else _act(far, act, signature))
    return OK


def _halted(store: OrderStore, act: Act, reason: str) -> str:
    state = _HALTS[act.kind]
    on_bench = store.halt(act.order_id, state, reason)
    return f"{act.order_id} is {state} {'as soon as its bench has stopped' if on_bench else 'now'}."


def _act(store: OrderStore, act: Act, signature: Signature) -> str:
    return store.act("", act, signature).words


def _signed(reason: str) -> Signature:
    """Ask who signs, on the terminal.

    Raises:
        InputError: There is no terminal, or no reason to sign.
    """
    if not reason:
        raise InputError("This needs a reason.", "Say why with --reason.")
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise InputError(
            "This needs somebody's name and PIN, and there is no terminal to ask on.",
            "Run it in a terminal, or on the store's machine.",
        )
    print("Name: ", end="", file=sys.stderr, flush=True)
    return Signature(sys.stdin.readline().strip(), getpass("PIN: "), reason)
