"""Both chains against what the other side was told: the list of what somebody may do to them.

Each thing is done to the database, or to the journal's file, behind the program's back. What the
chain alone cannot show is tried without anchors too, and is not found there.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert
from store.audit_lines import COUNT, audit_head, rewrite, spoil, write
from store.many_clients import Badges
from store.samples import NOON
from unit import test_journal_chain as bench

from station import compose, upkeep, verifying
from station.acts import Head
from station.compose import Place
from station.config import Settings, StoreSettings
from station.journal import Journal
from station.journal_chain import Anchor
from station.model import Welcome
from station.store.schema import journals
from station.store.sql import SqlOrderStore
from station.sync.client import HttpOrderStore
from station.verbs import reporting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from store.conftest import Service
    from store.samples import Clock

CUT = "DELETE FROM audit_log WHERE seq>4"


class House:
    """A bench and its store, which were in touch when both had six lines."""

    def __init__(self, place: Place, store: SqlOrderStore) -> None:
        self.place = place
        self.store = store
        self.ask_as = ["bench-1"]
        """Whose token is used where the store is on another machine."""

    def tell(self) -> None:
        """Let the bench and the store tell each other their newest lines."""
        head = audit_head(self.store)
        with closing(Journal(self.place.journal_path)) as journal:
            journal.welcomed(Welcome(0, "store", 1, NOON))
            journal.keep_anchor(head)
            mine = journal.head
        row = {"station": "bench-1", "head_seq": mine.seq, "head_hash": mine.hash}
        with self.store._database.write() as connection:
            connection.execute(journals.delete())
            connection.execute(insert(journals).values(row))

    def found(self, report: Head | None = None) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return what is found in the journal and in the audit log."""
        journal, audit, *_ = verifying.verify(self.place, report)
        return journal.findings, audit.findings


on_both = pytest.mark.parametrize("house", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def house(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[House]:
    """Return a bench with its store, in a file or in the named database, in touch at line 2, 4, 6.

    What is done to the journal has nothing to do with the store's database.
    """
    url = request.getfixturevalue(f"{getattr(request, 'param', 'sqlite')}_url")
    place = Place(replace(Settings(), store=StoreSettings(url=url)), tmp_path)
    store = SqlOrderStore.open(url, clock=clock)
    made = House(place, store)
    bench.written(place.journal_path).close()
    for _ in range(3):
        write(store, 2)
        made.tell()
    yield made
    store.close()


def told(seq: int, what: str = "not the one this bench was told on") -> str:
    """Return how a finding about a line that the bench was told of begins."""
    return f"Audit entry {seq} is {what} 2026-11-23 "


def test_nothing_is_found_where_nothing_was_done(house: House) -> None:
    """Both chains are whole, and each side has what the other was told."""
    journal, audit, *_ = verifying.verify(house.place, audit_head(house.store))

    assert (journal.findings, audit.findings) == ((), ())
    assert journal.words == f"{COUNT} entries, none missing, none changed; the store knows entry 6"
    assert audit.words == (
        f"{COUNT} entries, none missing, none changed; 3 anchors of this bench fit,"
        " and the report's"
    )


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE audit_log SET who='Bob' WHERE seq=3", "Audit entry 3 is not as it was written"),
        ("DELETE FROM audit_log WHERE seq=3", "Audit entry 3 is missing: the next one is 4."),
        ("UPDATE audit_log SET seq=9-seq+1 WHERE seq IN (3)", "Audit entry 3 is missing"),
        (CUT, told(6, "missing: this bench was told of it on")),
        ("DELETE FROM audit_log", told(2, "missing: this bench was told of it on")),
    ],
)
def test_the_first_bad_audit_line_is_named(house: House, statement: str, words: str) -> None:
    """What was done to the audit log is found, and the journal is said to be whole."""
    spoil(house.store, statement)

    journal, audit = house.found()

    assert journal == ()
    assert audit[0].startswith(words)


