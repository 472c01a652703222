"""Every role tries every act at every kind of store: the table of rights is what happens."""

from __future__ import annotations

from dataclasses import replace

import pytest
from store.decisions import NAMES, STAGES, Office, in_one, locked

from station.acts import RIGHTS, Act, ActKind, Role, may, may_unlock
from station.errors import StoreRefused
from station.store.acting import REFUSED

pytestmark = pytest.mark.usefixtures("store")

_CHANGES_NOTHING = {ActKind.WEIGHT, ActKind.REPRINT}
"""Acts that are only checked and written down; what they allow happens elsewhere."""


@pytest.mark.parametrize("role", list(Role))
def test_each_role_does_what_the_table_says(office: Office, role: Role) -> None:
    """What is allowed is done and written down once; what is not leaves one refused line alone."""
    assert set(STAGES) == set(RIGHTS) == set(ActKind)
    for number, kind in enumerate(ActKind, 1):
        act = STAGES[kind](office, kind, f"111-{number}")
        before, seq = office.rows(), len(office.lines())
        if may(role, kind):
            assert office.act(act, role).by == NAMES[role]
            assert (office.rows() == before) is (kind in _CHANGES_NOTHING), kind
        else:
            with pytest.raises(StoreRefused, match="not yours to decide"):
                office.act(act, role)
            assert office.rows() == before, kind
        (line,) = office.lines()[seq:]
        told = kind if may(role, kind) else REFUSED + kind
        assert (line.act, line.who, line.role) == (told, NAMES[role], role)
        assert (line.order_id, line.station) == (act.order_id, "bench-7")
        assert line.reason == "Because I say so."


@in_one
@pytest.mark.parametrize("role", list(Role))
def test_who_unlocks_whom(office: Office, role: Role) -> None:
    """An owner lets everybody try again, a supervisor packers alone, a packer nobody."""
    expected = {Role.OWNER: set(Role), Role.SUPERVISOR: {Role.PACKER}, Role.PACKER: set()}
    for whom in Role:
        name = f"Lou the {whom}"
        office.sql.add_person(name, whom)
        locked(office, name)
        assert may_unlock(role, whom) is (whom in expected[role])
        if whom in expected[role]:
            office.act(Act(ActKind.UNLOCK, person=name), role)
        else:
            with pytest.raises(StoreRefused, match="not yours to decide"):
                office.act(Act(ActKind.UNLOCK, person=name), role)
            assert office.lines()[-1].act == REFUSED + ActKind.UNLOCK
        is_locked = {person.name: person.locked for person in office.sql.people()}
        assert is_locked[name] is (whom not in expected[role])


def test_without_the_right_pin_nothing_is_done(office: Office) -> None:
    """A wrong PIN leaves its own line and no other trace, whatever the act and the role."""
    act = STAGES[ActKind.HOLD](office, ActKind.HOLD, "111-1")
    sign = office.signs[Role.OWNER]
    wrong = f"{(int(sign.pin) + 1) % 10**6:06}"
    before = office.rows()["orders"]
    with pytest.raises(StoreRefused):
        office.store.act("bench-7", act, replace(sign, pin=wrong))
    assert office.rows()["orders"] == before
    assert office.lines()[-1].act == "wrong-pin"


@in_one
def test_without_a_reason_nothing_is_even_looked_at(office: Office) -> None:
    """No PIN is compared, none is counted, and nothing is written down."""
    act = STAGES[ActKind.HOLD](office, ActKind.HOLD, "111-1")
    before, seq = office.rows(), len(office.lines())
    for why in ("", "  \t", "\u202e\u200e"):
        with pytest.raises(StoreRefused, match="reason"):
            office.act(act, why=why)
    assert (office.rows(), len(office.lines())) == (before, seq)
