"""The audit log in both databases: a chain that only grows, and what is done to it is found."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import insert, select
from store.audit_lines import COUNT, audit_head, rewrite, spoil, write

from station.acts import Head
from station.chain import digest
from station.store import audit
from station.store.schema import journals
from station.store.schema_people import audit_log

if TYPE_CHECKING:
    from store.samples import Clock

    from station.store.sql import SqlOrderStore

SWAPPED_NUMBERS = (
    "UPDATE audit_log SET seq=99 WHERE seq=3",
    "UPDATE audit_log SET seq=3 WHERE seq=5",
    "UPDATE audit_log SET seq=5 WHERE seq=99",
)
SWAPPED_CONTENTS = (
    "CREATE TABLE two AS SELECT * FROM audit_log WHERE seq IN (3,5)",
    *(
        f"UPDATE audit_log SET {name}=(SELECT {name} FROM two WHERE two.seq=8-audit_log.seq)"
        " WHERE seq IN (3,5)"
        for name in (*audit.FIELDS[1:], "hash")
    ),
)


def found(store: SqlOrderStore) -> tuple[int, str]:
    """Return the first line that is wrong, and the words."""
    wrong = store.walk_audit().wrong
    return (wrong.seq, wrong.words) if wrong else (0, "")


def test_lines_come_back_as_they_were_written(sql_store: SqlOrderStore) -> None:
    """Lines are numbered from 1, found after any of them, and the newest is the head."""
    assert audit_head(sql_store) == Head()
    head = write(sql_store)

    lines = sql_store.audit(2, 3)

    assert [(line.seq, line.order_id, line.data) for line in lines] == [
        (n, f"111-{n}", {"units": n}) for n in (3, 4, 5)
    ]
    assert sql_store.audit(COUNT) == ()
    assert sql_store.audit(COUNT - 1)[0].hash == head.hash
    assert sql_store.walk_audit() == audit.AuditLook(head)


def test_the_hash_covers_the_line_and_the_one_above(sql_store: SqlOrderStore) -> None:
    """Anybody can compute a line's hash from what the line says and the hash above it."""
    write(sql_store, 2)
    with sql_store._database.read() as connection:
        first, second = connection.execute(select(audit_log)).mappings().all()

    assert first["hash"] == digest("", audit.fields_of(dict(first)))
    assert second["hash"] == digest(first["hash"], audit.fields_of(dict(second)))


def test_a_long_log_is_followed_to_its_end(sql_store: SqlOrderStore) -> None:
    """A log of more than one page is followed whole, and its last line is looked at too."""
    rows, above = [], ""
    for seq in range(1, 2103):
        words = dict.fromkeys(("who", "role", "station", "act", "order_id", "reason"), "x")
        line = {"seq": seq, "at_ms": seq, "data": "{}", **words}
        above = digest(above, audit.fields_of(line))
        rows.append({**line, "hash": above})
    with sql_store._database.write() as connection:
        connection.execute(insert(audit_log), rows)
    assert sql_store.walk_audit().head == Head(2102, above)

    spoil(sql_store, "UPDATE audit_log SET reason='y' WHERE seq=2102")

    assert found(sql_store)[0] == 2102


def test_a_change_in_any_column_is_named(sql_store: SqlOrderStore) -> None:
    """Each column of line 3 in turn, by one character or one: line 3 is named."""
    write(sql_store)
    numbers = {"seq", "at_ms"}
    for column in (*audit.FIELDS[1:], "hash"):
        spoil(sql_store, "CREATE TABLE kept AS SELECT * FROM audit_log WHERE seq=3")
        value = f"{column}+1" if column in numbers else f"{column} || '.'"
        spoil(sql_store, f"UPDATE audit_log SET {column}={value} WHERE seq=3")
        assert found(sql_store) == (
            3,
            "Audit entry 3 is not as it was written: its hash does not fit.",
        ), column
        back = f"UPDATE audit_log SET {column}=(SELECT {column} FROM kept) WHERE seq=3"
        spoil(sql_store, back, "DROP TABLE kept")
        assert found(sql_store) == (0, "")


@pytest.mark.parametrize("value", ["CAST({0} AS BLOB)", "CAST(x'ff' AS TEXT)", "NULL", "''"])
def test_what_is_no_text_is_named(sqlite_url: str, clock: Clock, value: str) -> None:
    """In a file a column may hold bytes that are no text: the line is named all the same."""
    from station.store.sql import SqlOrderStore

    store = SqlOrderStore.open(sqlite_url, clock=clock)
    write(store)
    spoil(
        store,
        "ALTER TABLE audit_log RENAME TO strict_log",
        "CREATE TABLE audit_log(seq, at_ms, who, role, station, act, order_id, reason, data, hash)",
        "INSERT INTO audit_log SELECT * FROM strict_log",
    )
    for column in (*audit.FIELDS[1:], "hash"):
        spoil(
            store,
            f"UPDATE audit_log SET {column}={value.format(column)} WHERE seq=3",
        )
        assert found(store)[0] == 3, column
        kept = f"SELECT {column} FROM strict_log WHERE seq=3"
        spoil(store, f"UPDATE audit_log SET {column}=({kept}) WHERE seq=3")
        assert found(store) == (0, "")
    store.close()


