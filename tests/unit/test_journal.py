"""The durable log of a station."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import CARD, MUG, SPOON, lease

from station import wire
from station.errors import JournalError
from station.journal import Journal
from station.model import Lease, OrderState

if TYPE_CHECKING:
    from pathlib import Path


def test_entries_come_back_in_order(tmp_path: Path) -> None:
    """What was appended is there after reopening, numbered without gaps."""
    journal = Journal(tmp_path / "j.db")
    for number in range(3):
        journal.append("scanned", "o", 7, "Ana", OrderState.PACKING, {"text": f"{number}\x1d"})
    journal.close()

    entries = Journal(tmp_path / "j.db").about("o")

    assert [entry.seq for entry in entries] == [1, 2, 3]
    assert entries[2].data == {"text": "2\x1d"}
    assert entries[0].state == OrderState.PACKING


def test_open_orders_remember_their_lease_and_what_happened_since(tmp_path: Path) -> None:
    """An order opened again only has the entries of its last lease."""
    journal = Journal(tmp_path / "j.db")
    journal.open(lease((MUG, 1)), "Ana")
    journal.append("scanned", "111-0000001-0000001", 1, "Ana")
    journal.open(lease((MUG, 1)), "Ben")
    journal.append("undone", "111-0000001-0000001", 1, "Ben")

    (opened,) = journal.open_orders()

    assert opened.lease == lease((MUG, 1))
    assert [entry.kind for entry in opened.entries] == ["opened", "undone"]


def test_over_forgets_the_lease(tmp_path: Path) -> None:
    """The last entry of an order takes its lease with it, in one commit."""
    journal = Journal(tmp_path / "j.db")
    journal.open(lease((MUG, 1)), "Ana")
    journal.append("scanned", "111-0000001-0000001", 1, "Ana", over=True)

    assert journal.open_orders() == ()


def test_pending_shrinks_as_the_store_takes_over(tmp_path: Path) -> None:
    """Entries stay pending until they are marked as sent."""
    journal = Journal(tmp_path / "j.db")
    for _ in range(5):
        journal.append("signed-in", "", 0, "Ana")
    journal.sent(3)

    assert [entry.seq for entry in journal.pending()] == [4, 5]
    assert journal.backlog() == 2


def test_a_newer_file_is_refused(tmp_path: Path) -> None:
    """A journal of a later version is not touched, and says so."""
    Journal(tmp_path / "j.db").close()
    db = sqlite3.connect(tmp_path / "j.db")
    db.execute("PRAGMA user_version=99")
    db.close()

    with pytest.raises(JournalError, match="newer version"):
        Journal(tmp_path / "j.db")


@pytest.mark.parametrize(
    "content", [b"not a database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 5000]
)
def test_a_damaged_file_is_told_in_words(tmp_path: Path, content: bytes) -> None:
    """A file that is no journal is refused with what to do, and is left as it is."""
    (tmp_path / "j.db").write_bytes(content)

    with pytest.raises(JournalError) as caught:
        Journal(tmp_path / "j.db")

    assert caught.value.remedy
    assert (tmp_path / "j.db").read_bytes() == content


def test_verify_names_the_first_missing_entry(tmp_path: Path) -> None:
    """A deleted entry is named; an untouched journal has nothing to tell."""
    journal = Journal(tmp_path / "j.db")
    for _ in range(5):
        journal.append("signed-in", "", 0, "Ana")
    assert journal.verify() == (5, "")
    journal._db.execute("DELETE FROM entries WHERE seq=3")

    assert journal.verify() == (3, "Entry 3 is missing: the next one is 4.")


def test_settings_that_lose_data_are_not_accepted(tmp_path: Path) -> None:
    """The journal runs with WAL and synchronous=FULL, read back from the file itself."""
    journal = Journal(tmp_path / "j.db")

    assert journal._db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert journal._db.execute("PRAGMA synchronous").fetchone() == (2,)


@given(st.sampled_from([MUG, SPOON, CARD]), st.integers(1, 99))
def test_leases_survive_json(product: object, quantity: int) -> None:
    """A lease comes back from its JSON form as it was, whatever unknown fields it gained."""
    made = lease((product, quantity))  # type: ignore[arg-type]  # one of three products
    data = wire.to_json(made)
    data["order"]["later"] = 1

    assert wire.from_json(Lease, data) == made
