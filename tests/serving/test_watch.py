"""A database that was put back from a backup is noticed by the server itself."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from station.model import Presence
from station.store.service.watch import Watch
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from pathlib import Path


class Clock:
    """The store's clock, moved by hand."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        """Return seconds since 1970."""
        return self.now


@pytest.fixture
def clock() -> Clock:
    """Return the store's clock."""
    return Clock()


def _open(folder: Path, clock: Clock) -> SqlOrderStore:
    return SqlOrderStore.open(f"sqlite:///{folder / 'store.db'}", clock=clock)


def _work(store: SqlOrderStore, clock: Clock) -> None:
    clock.now += 60
    store.hello("bench-1", Presence("a", "r", 0, 0))


def test_a_database_from_a_backup_begins_a_new_epoch(tmp_path: Path, clock: Clock) -> None:
    """What was heard after the backup is missing, so orders wait until the bench has reported."""
    store = _open(tmp_path, clock)
    _work(store, clock)
    store.close()
    backup = shutil.copy(tmp_path / "store.db", tmp_path / "backup.db")
    store = _open(tmp_path, clock)
    _work(store, clock)
    assert not Watch(store, tmp_path / "seen").look()
    store.close()
    shutil.copy(backup, tmp_path / "store.db")
    store = _open(tmp_path, clock)
    watch = Watch(store, tmp_path / "seen")
    assert watch.look()
    assert (store.ping(), store.awaited()) == (2, ("bench-1",))
    assert not watch.look(), "once is enough"
    _work(store, clock)
    assert store.awaited() == ()
    store.close()


def test_a_clock_that_was_set_back_is_no_restore(tmp_path: Path, clock: Clock) -> None:
    """The time goes by what was heard, and never goes back with the clock."""
    store = _open(tmp_path, clock)
    watch = Watch(store, tmp_path / "seen")
    _work(store, clock)
    assert not watch.look()
    clock.now -= 86_400
    _work(store, clock)
    assert not watch.look()
    assert store.ping() == 1
    store.close()


def test_another_store_is_another_memory(tmp_path: Path, clock: Clock) -> None:
    """A server that is pointed at another database does not take it for the old one."""
    store = _open(tmp_path, clock)
    _work(store, clock)
    Watch(store, tmp_path / "seen").look()
    store.close()
    other = _open(tmp_path / "other", clock)
    assert not Watch(other, tmp_path / "seen").look()
    assert other.ping() == 1
    other.close()


def test_a_file_that_cannot_be_read_or_written_stops_nothing(tmp_path: Path, clock: Clock) -> None:
    """Without its file the watch knows what it has seen itself."""
    (tmp_path / "seen").write_bytes(b"\xff\x00 x")
    store = _open(tmp_path, clock)
    _work(store, clock)
    assert not Watch(store, tmp_path / "seen").look()
    assert not Watch(store, tmp_path / "no" / "folder").look()
    store.close()
