"""The store's copies of the journals, against the newest hash that each bench told."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from store.audit_lines import spoil
from store.many_clients import Badges
from store.samples import NOON
from unit.test_journal_chain import rewrite

from station.journal import Journal
from station.model import OrderState
from station.overview import Pulse
from station.store.sql import SqlOrderStore
from station.sync import link
from station.sync.client import HttpOrderStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from store.conftest import Service

    from station.acts import Head
    from station.store.port import OrderStore

ODD = {
    "text": "\x1dé\\\"'\u202e",
    "units": 3,
    "weight": 0.1,
    "none": None,
    "deep": [{"a": 1}],
}
"""What a scanner may read, and every kind of value that an entry may hold."""


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """Return a journal with five entries, one of them as odd as they come."""
    with closing(Journal(tmp_path / "j.db")) as made:
        made.append("signed-in", "", 0, "Zoë 苏")
        made.append("scanned", "111-1", 4, "Zoë 苏", OrderState.PACKING, ODD)
        made.append("undone", "111-1", 4, "Ana", None, {})
        made.append("scanned", "x" * 60, 2**40, "Ana", OrderState.PROBLEM, {"note": "ü"})
        made.append("signed-out", "", 0, "Ana")
        yield made


@pytest.fixture
def near(sqlite_url: str) -> Iterator[SqlOrderStore]:
    """Return a store in a file: what is asked does not depend on the database."""
    with closing(SqlOrderStore.open(sqlite_url)) as made:
        yield made


def bring(store: OrderStore, journal: Journal, station: str = "bench-1") -> None:
    """Come to the store, hand everything over, and tell the newest entry."""
    link.greet(store, station, journal, "run")
    link.deliver(store, station, journal)
    store.pulse(station, Pulse(journal=journal.head))


def found(store: SqlOrderStore) -> list[tuple[str, str]]:
    """Return what is wrong with the copy of each journal."""
    return [(copy.station, copy.wrong) for copy in store.walk_copies()]


def test_what_came_over_http_is_what_was_told(
    sql_store: SqlOrderStore, service: Service, journal: Journal
) -> None:
    """Every value of an entry is the same in the copy, so that the chains end in one hash."""
    service.over(sql_store)
    with closing(HttpOrderStore(service.url, Badges.token("bench-1"), answer_s=60)) as far:
        bring(far, journal)

    (copy,) = sql_store.walk_copies()

    assert copy.told == copy.has == journal.head
    assert copy.wrong == ""


def test_a_sign_that_no_database_keeps_is_told(
    near: SqlOrderStore, service: Service, journal: Journal
) -> None:
    """A code with NUL in it comes to the store without: the finding says that this may be why."""
    journal.append("scanned", "111-1", 4, "Ana", None, {"text": "1\x002"})
    service.over(near)
    with closing(HttpOrderStore(service.url, Badges.token("bench-1"), answer_s=60)) as far:
        bring(far, journal)

    ((_, wrong),) = found(near)

    assert wrong.endswith("Entry 6 alone may explain it: a sign was lost there.")


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE journal_entries SET packer='Bo' WHERE seq=2", "is not what the bench told."),
        ("UPDATE journal_entries SET data='{}' WHERE seq=4", "is not what the bench told."),
        ("UPDATE journal_entries SET state='' WHERE seq=2", "is not what the bench told."),
        ("UPDATE journal_entries SET at_ms=at_ms-1 WHERE seq=5", "is not what the bench told."),
        ("DELETE FROM journal_entries WHERE seq=3", "Entry 3 of bench-1 is missing in the store."),
        ("DELETE FROM journal_entries", "Entry 1 of bench-1 is missing in the store."),
    ],
)
def test_a_copy_that_was_changed_is_found(
    near: SqlOrderStore, journal: Journal, statement: str, words: str
) -> None:
    """What was changed in the store is found there, without the bench."""
    bring(near, journal)
    assert found(near) == [("bench-1", "")]
    spoil(near, statement)

    ((station, wrong),) = found(near)

    assert station == "bench-1"
    assert wrong.endswith(words)


def test_a_journal_written_anew_is_found_after_the_bench_went_on(
    near: SqlOrderStore, journal: Journal
) -> None:
    """A bench that told a newer hash since does not cover what was changed in its past."""
    bring(near, journal)
    rewrite(journal.folder / "j.db", 2)
    journal.append("signed-in", "", 0, "Ana")
    bring(near, journal)
    assert journal.verify() == (6, "")
    assert journal.head == _told(near)

    assert found(near)[0][1].endswith("is not what the bench told.")


def test_entries_on_the_way_are_no_finding(near: SqlOrderStore, journal: Journal) -> None:
    """A bench that told of more than it sent yet is compared when the rest has come."""
    bring(near, journal)
    journal.append("signed-in", "", 0, "Ana")
    near.pulse("bench-1", Pulse(journal=journal.head))
    assert found(near) == [("bench-1", "")]

    bring(near, journal)
    assert near.walk_copies()[0].has == journal.head


def test_a_journal_begun_anew_is_told_anew(
    near: SqlOrderStore, journal: Journal, tmp_path: Path
) -> None:
    """A new journal's few entries are not held against the many of the old one."""
    bring(near, journal)
    with closing(Journal(tmp_path / "k.db", clock=lambda: NOON)) as fresh:
        fresh.append("signed-in", "", 0, "Ana")
        bring(near, fresh)

        assert _told(near) == fresh.head
    assert found(near) == [("bench-1", "")]


def _told(store: SqlOrderStore) -> Head:
    return store.anchors("bench-1").journal
