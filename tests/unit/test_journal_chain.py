"""The journal as a chain: what is done to its file is found, and the first bad entry is named."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from samples import NOON

from station import journal as journal_module
from station import journal_chain
from station.acts import Head
from station.chain import digest
from station.journal import Journal
from station.model import OrderState, Welcome

if TYPE_CHECKING:
    from pathlib import Path

COUNT = 6
COLUMNS = journal_chain.COLUMNS


def written(path: Path, count: int = COUNT) -> Journal:
    """Return a journal with so many entries."""
    journal = Journal(path, clock=lambda: NOON)
    for number in range(1, count + 1):
        state = OrderState.PACKING if number % 2 else None
        journal.append("scanned", f"111-{number}", number, "Ana", state, {"text": f"x{number}"})
    return journal


def change(path: Path, *statements: str) -> None:
    """Do something to a journal's file behind its back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)


def found(path: Path) -> tuple[int, str]:
    """Return what a reader of the file finds."""
    with closing(Journal(path, read_only=True)) as journal:
        return journal.verify()


def rewrite(path: Path, seq: int, packer: str = "Ben") -> None:
    """Write an entry anew, and every hash from there on: a chain that is whole again."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("UPDATE entries SET packer=? WHERE seq=?", (packer, seq))
        above = ""
        for row in db.execute(f"SELECT {','.join(COLUMNS)} FROM entries ORDER BY seq").fetchall():
            above = digest(above, row)
            db.execute("UPDATE entries SET hash=? WHERE seq=?", (above, row[0]))


def test_an_untouched_journal_is_whole(tmp_path: Path) -> None:
    """Every entry fits the one above, also for a reader beside the writer, and the head is told."""
    journal = written(tmp_path / "j.db")

    assert journal.verify() == found(tmp_path / "j.db") == (COUNT, "")
    assert journal.look(COUNT).asked == journal.head.hash
    assert journal.head.seq == COUNT
    assert len(journal.head.hash) == 64


@pytest.mark.parametrize("column", [*COLUMNS[1:], "hash"])
@pytest.mark.parametrize(
    "value", ["{0} || 'x'", "CAST({0} AS BLOB)", "CAST(x'ff' || {0} AS TEXT)", "substr({0}, 2)"]
)
def test_a_change_in_any_column_is_named(tmp_path: Path, column: str, value: str) -> None:
    """A value with a character more or less, of another type, or no text at all: entry 3."""
    written(tmp_path / "j.db").close()
    change(
        tmp_path / "j.db",
        f"UPDATE entries SET {column}={value.format(f'coalesce({column}, 1)')} WHERE seq=3",
    )

    seq, words = found(tmp_path / "j.db")

    assert seq == 3
    assert "Entry 3 is not as it was written" in words or "Entry 3 cannot be read" in words


def test_each_flipped_byte_of_an_entry_is_named(tmp_path: Path) -> None:
    """Whatever byte of what an entry says is flipped in the file itself, that entry is named."""
    path = tmp_path / "j.db"
    written(path).close()
    raw = path.read_bytes()
    begin = raw.index(b"scanned111-3")
    end = raw.index(b"scanned111-2")
    places = range(begin, min(raw.index(b"x3", begin) + 2 + 64, end))
    flipped = 0
    for place in places:
        spoilt = bytearray(raw)
        spoilt[place] ^= 1
        path.write_bytes(spoilt)
        assert found(path)[0] == 3, place
        flipped += 1
    assert flipped > 100


@pytest.mark.parametrize("last", [4, COUNT])
def test_entries_that_were_taken_out_are_named(tmp_path: Path, last: int) -> None:
    """Entries missing from the middle are named by the first of them, and so is a lost end."""
    written(tmp_path / "j.db").close()
    change(tmp_path / "j.db", f"DELETE FROM entries WHERE seq BETWEEN 3 AND {last}")

    seq, words = found(tmp_path / "j.db")

    assert seq == 3
    assert words.startswith("Entry 3 is missing: ")


@pytest.mark.parametrize(
    "swap",
    [
        ["UPDATE entries SET seq=99 WHERE seq=3", "UPDATE entries SET seq=3 WHERE seq=5",
         "UPDATE entries SET seq=5 WHERE seq=99"],
        ["CREATE TABLE two AS SELECT * FROM entries WHERE seq IN (3,5)",
         *(f"UPDATE entries SET {name}=(SELECT {name} FROM two WHERE two.seq=8-entries.seq)"
           " WHERE seq IN (3,5)" for name in (*COLUMNS[1:], "hash"))],
    ],
    ids=["numbers", "contents"],
)  # fmt: skip
def test_swapped_entries_are_named(tmp_path: Path, swap: list[str]) -> None:
    """Two entries in each other's place are found at the first of them."""
    written(tmp_path / "j.db").close()
    change(tmp_path / "j.db", *swap)

    assert found(tmp_path / "j.db")[0] == 3


def test_a_missing_mark_or_hash_is_no_way_round(tmp_path: Path) -> None:
    """Without its mark the chain is told as not made, and blank hashes are no chain."""
    written(tmp_path / "j.db").close()
    change(tmp_path / "j.db", "UPDATE entries SET hash='' WHERE seq>2")
    assert found(tmp_path / "j.db")[0] == 3
    change(tmp_path / "j.db", "DELETE FROM marks WHERE name='chained'")

    with closing(Journal(tmp_path / "j.db", read_only=True)) as journal:
        assert journal.look().made_upto is None


