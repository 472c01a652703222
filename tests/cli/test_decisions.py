"""What is decided about orders on the store's machine: without a PIN, and never without a name."""

from __future__ import annotations

import io
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from samples import MUG, order
from store.samples import Bench

from station import compose, config
from station.acts import Act, ActKind, Role
from station.errors import InputError
from station.model import OrderState
from station.verbs import OK, orders, os_user

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cli.station_command import Station

    from station.store.sql import SqlOrderStore

FIRST, LAST = "111-1", "111-2"


def opened(station: Station) -> closing[SqlOrderStore]:
    """Return the station's store, to be closed."""
    return closing(compose.open_database(compose.Place(config.load(), station.home)))


@pytest.fixture
def shop(station: Station) -> Station:
    """Return the command, with two orders in its store."""
    due = datetime.now(UTC) + timedelta(hours=4)
    station("orders")
    with opened(station) as store:
        wanted = [order(FIRST, (MUG, 2), ship_by=due)]
        wanted += [order(LAST, (MUG, 2), ship_by=due + timedelta(hours=1))]
        store.put_orders(wanted, channel="amazon")
    return station


def written(shop: Station) -> list[tuple[str, str, str, str]]:
    """Return (act, order, role, reason) of the audit log's lines, all of them by this user."""
    with opened(shop) as store:
        lines = store.audit()
    assert {line.who for line in lines} == {os_user()}
    return [(line.act, line.order_id, line.role, line.reason) for line in lines]


def test_orders_are_put_first_and_back(shop: Station) -> None:
    """Each says where it is now, and the log who put it there and why."""
    first = shop("prioritise", LAST, "--reason", "the buyer waits")
    assert first.out == f"{LAST} is before all others in the queue.\n"
    with opened(shop) as store:
        assert [row.order_id for row in store.queue(2)] == [LAST, FIRST]
    assert shop("prioritise", "--undo", LAST).out.endswith("at its usual place in the queue.\n")
    assert written(shop) == [
        ("prioritise", LAST, "console", "the buyer waits"),
        ("prioritise", LAST, "console", ""),
    ]


def test_hold_and_resolve_are_written_down(shop: Station) -> None:
    """They say what they always said, and the log has the user's name as console."""
    assert shop("hold", FIRST, "--reason", "wait").out == f"{FIRST} is held now.\n"
    assert shop("resolve", FIRST).out == f"{FIRST} is waiting now.\n"
    assert shop("cancel", LAST).out == f"{LAST} is cancelled now.\n"
    assert written(shop) == [
        ("hold", FIRST, "console", "wait"),
        ("unhold", FIRST, "console", ""),
        ("cancel", LAST, "console", ""),
    ]


def test_an_order_is_taken_from_its_bench_or_given_to_another(shop: Station) -> None:
    """What no bench has is refused, and so is a bench that nobody knows."""
    with opened(shop) as store:
        Bench(store, "bench-8").send()
        Bench(store, "bench-7").claim(FIRST)
    assert shop("release", FIRST).out == f"{FIRST} is waiting now.\n"
    assert "cannot be put back" in shop("release", FIRST).err
    assert shop("reassign", FIRST, "bench-8").out == f"{FIRST} goes to bench-8.\n"
    assert "No station called bench-9 works here" in shop("reassign", LAST, "bench-9").err
    assert [line[0] for line in written(shop)] == ["release", "reassign"]


def test_refused_confirmations_are_listed_and_moved(shop: Station) -> None:
    """There are none yet, and nothing is moved then."""
    assert shop("confirmations", "list").out == "0 refused\n"
    for deed in ("retry", "dismiss"):
        answer = shop("confirmations", deed, FIRST, "--package", "2")
        assert "No confirmation of package 2 of order 111-1 was refused" in answer.err


@pytest.fixture
def office(shop: Station, monkeypatch: pytest.MonkeyPatch) -> Iterator[SqlOrderStore]:
    """Return the store, which this machine takes for one behind HTTPS."""
    with opened(shop) as store:
        monkeypatch.setattr(compose.Place, "is_far", True)
        monkeypatch.setattr(compose, "open_store", lambda _place: store)
        yield store


def far(shop: Station, kind: ActKind, reason: str) -> int:
    """Decide about the first order on an office's machine."""
    place = compose.Place(config.load(), shop.home)
    return orders.decide(place, [Act(kind, FIRST, units=1)], reason)


@pytest.mark.usefixtures("office")
def test_a_far_store_wants_a_signature_from_a_terminal(shop: Station) -> None:
    """Without one, or without a reason, the command says what it needs and asks nothing."""
    with pytest.raises(InputError, match=r"This needs a reason\."):
        far(shop, ActKind.PRIORITISE, "")
    with pytest.raises(InputError, match="there is no terminal to ask on"):
        far(shop, ActKind.PRIORITISE, "why not")


@pytest.mark.usefixtures("cheap_pins")
def test_a_far_store_asks_who_signs(
    shop: Station, office: SqlOrderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """His name is typed, his PIN is not shown, and the log has his name and not the user's."""
    _, pin = office.add_person("Olga", Role.OWNER)
    terminal = io.StringIO("Olga\n")
    monkeypatch.setattr(terminal, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", terminal)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(orders, "getpass", lambda _words: pin)
    assert far(shop, ActKind.PRIORITISE, "the buyer waits") == OK
    shown = shop.capture.readouterr()
    assert shown.out == f"{FIRST} is before all others in the queue.\n"
    assert pin not in shown.out + shown.err
    line = office.audit()[-1]
    assert (line.who, line.role, line.reason) == ("Olga", "owner", "the buyer waits")


@pytest.mark.usefixtures("office")
def test_an_office_holds_by_its_key_alone(shop: Station) -> None:
    """Hold and cancel ask for no PIN: the key of an office is a person's word."""
    assert far(shop, ActKind.HOLD, "wait") == OK
    assert shop.capture.readouterr().out == f"{FIRST} is held now.\n"


def test_the_state_is_the_only_thing_that_resolve_needs(shop: Station) -> None:
    """A waiting order cannot be resolved, and nothing is written down."""
    assert "there is nothing to resolve" in shop("resolve", FIRST).err
    with opened(shop) as store:
        assert store.audit() == ()
        assert [row.state for row in store.queue(2)] == [OrderState.WAITING] * 2
