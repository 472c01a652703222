"""Barcodes that nobody knew: proposed at a bench, taught or rejected by a supervisor."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select
from store.decisions import on_one
from store.samples import Bench, item, order, put
from store.seats import Keeper

from station.acts import ActKind
from station.errors import StoreRefused
from station.model import Barcode, Product
from station.store import teaching
from station.store.schema_people import proposals
from station.store.teaching import MAX_CODE, MOST_UNITS

if TYPE_CHECKING:
    from store.decisions import Office

    from station.model import Lease

pytestmark = [pytest.mark.usefixtures("sql_store"), on_one]

TEACH, REJECT = ActKind.TEACH, ActKind.REJECT
EAN = "4006381333931"
MUG, SPOON = "MUG-350", "SPOON"


@pytest.fixture
def shop(office: Office) -> Office:
    """Return a house with two products, one of them with a barcode, and an order."""
    office.sql.put_products([Product(MUG), Product(SPOON, barcodes=(Barcode("96385074"),))])
    put(office.sql, order("111-1", item(quantity=3)))
    return office


def _propose(shop: Office, *codes: str, sku: str = MUG) -> Keeper:
    keeper = Keeper(shop.sql)
    lease = keeper.claim()
    _say(keeper, lease, *codes, sku=sku)
    return keeper


def _say(keeper: Keeper, lease: Lease, *codes: str, sku: str = MUG) -> None:
    for code in codes:
        keeper.entry(lease, None, {"code": code, "sku": sku}, kind="proposed")
    keeper.deliver()


def _proposed(shop: Office) -> list[tuple[str, str]]:
    with shop.sql._database.read() as connection:
        rows = connection.execute(select(proposals.c.code, proposals.c.sku))
        return sorted((row.code, row.sku) for row in rows)


def _refused(shop: Office, kind: ActKind, code: str, sku: str = MUG, units: int = 1) -> str:
    before = shop.rows()
    with pytest.raises(StoreRefused) as told:
        shop.do(kind, "", code=code, sku=sku, units=units)
    assert shop.rows() == before
    return told.value.message


def test_a_taught_code_is_found_from_then_on(shop: Office) -> None:
    """With its units, however it is scanned, and the proposal about it is gone."""
    _propose(shop, EAN)
    shop.do(TEACH, "", code="]E0" + EAN, sku=MUG, units=6)
    ((product, units),) = shop.sql.find_product(["g:0" + EAN])
    assert (product.sku, units) == (MUG, 6)
    assert _proposed(shop) == []
    lease = Bench(shop.sql).claim("111-1")
    assert lease.products[0].barcodes == (Barcode("0" + EAN, 6),)


def test_a_code_is_taught_again_with_other_units(shop: Office) -> None:
    """The same SKU's units may be corrected; one scan counts what was said last."""
    for units in (6, 1):
        shop.do(TEACH, "", code=EAN, sku=MUG, units=units)
    ((_, units),) = shop.sql.find_product(["g:0" + EAN])
    assert units == 1


def test_a_code_stands_for_one_sku(shop: Office) -> None:
    """That of another product, and another product's own name, are refused."""
    assert "Barcode 00000096385074 is that of SPOON" in _refused(shop, TEACH, "96385074")
    assert "Barcode SPOON is that of SPOON" in _refused(shop, TEACH, "spoon")


def test_what_cannot_be_taught(shop: Office) -> None:
    """An unknown SKU, units that no pack has, and codes that are never a product's."""
    assert "SKU CUP is not known" in _refused(shop, TEACH, EAN, "CUP")
    for units in (0, -1, MOST_UNITS + 1):
        assert "cannot count" in _refused(shop, TEACH, EAN, units=units)
    for code in ("", "CMD:NEXT:ABCDE", "BDG:12345678:ABCDE", "X" * 300, "\x1b[2J", "\u202eABC"):
        assert "cannot be a product's" in _refused(shop, TEACH, code)


def test_a_proposal_stands_until_somebody_decides(shop: Office) -> None:
    """Once, however often the code is scanned and whoever sends it again."""
    keeper = _propose(shop, EAN, "]E0" + EAN, "0" + EAN, "X-1")
    keeper.deliver()
    assert _proposed(shop) == [("0" + EAN, MUG), ("X-1", MUG)]
    shop.do(REJECT, "", code=EAN, sku=MUG)
    assert _proposed(shop) == [("X-1", MUG)]
    assert "is not proposed any more" in _refused(shop, REJECT, EAN)


def test_only_the_proposal_that_was_meant_goes(shop: Office) -> None:
    """Another packer who takes the code for another product is not overruled unheard."""
    keeper = Keeper(shop.sql)
    lease = keeper.claim()
    _say(keeper, lease, EAN)
    _say(keeper, lease, EAN, sku=SPOON)
    shop.do(TEACH, "", code=EAN, sku=MUG, units=1)
    assert _proposed(shop) == [("0" + EAN, SPOON)]


def test_a_known_code_is_not_proposed(shop: Office) -> None:
    """Also one that is known as another product's: that is a wrong item, not a new code."""
    _propose(shop, "96385074", "SPOON")
    assert _proposed(shop) == []


def test_hostile_proposals_are_dropped(shop: Office) -> None:
    """Escapes, direction marks, endless codes, commands and things that are no text."""
    keeper = _propose(shop, "\x1b]0;x\x07", "\u202eEVIL", "X" * (MAX_CODE + 1), "CMD:YES:ABCDE", "")
    lease = keeper.claim("111-1")
    _say(keeper, lease, "GOOD-1", sku="S" * 200)
    _say(keeper, lease, "GOOD-2", sku="\x1b[31m")
    for value in (None, 7, ["GOOD-3"], {"a": 1}):
        keeper.entry(lease, None, {"code": value}, kind="proposed")
    assert keeper.deliver().conflicts == ()
    assert _proposed(shop) == []


def test_a_bench_cannot_fill_the_store_with_proposals(
    shop: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After so many the supervisor must decide first."""
    monkeypatch.setattr(teaching, "MOST_PROPOSALS", 3)
    _propose(shop, *(f"X-{n}" for n in range(9)))
    assert len(_proposed(shop)) == 3


def test_a_proposal_under_a_lost_lease_has_no_effect(shop: Office) -> None:
    """As everything that a bench says about an order that it has no more."""
    keeper = Keeper(shop.sql)
    lease = keeper.claim()
    shop.do(ActKind.RELEASE)
    _say(keeper, lease, EAN)
    assert _proposed(shop) == []
