"""Who comes in, and how often."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from serving.asgi import Echo, ask, scope
from serving.test_buckets import Clock
from serving.test_tokens import Book

from station.store.service import tokens
from station.store.service.callers import Caller
from station.store.service.door import OPEN, PROVING, Door, network
from station.store.service.guard import CALLER
from station.store.service.tokens import Callers

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

RATE = 5.0


class House:
    """A door with a register behind it, and what came through."""

    def __init__(self) -> None:
        self.book = Book()
        self.clock = Clock()
        self.came: list[object] = []
        self.door = Door(self._inside, Callers(self.book), RATE, clock=self.clock, slow_s=0)
        self._echo = Echo()

    async def _inside(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.came.append(scope[CALLER])
        await self._echo(scope, receive, send)

    async def knock(self, token: str = "", place: str = "192.0.2.1", **more: Any) -> int:
        """Send a request and return the answer's status."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        asked = scope(**headers) | {"client": (place, 1)} | more
        return (await ask(self.door, asked)).status


@pytest.fixture
def house() -> House:
    """Return a door that was never knocked at."""
    return House()


async def test_a_good_token_comes_in_under_its_name(house: House) -> None:
    """What comes in is marked with who sends it."""
    assert await house.knock(house.book.enrol("bench-1")) == 200
    assert house.came == [Caller("bench-1", "station")]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": ""},
        {"authorization": "Bearer"},
        {"authorization": "Bearer "},
        {"authorization": "Basic TOKEN"},
        {"authorization": "TOKEN"},
        {"authorization": "Bearer TOKEN" + "x" * 10_000},
        {"authorization": "Bearer \xff\xfe"},
        {"x-token": "TOKEN"},
    ],
)
async def test_what_is_no_good_token_stays_out(house: House, headers: dict[str, str]) -> None:
    """Anything but one good token in its header is a stranger, and reaches nothing."""
    token = house.book.enrol("bench-1")
    given = {name: words.replace("TOKEN", token) for name, words in headers.items()}
    answer = await ask(house.door, scope(**given))
    assert (answer.status, answer.kind, house.came) == (401, "token", [])
    assert answer.headers["www-authenticate"] == "Bearer"
    assert token not in answer.body.decode()


async def test_a_station_has_its_rate(house: House) -> None:
    """A station that comes too often is told when to come again, another is not."""
    first, second = house.book.enrol("bench-1"), house.book.enrol("bench-2")
    codes = [await house.knock(first) for _ in range(20)]
    assert codes.count(200) == 2 * RATE
    assert codes[-1] == 429
    answer = await ask(house.door, scope(authorization=f"Bearer {first}"))
    assert (answer.kind, answer.headers["retry-after"]) == ("too-many", "1")
    assert await house.knock(second) == 200
    house.clock.now += 1
    assert await house.knock(first) == 200


async def test_pins_are_tried_more_slowly_than_all_else(house: House) -> None:
    """Where a PIN is tried a station may come ten times at once, then five times a second."""
    door = Door(house._inside, Callers(house.book), 1000, clock=house.clock, slow_s=0)
    house.door = door
    first, second = house.book.enrol("bench-1"), house.book.enrol("bench-2")
    codes = [await house.knock(first, path=path) for path in sorted(PROVING) * 10]
    assert codes == [200] * 10 + [429] * 10
    assert await house.knock(first) == 200
    assert await house.knock(second, path="/v1/sign-in") == 200
    house.clock.now += 1
    codes = [await house.knock(first, path="/v1/sign-in") for _ in range(10)]
    assert codes == [200] * 5 + [429] * 5


async def test_two_tokens_of_a_station_share_its_rate(house: House) -> None:
    """A station does not get twice as much by enrolling twice."""
    first, second = house.book.enrol("bench-1"), house.book.enrol("bench-1")
    codes = [await house.knock(token) for token in (first, second) * 10]
    assert codes.count(200) == 2 * RATE


async def test_guessing_is_slowed_for_an_address(house: House) -> None:
    """After some wrong tokens the store is asked no more, until time has passed."""
    codes = [await house.knock(tokens.new()) for _ in range(50)]
    assert codes == [401] * 10 + [429] * 40
    assert house.book.asked == 10
    assert await house.knock(tokens.new(), "192.0.2.2") == 401
    house.clock.now += 60
    assert await house.knock(tokens.new()) == 401


async def test_a_good_bench_beside_one_who_guesses_is_served(house: House) -> None:
    """A token that was good is asked for again, whatever else comes from its address."""
    token = house.book.enrol("bench-1")
    assert await house.knock(token) == 200
    for _ in range(50):
        await house.knock(tokens.new())
    assert await house.knock(token) == 200


async def test_open_paths_are_for_everybody_but_not_without_end(house: House) -> None:
    """Without a token a few paths are served, so often from one address."""
    assert sorted(OPEN) == ["/healthz", "/openapi.json", "/v1/ca"]
    for path in OPEN:
        assert await house.knock(path=path) == 200
    codes = [await house.knock(path="/healthz") for _ in range(150)]
    assert codes[-1] == 429
    assert await house.knock("", "192.0.2.2", path="/healthz") == 200


async def test_a_store_that_is_away_is_told(house: House) -> None:
    """When the store cannot say who comes, the request is to be sent again."""
    house.book.away = True
    answer = await ask(house.door, scope(authorization=f"Bearer {tokens.new()}"))
    assert (answer.status, answer.kind) == (503, "unreachable")
    assert "retry-after" in answer.headers


async def test_guessing_is_logged_once_in_a_while(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """The log names the address a single time, and never a token."""
    caplog.set_level(logging.DEBUG)
    wrong = [tokens.new() for _ in range(30)]
    for token in wrong:
        await house.knock(token)
    assert caplog.text.count("192.0.2.1") == 1
    assert not any(token in caplog.text for token in wrong)


@pytest.mark.parametrize(
    ("client", "place"),
    [
        (("192.0.2.7", 5), "192.0.2.7"),
        (("2001:db8:1:2:3:4:5:6", 5), "2001:db8:1:2::/64"),
        (("fe80::1%eth0", 5), "fe80::/64"),
        (("::ffff:192.0.2.7", 5), "192.0.2.7"),
        (("<b>\n", 0), "unknown"),
        (("", 0), "unknown"),
        (None, "unknown"),
    ],
)
def test_guests_are_told_apart_by_what_they_own(client: tuple[str, int] | None, place: str) -> None:
    """Of IPv6 a whole /64 is one guest, and what is no address is one guest too."""
    assert network(client) == place
