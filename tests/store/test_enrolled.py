"""Who may come over HTTPS, and when a station was heard of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from store.samples import NOON
from store.seats import Keeper

if TYPE_CHECKING:
    from store.samples import Clock

    from station.store.sql import SqlOrderStore


def test_a_station_is_enrolled_once_at_a_time(sql_store: SqlOrderStore, clock: Clock) -> None:
    """A new token ends the one before, a revoked one is nobody's, and a new one is good again."""
    sql_store.enrol("bench-1", "station", "a" * 64)
    sql_store.enrol("office", "office", "b" * 64)
    known = sql_store.who("a" * 64)
    assert known is not None
    assert (known.station, known.role, known.enrolled) == ("bench-1", "station", NOON)
    assert (known.revoked, known.seen) == (None, None)
    clock.move(60)
    sql_store.enrol("bench-1", "office", "c" * 64)
    assert sql_store.who("a" * 64) is None
    again = sql_store.who("c" * 64)
    assert again is not None
    assert (again.station, again.role) == ("bench-1", "office")
    assert sql_store.revoke("bench-1")
    assert not sql_store.revoke("bench-1")
    assert not sql_store.revoke("nobody")
    assert sql_store.who("c" * 64) is None
    assert [one.station for one in sql_store.enrolled()] == ["bench-1", "office"]
    assert [one.revoked is None for one in sql_store.enrolled()] == [False, True]
    sql_store.enrol("bench-1", "station", "d" * 64)
    assert sql_store.who("d" * 64) is not None
    assert sql_store.who("c" * 64) is None


def test_it_is_known_when_a_station_was_heard_of(sql_store: SqlOrderStore, clock: Clock) -> None:
    """Coming and sending entries count; being enrolled does not."""
    sql_store.enrol("bench-1", "station", "a" * 64)
    keeper = Keeper(sql_store)
    seen = []
    for call in (keeper.come, keeper.deliver):
        clock.move(60)
        keeper.note()
        call()
        (one,) = sql_store.enrolled()
        seen.append(one.seen)
    assert seen == [NOON.replace(minute=1), NOON.replace(minute=2)]


def test_only_the_whole_hash_is_a_token(sql_store: SqlOrderStore) -> None:
    """Nothing that resembles a token is one."""
    sql_store.enrol("bench-1", "station", "a" * 64)
    for wrong in ("", "a" * 63, "A" * 64, "%", "' OR 1=1 --", "a" * 64 + "\0"):
        assert sql_store.who(wrong) is None
