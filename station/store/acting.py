"""Acts: checked against the table of rights, done and written down in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from station.acts import Act, Acted, ActKind, may
from station.errors import StoreRefused
from station.model import OrderState
from station.store import (
    audit,
    deciding,
    halting,
    handing,
    people,
    relabelling,
    resolving,
    settling,
    shortening,
    teaching,
    unlocking,
)
from station.store.decision import Decision, Done
from station.text import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from station.acts import Person, Signature
    from station.store.database import Database

MAX_REASON = 200
REFUSED = "refused-"
"""Before the act, in the audit log: somebody signed what he may not."""

_HOW: dict[ActKind, Callable[[Connection, Decision], Done]] = {
    ActKind.HOLD: deciding.hold,
    ActKind.UNHOLD: deciding.unhold,
    ActKind.CANCEL: deciding.cancel,
    ActKind.PRIORITISE: deciding.prioritise,
    ActKind.RELEASE: handing.release,
    ActKind.REASSIGN: handing.reassign,
    ActKind.REQUEUE: deciding.requeue,
    ActKind.SHIP_SHORT: shortening.ship_short,
    ActKind.TEACH: teaching.teach,
    ActKind.REJECT: teaching.reject,
    ActKind.WEIGHT: relabelling.weight,
    ActKind.REPRINT: relabelling.reprint,
    ActKind.VOID: relabelling.void,
    ActKind.RETRY: settling.retry,
    ActKind.DISMISS: settling.dismiss,
    ActKind.UNLOCK: unlocking.unlock,
}


class _NotHis(StoreRefused):
    """His role may not do this."""

    def __init__(self, person: Person) -> None:
        super().__init__("This is not yours to decide.", "Ask a supervisor or the owner.")
        self.person = person


def act(
    database: Database,
    station: str,
    act: Act,
    signature: Signature,
    now: Callable[[], int],
    *,
    by_name: bool,
) -> Acted:
    """Do what somebody signed.

    Raises:
        StoreRefused: There is no reason, the PIN is wrong, he may not, or it cannot be done.
    """
    reason = plain(signature.reason, MAX_REASON)
    if not reason:
        raise StoreRefused("This needs a reason.", "Say why in a few words.")
    name = people.proven(database, station, signature, now, by_name=by_name).name

    def signed(connection: Connection) -> Acted:
        person = people.still_good(connection, name, now())
        if not (may(person.role, act.kind) and unlocking.may_sign(connection, act, person.role)):
            raise _NotHis(person)
        decision = Decision(act, person.name, person.role, station, reason, now())
        return _do(connection, decision)

    try:
        return database.change(signed)
    except _NotHis as refusal:
        tried = Decision(act, refusal.person.name, refusal.person.role, station, reason, now())
        database.change(lambda c: _write(c, tried, REFUSED + act.kind, {}))
        raise


def act_here(connection: Connection, act: Act, who: str, role: str, reason: str, now: int) -> Acted:
    """Do what was decided at the store's machine or in an enrolled office."""
    return _do(connection, Decision(act, who, role, "", plain(reason, MAX_REASON), now))


def halt(
    connection: Connection, order_id: str, state: OrderState, who: tuple[str, str, str], now: int
) -> bool:
    """Hold or cancel an order for somebody with a name, a role and a reason; as `halting.halt`."""
    name, role, reason = who
    on_bench = halting.halt(connection, order_id, state, reason, now)
    kind = ActKind.HOLD if state == OrderState.HELD else ActKind.CANCEL
    words = plain(reason, MAX_REASON)
    _write(connection, Decision(Act(kind, order_id), name, role, "", words, now), kind, {})
    return on_bench


def resolve(
    connection: Connection, order_id: str, state: OrderState, who: tuple[str, str], now: int
) -> None:
    """Take an order out of problem or held for somebody with a name and a role."""
    was = resolving.resolve(connection, order_id, state, now)
    back = ActKind.REQUEUE if was == OrderState.PROBLEM else ActKind.UNHOLD
    kind = ActKind.CANCEL if state == OrderState.CANCELLED else back
    _write(connection, Decision(Act(kind, order_id), *who, "", "", now), kind, {})


def _do(connection: Connection, decision: Decision) -> Acted:
    done = _HOW[decision.act.kind](connection, decision)
    _write(connection, decision, decision.act.kind, done.data)
    return Acted(done.words, decision.by, done.label)


def _write(connection: Connection, decision: Decision, kind: str, data: dict[str, object]) -> None:
    audit.append(
        connection,
        decision.now,
        who=decision.by,
        role=decision.role,
        act=kind,
        station=decision.station,
        order_id=plain(decision.act.order_id, MAX_REASON),
        reason=decision.reason,
        data=_fields(decision.act) | data,
    )


def _fields(act: Act) -> dict[str, object]:
    """Return what an act says beside its kind and its order, without what it leaves open."""
    words = {"sku": act.sku, "code": act.code, "to": act.station, "person": act.person}
    told: dict[str, object] = {k: plain(text, MAX_REASON) for k, text in words.items() if text}
    if act.package != 1:
        told["package"] = act.package
    if act.kind in {ActKind.SHIP_SHORT, ActKind.TEACH, ActKind.PRIORITISE}:
        told["units"] = act.units
    return told
