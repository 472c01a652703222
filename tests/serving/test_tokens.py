"""Who comes with a token, and how soon that ends."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from station.errors import StoreUnreachable
from station.store.service import tokens
from station.store.service.callers import Caller, Role
from station.store.service.tokens import KEPT_S, MOST, Callers
from station.store.sql import SqlOrderStore
from station.store.stations import Enrolled

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 11, 22, 14, tzinfo=UTC)


class Book:
    """A register that a test writes, and that counts how often it is asked."""

    def __init__(self) -> None:
        self.now = 0.0
        self.asked = 0
        self.away = False
        self.good: dict[str, Enrolled] = {}

    def enrol(self, station: str, role: str = "station") -> str:
        """Enrol a station; return its token."""
        token = tokens.new()
        self.good[tokens.digest(token)] = Enrolled(station, role, AT, None, None)
        return token

    def who(self, token_hash: str) -> Enrolled | None:
        """Return who has the token."""
        self.asked += 1
        if self.away:
            raise StoreUnreachable("away")
        return self.good.get(token_hash)

    def clock(self) -> float:
        """Return the seconds."""
        return self.now


@pytest.fixture
def book() -> Book:
    """Return an empty register."""
    return Book()


@pytest.fixture
def callers(book: Book) -> Callers:
    """Return callers that are known by the register."""
    return Callers(book, clock=book.clock)


def test_tokens_are_long_and_never_alike() -> None:
    """A token has 256 bits in 43 characters; its digest is 64 hexadecimal ones."""
    made = {tokens.new() for _ in range(100)}
    assert {len(token) for token in made} == {43}
    assert len(made) == 100
    assert len(tokens.digest(made.pop())) == 64


def test_a_token_says_who_comes(book: Book, callers: Callers) -> None:
    """Station and role are those of the register; an unknown token is nobody."""
    bench, office = book.enrol("bench-1"), book.enrol("desk", "office")
    assert callers.who(bench) == Caller("bench-1", "station")
    assert callers.who(office) == Caller("desk", "office")
    assert callers.who(tokens.new()) is None
    assert callers.who("\udcff\ud800 strange") is None


def test_an_answer_is_kept_for_a_while(book: Book, callers: Callers) -> None:
    """The store is asked once about a good token and once about a wrong one, within 20 s."""
    good, wrong = book.enrol("bench-1"), tokens.new()
    for _ in range(50):
        callers.who(good)
        callers.who(wrong)
        book.now += KEPT_S / 100
    assert book.asked == 2
    assert callers.ready(good)
    book.now += KEPT_S
    assert not callers.ready(good)


def test_a_revoked_token_ends_within_a_minute(book: Book, callers: Callers) -> None:
    """However often it comes, a revoked token is nobody's after the time of the cache."""
    token = book.enrol("bench-1")
    assert callers.who(token)
    book.good.clear()
    ended = None
    while ended is None:
        book.now += 1
        ended = book.now if callers.who(token) is None else None
    assert ended <= KEPT_S <= 60
    assert not callers.familiar(token)


def test_a_store_that_is_away_is_told(book: Book, callers: Callers) -> None:
    """Without the store a kept answer is good until it ends, then nobody is let in."""
    token = book.enrol("bench-1")
    callers.who(token)
    book.away = True
    assert callers.who(token)
    book.now += KEPT_S
    with pytest.raises(StoreUnreachable):
        callers.who(token)
    assert callers.familiar(token)


def test_guessing_takes_bounded_memory_and_pushes_nobody_out(book: Book, callers: Callers) -> None:
    """Ten thousand wrong tokens leave the good one known, and a thousand wrong ones."""
    token = book.enrol("bench-1")
    callers.who(token)
    for number in range(10_000):
        callers.who(f"wrong {number}")
    asked = book.asked
    assert callers.who(token)
    assert book.asked == asked
    assert len(callers._unknown) == MOST


@pytest.mark.parametrize("role", ["board", "viewer"])
def test_a_board_has_its_role(book: Book, callers: Callers, role: Role) -> None:
    """Who looks at the board comes in as that, and as no bench."""
    assert callers.who(book.enrol("wall", role)) == Caller("wall", role)


@pytest.mark.parametrize("role", ["", "Office", "owner", "station "])
def test_a_role_that_nobody_knows_is_nobody(book: Book, callers: Callers, role: str) -> None:
    """What a newer program wrote into the register lets nobody in."""
    assert callers.who(book.enrol("bench-1", role)) is None


def test_stations_of_the_last_minute_are_counted(book: Book, callers: Callers) -> None:
    """A station counts once however often it comes, and no longer when it stays away."""
    first, second = book.enrol("bench-1"), book.enrol("bench-2")
    callers.who(first)
    book.now += 40
    for _ in range(3):
        callers.who(second)
    assert callers.seen(60) == 2
    book.now += 30
    assert callers.seen(60) == 1


def test_the_store_itself_is_a_register(tmp_path: Path) -> None:
    """Enrolled, replaced and revoked in the database means so at the door."""
    now = [0.0]
    store = SqlOrderStore.open(f"sqlite:///{tmp_path / 'store.db'}")
    callers = Callers(store, clock=lambda: now[0])
    old, new = tokens.new(), tokens.new()
    store.enrol("bench-1", "station", tokens.digest(old))
    assert callers.who(old) == Caller("bench-1", "station")
    store.enrol("bench-1", "station", tokens.digest(new))
    now[0] += KEPT_S
    assert (callers.who(old), callers.who(new)) == (None, Caller("bench-1", "station"))
    store.revoke("bench-1")
    now[0] += KEPT_S
    assert callers.who(new) is None
    store.close()