@on_both
@pytest.mark.parametrize(("seq", "first"), [(2, 2), (3, 4), (6, 6)])
def test_an_audit_log_written_anew_is_found(house: House, seq: int, first: int) -> None:
    """A log made again from a line on is found at the first line below that the bench knows."""
    rewrite(house.store, seq)

    _journal, audit = house.found()

    assert audit[0].startswith(told(first))


@on_both
def test_without_anchors_a_cut_end_is_not_found(house: House) -> None:
    """The control: a cut that a bench finds is not found where no bench was told anything."""
    spoil(house.store, CUT)
    assert house.found()[1][0].startswith(told(6, "missing: this bench was told of it on"))
    house.place.journal_path.unlink()

    assert house.found() == ((), ())


@pytest.mark.parametrize("do", [lambda h: spoil(h.store, CUT), lambda h: rewrite(h.store, 1)])
def test_the_end_of_a_printed_report_finds_it_too(
    house: House, do: Callable[[House], None]
) -> None:
    """With the last line of a day's report a cut or rewritten log is found without any bench."""
    report = audit_head(house.store)
    house.place.journal_path.unlink()
    assert house.found(report) == ((), ())
    do(house)

    _journal, audit = house.found(report)

    assert audit[0].startswith(f"Audit entry {report.seq} is ")
    assert audit[0].endswith(("missing: the report has it.", "not the one of the report."))


@pytest.mark.parametrize("seq", [3, COUNT])
def test_a_journal_written_anew_is_found(house: House, seq: int) -> None:
    """A journal made again from an entry on is found at the newest entry that the store knows."""
    bench.rewrite(house.place.journal_path, seq)

    journal, audit = house.found()

    assert journal == (f"Entry {COUNT} is not the one that the store was told of.",)
    assert audit == ()


def test_the_cut_end_of_a_journal_is_found(house: House) -> None:
    """A journal whose end was cut off, counter and all, lacks what the store was told of."""
    cut = ("DELETE FROM entries WHERE seq>4", "UPDATE sqlite_sequence SET seq=4")
    bench.change(house.place.journal_path, *cut)

    assert house.found()[0] == ("Entry 5 is missing: the store was told of entry 6.",)


def test_without_the_store_the_cut_end_of_a_journal_is_not_found(house: House) -> None:
    """The control: a store that cannot be asked leaves the cut unseen, and that is told."""
    cut = ("DELETE FROM entries WHERE seq>4", "UPDATE sqlite_sequence SET seq=4")
    bench.change(house.place.journal_path, *cut)
    nowhere = StoreSettings(url="postgresql+psycopg://nobody@127.0.0.1:1/none")
    place = replace(house.place, settings=replace(house.place.settings, store=nowhere))

    journal, audit, *_ = verifying.verify(place)

    assert (journal.findings, audit.findings) == ((), ())
    assert "not compared with the store: " in journal.words
    assert audit.words.startswith("not compared: ")
    _, asked = verifying.verify(place, Head(1, "0" * 64))
    assert asked.findings == ("The line of the report was not compared.",)


@pytest.mark.parametrize("statement", [
    "UPDATE entries SET packer='Ben' WHERE seq=3", "DELETE FROM entries WHERE seq=3",
])  # fmt: skip
def test_the_first_bad_journal_entry_is_named(house: House, statement: str) -> None:
    """What was done to the journal is found, and the audit log is said to be whole."""
    bench.change(house.place.journal_path, statement)

    journal, audit = house.found()

    assert journal[0].startswith("Entry 3 is ")
    assert audit == ()


def test_the_clock_set_back_is_a_finding(house: House, clock: Clock) -> None:
    """Both chains name the line before which a clock was set back by an hour."""
    clock.move(-3600)
    write(house.store, 1)
    with closing(sqlite3.connect(house.place.journal_path)) as db, db:
        db.execute("UPDATE entries SET at_ms=at_ms-3600000 WHERE seq=6")
    bench.rewrite(house.place.journal_path, 6, "Ana")
    house.tell()

    journal, audit = house.found()

    assert journal == ("Entry 6 was written with the clock set back by 3600 s.",)
    assert audit == ("Audit entry 7 was written with the clock set back by 3600 s.",)


