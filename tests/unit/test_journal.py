"""The durable log of a station."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import CARD, MUG, NOON, SPOON, lease

from station import journal as journal_module
from station import wire
from station.errors import JournalError
from station.journal import Journal
from station.model import Lease, OrderState, Presence, Welcome


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


def test_kept_ready_orders_come_back_in_their_order(tmp_path: Path) -> None:
    """What was leased ahead is there after a restart, and is not at work."""
    journal = Journal(tmp_path / "j.db")
    first, second = lease((MUG, 1), order_id="111-2"), lease((MUG, 1), order_id="111-1")
    journal.keep_ready(first)
    journal.keep_ready(second)
    journal.close()

    again = Journal(tmp_path / "j.db")

    assert again.ready() == (first, second)
    assert again.open_orders() == ()
    again.open(first, "Ana")
    again.forget("111-1")
    assert again.ready() == ()
    assert [opened.lease for opened in again.open_orders()] == [first]


def test_a_number_is_given_once_and_kept(tmp_path: Path) -> None:
    """Each purchase has its own number, the same at every call and after a restart."""
    journal = Journal(tmp_path / "j.db")
    journal.stock_serials(100, 3)
    first, second = journal.give_serial("a"), journal.give_serial("b")
    assert {journal.give_serial("a"), journal.serial_of("a")} == {first}
    journal.close()

    again = Journal(tmp_path / "j.db")
    again.stock_serials(100, 3)

    assert (again.serial_of("a"), again.serial_of("b")) == (first, second)
    assert first != second
    assert again.serials_left == 1
    assert again.give_serial("c") not in {first, second, None}
    assert again.give_serial("d") is None
    assert again.give_serial("a") == first


@given(st.lists(st.sampled_from("abcdefgh"), max_size=30))
def test_numbers_never_meet(keys: list[str]) -> None:
    """Whatever purchases ask in whatever order, two of them never have the same number."""
    with TemporaryDirectory() as folder:
        journal = Journal(Path(folder) / "j.db")
        journal.stock_serials(1, 5)
        given_to: dict[str, int | None] = {}
        for key in keys:
            number = journal.give_serial(key)
            assert given_to.setdefault(key, number) in {number, None}
            given_to[key] = number
        numbers = [number for number in given_to.values() if number]
        journal.close()

    assert len(set(numbers)) == len(numbers)


def test_each_journal_has_an_id_for_life(tmp_path: Path) -> None:
    """The file keeps the id it was made with; another file has another one."""
    journal = Journal(tmp_path / "j.db")
    known = journal.id
    journal.close()

    assert Journal(tmp_path / "j.db").id == known
    assert Journal(tmp_path / "k.db").id != known


def test_it_says_how_far_it_is(tmp_path: Path) -> None:
    """A station names its journal, its last entry, what the store has, and the store it knows."""
    journal = Journal(tmp_path / "j.db")
    for _ in range(3):
        journal.append("signed-in", "", 0, "Ana")
    journal.sent(2)
    assert journal.presence("r") == Presence(journal.id, "r", 3, 2)

    forgot = journal.welcomed(Welcome(2, "store", 4, NOON))

    assert not forgot
    assert journal.presence("r") == Presence(journal.id, "r", 3, 2, "store", 4)


def test_what_a_restored_store_forgot_is_pending_again(tmp_path: Path) -> None:
    """A store that has less than it said before gets everything after it once more."""
    journal = Journal(tmp_path / "j.db")
    for _ in range(4):
        journal.append("signed-in", "", 0, "Ana")
    journal.sent(4)

    assert journal.welcomed(Welcome(1, "store", 2, NOON))

    assert [entry.seq for entry in journal.pending()] == [2, 3, 4]


def test_an_order_is_told_once_the_store_has_all_of_it(tmp_path: Path) -> None:
    """An order is told when its last entry is at the store, whatever waits of others."""
    journal = Journal(tmp_path / "j.db")
    assert journal.is_told("a")
    journal.append("opened", "a", 1, "Ana")
    journal.append("opened", "b", 1, "Ana")
    journal.sent(1)

    assert journal.is_told("a")
    assert not journal.is_told("b")
    journal.append("given-back", "a", 1, "Ana")
    assert not journal.is_told("a")


def test_a_journal_of_the_first_version_is_taken_along(tmp_path: Path) -> None:
    """A file made before stations had numbers and ids gets both, and loses no entry."""
    db = sqlite3.connect(tmp_path / "j.db")
    db.executescript(journal_module._BEGAN + "; PRAGMA user_version=1; PRAGMA journal_mode=wal;")
    db.execute("INSERT INTO entries VALUES(1,'signed-in','',0,'Ana',0,NULL,'{}')")
    db.commit()
    db.close()

    journal = Journal(tmp_path / "j.db")

    assert len(journal.id) == 32
    assert [entry.kind for entry in journal.pending()] == ["signed-in"]
    assert journal.give_serial("a") is None
