"""A shop for each test, in a town where it is noon at noon UTC."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING

import pytest
from samples import PRODUCTS
from screens.badged_shop import BadgedShop
from screens.shop import Shop

from station import compose, proofs
from station.store import pins
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put the bench into UTC, so that hours on the screen are the samples' hours."""
    with monkeypatch.context() as town:
        town.setenv("TZ", "UTC")
        time.tzset()
        yield
    time.tzset()


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a store with the sample products; a copy is made faster than a schema."""
    path = tmp_path_factory.mktemp("stocked") / "store.db"
    store = SqlOrderStore.open(f"sqlite:///{path}")
    store.put_products(PRODUCTS)
    store.close()
    return path


@pytest.fixture
def shop(tmp_path: Path, stocked: Path, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Return a shop without orders, with a printer that does what it is told."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    shutil.copy(stocked, home / "store.db")
    made = Shop(home)
    monkeypatch.setattr(compose, "open_printer", lambda _place: made.pool)
    return made


@pytest.fixture
def badged(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BadgedShop:
    """Return a shop whose people have badges, and PINs that cost next to nothing."""
    monkeypatch.setattr(pins, "COST", pins.Cost(memory_kib=8, passes=1))
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.setattr(proofs, "ROUNDS", 10)
    made = BadgedShop(shop.home, shop.printer)
    made.hire()
    monkeypatch.setattr(compose, "open_printer", lambda _place: made.pool)
    return made