def test_a_restored_store_is_told_as_such(house: House) -> None:
    """Anchors from before the store was restored do not fit, and the words say why that may be."""
    spoil(house.store, CUT)
    with closing(Journal(house.place.journal_path)) as journal:
        journal.welcomed(Welcome(0, "store", 2, NOON))

    (words,) = house.found()[1]

    assert words.startswith(told(6, "missing: this bench was told of it on"))
    assert words.endswith(" The store was restored from a backup since.")


def test_a_renewed_journal_keeps_the_anchors_and_is_written_down(house: House) -> None:
    """A new journal knows what the old one was told, and the log tells that it was begun."""
    store, path = house.store, house.place.journal_path
    with closing(Journal(path)) as journal:
        old = journal.head
        store.hello("bench-1", journal.presence("first"))
    upkeep.renew_journal(house.place)
    with closing(Journal(path)) as journal:
        store.hello("bench-1", journal.presence("second"))

    line = store.audit(COUNT)[-1]
    assert (line.act, line.station, line.data["head_hash"]) == (
        "journal-renewed",
        "bench-1",
        old.hash,
    )
    assert house.found() == ((), ())
    spoil(store, CUT)
    assert house.found()[1][0].startswith(told(6, "missing: this bench was told of it on"))


# — over HTTPS —
@pytest.fixture
def far(house: House, service: Service, monkeypatch: pytest.MonkeyPatch) -> House:
    """Return the same bench with its store on another machine; an office beside it."""
    service.over(house.store)

    def opened(_place: Place) -> HttpOrderStore:
        return HttpOrderStore(service.url, Badges.token(house.ask_as[0]), answer_s=60)

    monkeypatch.setattr(compose, "open_store", opened)
    there = StoreSettings(url=service.url)
    house.place = replace(house.place, settings=replace(house.place.settings, store=there))
    return house


def test_a_bench_compares_what_it_was_told_with_a_far_store(far: House) -> None:
    """Over HTTPS the journal and the anchors are compared; that this is not all is told."""
    journal, audit, *_ = verifying.verify(far.place, audit_head(far.store))
    assert (journal.findings, audit.findings) == ((), ())
    assert audit.words == (
        "3 anchors of this bench fit, and the report's;"
        " the store's own machine can follow all of it"
    )
    rewrite(far.store, 3)
    bench.rewrite(far.place.journal_path, 3)

    found = far.found()

    assert found[0] == (f"Entry {COUNT} is not the one that the store was told of.",)
    assert found[1][0].startswith(told(4))


def test_more_anchors_than_one_question_holds_are_all_compared(far: House) -> None:
    """Hundreds of anchors are asked for in parts, and the one that does not fit is found."""
    write(far.store, 234)
    lines = (*far.store.audit(COUNT), *far.store.audit(COUNT + 200))
    with closing(Journal(far.place.journal_path)) as journal:
        journal.go_on_from((), [Anchor(Head(n.seq, n.hash), NOON, "store", 1) for n in lines])
    assert far.found() == ((), ())
    spoil(far.store, "UPDATE audit_log SET hash='x' WHERE seq=231")

    assert far.found()[1][0].startswith(told(231))


@pytest.mark.parametrize("who", ["office", "board"])
def test_an_office_reports_what_was_signed(
    far: House, clock: Clock, capsys: pytest.CaptureFixture[str], who: str
) -> None:
    """An office finds the day's lines among all, and says what it cannot see."""
    far.ask_as[0] = who
    far.place.journal_path.unlink()
    clock.move(86_400)
    write(far.store, 3)
    clock.move(86_400)
    head = write(far.store, 2)

    for day, lines in ((23, COUNT), (24, 3), (25, 2), (26, 0), (20, 0)):
        reporting.day(far.place, NOON.date().replace(day=day), as_json=False)
        told_ = capsys.readouterr().out
        assert "Orders, packers and scans stand in the store" in told_
        assert f"decided    {lines}, wrong PINs 0" in told_
        assert told_.endswith(f"audit {head.seq}:{head.hash}\n")