def test_the_clock_set_back_is_told(tmp_path: Path) -> None:
    """An entry an hour older than the one above is named; a minute is what clocks do."""
    times = iter([0, 10, 3700, 3650, 100, 4000, 3950, 3925, 3900])
    journal = Journal(tmp_path / "j.db", clock=lambda: NOON + timedelta(seconds=next(times)))
    for _ in range(9):
        journal.append("signed-in", "", 0, "Ana")

    found = journal.look()

    assert found.back == ((5, 3600), (8, 75))
    assert found.wrong is None


def test_an_older_journal_is_chained_when_it_is_opened(tmp_path: Path) -> None:
    """A file from before the chain gets one, with the mark up to where, and goes on below it."""
    path = tmp_path / "j.db"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(f"{journal_module._BEGAN};{journal_module._MANY_STATIONS};")
        for seq in range(1, 4):
            db.execute("INSERT INTO entries VALUES(?,'scanned','o',1,'Ana',0,NULL,'{}')", (seq,))
        db.executescript("PRAGMA user_version=2; PRAGMA journal_mode=wal;")
    with closing(Journal(path, read_only=True)) as before:
        assert before.look().made_upto is None
        assert (before.verify(), before.anchors()) == ((3, ""), ())

    journal = Journal(path)
    journal.append("scanned", "o", 1, "Ana")

    assert journal.look().made_upto == 3
    assert journal.verify() == (4, "")
    change(path, "UPDATE entries SET order_id='p' WHERE seq=2")
    assert journal.verify()[0] == 2


def test_a_new_journal_was_not_chained_at_once(tmp_path: Path) -> None:
    """A journal that was a chain from its first entry on says 0, also after it was opened again."""
    written(tmp_path / "j.db").close()

    assert Journal(tmp_path / "j.db").look().made_upto == 0


def test_a_whole_journal_written_anew_needs_an_anchor(tmp_path: Path) -> None:
    """A chain that was made again from entry 3 looks whole; only a hash kept elsewhere shows it."""
    journal = written(tmp_path / "j.db")
    kept = journal.head
    journal.close()
    rewrite(tmp_path / "j.db", 3)

    journal = Journal(tmp_path / "j.db")

    assert journal.verify() == (COUNT, "")
    assert journal.look(kept.seq).asked != kept.hash


# — what the store said of its audit log —
def heads(journal: Journal) -> list[tuple[int, str]]:
    """Return the anchors of a journal."""
    return [(anchor.head.seq, anchor.head.hash) for anchor in journal.anchors()]


def test_each_head_is_kept_once(tmp_path: Path) -> None:
    """What the store says again is not written again; two hashes for one line are both kept."""
    journal = written(tmp_path / "j.db")
    for head in (Head(), Head(1, "a"), Head(1, "a"), Head(3, "c"), Head(3, "x")):
        journal.keep_anchor(head)

    assert heads(journal) == [(1, "a"), (3, "c"), (3, "x")]
    assert journal.anchors()[0].at == NOON


def test_nonsense_of_a_store_is_not_kept(tmp_path: Path) -> None:
    """A number that no file holds, and a hash without end, are no anchors."""
    journal = written(tmp_path / "j.db")
    for head in (Head(2**63, "a"), Head(-1, "a"), Head(1, "a" * 65)):
        journal.keep_anchor(head)

    assert heads(journal) == []


def test_what_cannot_be_written_leaves_no_trace(tmp_path: Path) -> None:
    """An entry that has no JSON form is refused, and the next one is written as ever."""
    journal = written(tmp_path / "j.db")
    with pytest.raises(TypeError):
        journal.append("scanned", "o", 1, "Ana", None, {"text": object()})

    journal.append("scanned", "o", 1, "Ana")

    assert journal.verify() == (COUNT + 1, "")


def test_the_oldest_anchors_go_but_one_of_each_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of more than are kept only the newest of each day stays."""
    monkeypatch.setattr(journal_chain, "KEPT", 4)
    now = [NOON]
    journal = Journal(tmp_path / "j.db", clock=lambda: now[0])
    for day in range(3):
        for number in range(1, 4):
            now[0] = NOON + timedelta(days=day, minutes=number)
            journal.keep_anchor(Head(day * 10 + number, "h"))

    assert [seq for seq, _ in heads(journal)] == [3, 13, 21, 22, 23]


def test_anchors_belong_to_one_store(tmp_path: Path) -> None:
    """A bench that moves to another store does not compare it with what the first one said."""
    journal = written(tmp_path / "j.db")
    journal.welcomed(Welcome(0, "first", 1, NOON))
    journal.keep_anchor(Head(1, "a"))
    journal.welcomed(Welcome(0, "second", 4, NOON))
    journal.keep_anchor(Head(1, "b"))

    assert [(a.head.hash, a.epoch) for a in journal.anchors()] == [("b", 4)]


def test_a_journal_that_takes_the_place_of_another_knows_its_anchors(tmp_path: Path) -> None:
    """Entries get a chain of their own in the new file, and the anchors come along."""
    old: Any = written(tmp_path / "j.db")
    old.welcomed(Welcome(0, "store", 1, NOON))
    old.keep_anchor(Head(7, "a"))
    fresh = Journal(tmp_path / "k.db")

    assert fresh.go_on_from(old.pending(-1), old.anchors()) == COUNT

    fresh.welcomed(Welcome(0, "store", 1, NOON))
    assert heads(fresh) == [(7, "a")]
    assert fresh.verify() == (COUNT, "")