def test_a_dropped_line_is_named(sql_store: SqlOrderStore) -> None:
    """A line that was taken out of the middle is missing, and so is one before the first."""
    write(sql_store)
    spoil(sql_store, "DELETE FROM audit_log WHERE seq=3")
    assert found(sql_store) == (3, "Audit entry 3 is missing: the next one is 4.")
    spoil(sql_store, "DELETE FROM audit_log WHERE seq<3")
    assert found(sql_store) == (1, "Audit entry 1 is missing: the next one is 4.")
    spoil(sql_store, "UPDATE audit_log SET seq=-1 WHERE seq=4")
    assert found(sql_store)[0] == 1


@pytest.mark.parametrize("swap", [SWAPPED_NUMBERS, SWAPPED_CONTENTS], ids=["numbers", "contents"])
def test_swapped_lines_are_named(sql_store: SqlOrderStore, swap: tuple[str, ...]) -> None:
    """Two lines in each other's place are found at the first of them."""
    write(sql_store)
    spoil(sql_store, *swap)

    assert found(sql_store)[0] == 3


def test_an_end_that_was_cut_off_is_not_found_here(sql_store: SqlOrderStore) -> None:
    """The log alone cannot show that its newest lines are gone: that needs a head kept elsewhere.

    This is the control of the tests with anchors, which find the same.
    """
    head = write(sql_store)
    spoil(sql_store, "DELETE FROM audit_log WHERE seq>4")
    assert found(sql_store) == (0, "")

    assert sql_store.anchors("bench-1", [4, head.seq]).audit == (audit_head(sql_store),)


def test_a_log_written_anew_is_not_found_here(sql_store: SqlOrderStore) -> None:
    """The log alone cannot show that it was made again from line 3; the lines' hashes do."""
    head = write(sql_store)
    before = sql_store.anchors("bench-1", [2, 3, head.seq]).audit
    rewrite(sql_store, 3)
    assert found(sql_store) == (0, "")

    after = sql_store.anchors("bench-1", [2, 3, head.seq]).audit

    assert [old == new for old, new in zip(before, after, strict=True)] == [True, False, False]


def test_the_clock_set_back_is_written_down(sql_store: SqlOrderStore, clock: Clock) -> None:
    """The log's times never go back; the first line after each step says how far the clock is."""
    for seconds in (0, -3600, 5, -70, -30, -50, 4000):
        clock.move(seconds)
        sql_store._database.change(
            lambda c: audit.append(c, sql_store._now(), who="Sue", role="owner", act="hold")
        )

    look = sql_store.walk_audit()

    assert look.back == ((2, 3600), (4, 3665), (6, 3745))
    assert look.wrong is None
    times = [line.at for line in sql_store.audit()]
    assert times == sorted(times)


def test_times_that_go_back_are_wrong(sql_store: SqlOrderStore) -> None:
    """A chain that fits but whose times go back was not written by this program."""
    write(sql_store)
    spoil(sql_store, "UPDATE audit_log SET at_ms=at_ms-3600000 WHERE seq=4")
    rewrite(sql_store, 4, "Sue")

    assert found(sql_store) == (4, "Audit entry 4 is older than the one above it.")


def test_many_write_one_chain(sql_store: SqlOrderStore) -> None:
    """Lines written by several threads at once are one chain without gaps."""
    threads = [threading.Thread(target=lambda: write(sql_store, 5)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sql_store.walk_audit().head.seq == 20
    assert found(sql_store) == (0, "")


def test_what_is_undone_leaves_no_line(sql_store: SqlOrderStore) -> None:
    """A line goes with the transaction that it tells of, and leaves no gap."""

    def fails(connection: object) -> None:
        audit.append(connection, 1, who="Sue", role="owner", act="hold")  # type: ignore[arg-type]
        raise ValueError

    write(sql_store, 2)
    with pytest.raises(ValueError, match=r"^$"):
        sql_store._database.change(fails)
    write(sql_store, 1)

    assert sql_store.walk_audit().head.seq == 3


def test_hostile_words_are_kept_in_the_chain(sql_store: SqlOrderStore) -> None:
    """Half a pair of surrogates, NUL and signs of every kind are stored, and the chain fits."""
    sql_store._database.change(
        lambda c: audit.append(
            c,
            1,
            who="\ud800x\0",
            role="owner",
            act="hold",
            reason="\u202e\x1b[31m'\"\\\U0001f600",
            data={"k": "\ud800\0"},
        )
    )

    assert found(sql_store) == (0, "")
    assert sql_store.audit()[0].who == "\ufffdx\ufffd"


def test_a_stations_head_is_its_own(sql_store: SqlOrderStore) -> None:
    """A station is told how far its own journal is known; unknown ones have said nothing."""
    row = {"station": "bench-1", "head_seq": 7, "head_hash": "h"}
    with sql_store._database.write() as connection:
        connection.execute(insert(journals).values(row))

    assert sql_store.anchors("bench-1").journal == Head(7, "h")
    assert sql_store.anchors("bench-2").journal == Head()
