from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import make_url
from store.conftest import check_tallies

from station.store import database
from station.store.intake import BATCH
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    import pytest

KILLS = 4

PROGRAM = """
import sys
from itertools import count
from store.samples import order
from station.store.intake import BATCH
from station.store.sql import SqlOrderStore

def orders():
    for n in count(int(sys.argv[2])):
        if n % BATCH == 0:
            print(n, flush=True)  # everything before this one is committed
        yield order(f"111-{n:06}")

SqlOrderStore.open(sys.argv[1]).put_orders(orders(), channel="amazon")
"""


def _killed_import(url: str, first: int, wait_s: float) -> int:
    """Import from a number on, kill it in its second batch or later, return what it had told."""
    root = Path(database.__file__).parents[2]
    paths = os.pathsep.join([str(root), str(root / "tests")])
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, url, str(first)],
        env=os.environ | {"PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    lines = [process.stdout.readline(), process.stdout.readline()]
    time.sleep(wait_s)
    process.send_signal(signal.SIGKILL)
    lines += process.stdout.read().split()
    process.stdout.close()
    assert process.wait() == -signal.SIGKILL
    return int(lines[-1])


def test_a_killed_import_leaves_whole_batches(
    sqlite_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """SIGKILL at any moment of an import leaves each batch whole or absent, and loses none."""
    path = str(make_url(sqlite_url).database)
    stored, torn = 0, 0
    for kill in range(KILLS):
        told = _killed_import(sqlite_url, stored, 0.013 * kill)
        connection = sqlite3.connect(path)
        before, stored = stored, connection.execute("SELECT count(*) FROM orders").fetchone()[0]
        items = connection.execute("SELECT count(*) FROM order_items").fetchone()[0]
        people = connection.execute("SELECT count(*) FROM recipients").fetchone()[0]
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
        assert stored == items == people
        assert stored % BATCH == 0
        assert stored >= told > before
        torn += stored == told
    store = SqlOrderStore.open(sqlite_url)
    check_tallies(store)
    store.close()
    with capsys.disabled():
        sys.stdout.write(f"\n{KILLS} imports killed, {torn} of them inside a batch\n")
    assert torn > 0
