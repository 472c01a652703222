"""A bench whose store is far, for the tests of what it does when the line is cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from samples import order
from sync.far_bench import FarBench, open_far, open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from station.store.sql import SqlOrderStore


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlOrderStore]:
    """Return a store with three orders for one mug each."""
    made = open_store(tmp_path, *(order(f"111-{n}") for n in (1, 2, 3)))
    yield made
    made.close()


@pytest.fixture
def bench(tmp_path: Path, store: SqlOrderStore) -> Iterator[FarBench]:
    """Return a bench with the first order in hand, the second one ready, and the line cut."""
    made = open_far(tmp_path, store).come()
    made.bench.claim_next()
    made.settle()
    made.cut()
    yield made
    made.crash()
