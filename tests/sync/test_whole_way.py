"""Client and service together, over TLS: joined with a line, used, and locked out again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from serving.live import LOCAL, running
from store.samples import MIDNIGHT, NOON, Bench, label, order

from station.acts import Act, ActKind, Role, Signature
from station.errors import StoreRefused
from station.model import OrderState
from station.store.service import certificates, tokens
from station.store.service.server import Plan, serviced, tls
from station.store.sql import SqlOrderStore
from station.sync.client import HttpOrderStore
from station.sync.joining import join

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from station.enrolment import Enrolment


class Site:
    """A server with its own CA, and the lines that it prints."""

    def __init__(self, store: SqlOrderStore, url: str, ca: bytes) -> None:
        self.store = store
        self._url = url
        self._print = certificates.fingerprint(ca)

    def line(self, name: str, role: str = "station") -> str:
        """Enrol a bench or an office and return its join line."""
        token = tokens.new()
        self.store.enrol(name, role, tokens.digest(token))
        return f"{self._url}/#{name}.{token}.{self._print}"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """Return a running server."""
    folder = tmp_path / "server"
    certificates.make(folder, ["localhost", LOCAL])
    ca = (folder / "ca.pem").read_bytes()
    plan = Plan(LOCAL, 0, folder / "server.pem", folder / "server.key", rate=1000)
    store = SqlOrderStore.open(f"sqlite:///{folder / 'store.db'}")
    with running(serviced(store, plan, "1.0", ca), tls(plan)) as live:
        yield Site(store, f"https://{LOCAL}:{live.port}", ca)
    store.close()


def _opened(joined: Enrolment) -> HttpOrderStore:
    return HttpOrderStore(joined.url, joined.token, ca=joined.ca_pem)


def test_a_joined_bench_packs_what_a_joined_office_brought(site: Site, tmp_path: Path) -> None:
    """From two join lines to a shipped order and its export, over HTTPS alone."""
    office = _opened(join(site.line("desk", "office"), tmp_path / "desk"))
    client = _opened(join(site.line("bench-1"), tmp_path / "bench"))
    assert office.put_orders([order()], channel="amazon").new == 1
    bench = Bench(client)
    lease = bench.claim()
    assert lease.order == order()
    begun = client.begin_purchase("k", "111-1", 1, lease.fence, "own")
    assert client.finish_purchase("k", label()).label == label()
    assert begun.state == "begun"
    assert bench.ship(lease) == ()
    export = office.begin_export("out.txt")
    assert export is not None
    assert [line.tracking_id for line in export.lines] == ["1Z1"]
    office.finish_export(export.export_id)
    assert office.counts(NOON, MIDNIGHT).states[OrderState.CONFIRMED] == 1
    client.close()
    office.close()


def test_each_role_is_told_what_is_not_its_own(site: Site, tmp_path: Path) -> None:
    """A bench may not import, an office may not pack; both hear it as a refusal."""
    office = _opened(join(site.line("desk", "office"), tmp_path / "desk"))
    bench = _opened(join(site.line("bench-1"), tmp_path / "bench"))
    with pytest.raises(StoreRefused, match="may not do this"):
        bench.put_orders([order()], channel="amazon")
    with pytest.raises(StoreRefused, match="may not do this"):
        office.claim("desk", "Ana")
    bench.close()
    office.close()


def test_a_board_decides_with_a_signature_and_a_viewer_never(site: Site, tmp_path: Path) -> None:
    """From two join lines to a board that holds an order, and a viewer that sees it held."""
    _, pin = site.store.add_person("Olga", Role.OWNER)
    site.store.put_orders([order()], channel="amazon")
    board = _opened(join(site.line("up", "board"), tmp_path / "up"))
    viewer = _opened(join(site.line("wall", "viewer"), tmp_path / "wall"))
    act, signature = Act(ActKind.HOLD, "111-1"), Signature("olga", pin, "torn")
    with pytest.raises(StoreRefused, match="may only look"):
        viewer.act("wall", act, signature)
    assert board.act("up", act, signature).by == "Olga"
    seen, shown = (one.board(NOON, MIDNIGHT) for one in (board, viewer))
    assert seen is not None
    assert shown == seen.for_viewers()
    assert [row.order_id for row in seen.stuck] == ["111-1"]
    assert board.audit()[-1].who == "Olga"
    board.close()
    viewer.close()


def test_a_line_that_was_replaced_is_worth_nothing(site: Site, tmp_path: Path) -> None:
    """A second line for a name ends the first one, before it was ever used."""
    first = site.line("bench-1")
    second = site.line("bench-1")
    with pytest.raises(StoreRefused, match="not valid any more"):
        join(first, tmp_path)
    assert join(second, tmp_path).station == "bench-1"
