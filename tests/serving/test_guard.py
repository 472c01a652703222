"""What stands before the routes: sizes, deadlines, depth, numbers."""

from __future__ import annotations

import asyncio
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from serving.asgi import Echo, ask, scope

from station.store.service.guard import (
    BODY_BYTES,
    CALLER,
    DEPTH,
    LARGER,
    WAITING,
    Apart,
    Body,
    Crowd,
    SafeHeaders,
    shallow,
)

PIECE = b"1" * 65536


async def test_a_body_comes_to_the_routes_in_one_piece() -> None:
    """Pieces are put together, and a request without a body passes."""
    app = Body(Echo())
    assert (await ask(app, pieces=[b'{"a"', b": [1", b"]}"])).body == b'{"a": [1]}'
    assert (await ask(app)).status == 200


async def test_a_body_that_grows_too_large_is_cut() -> None:
    """Of an endless body no more is taken than the limit and one piece."""
    echo = Echo()
    answer = await ask(Body(echo), pieces=[PIECE] * 10_000)
    assert (answer.status, answer.kind, answer.headers["connection"]) == (413, "too-large", "close")
    assert answer.taken == BODY_BYTES // len(PIECE) + 1
    assert echo.came == 0


async def test_a_body_that_is_announced_too_large_is_not_read() -> None:
    """Content-Length alone is enough to refuse, also one of a thousand digits."""
    for length in (str(BODY_BYTES + 1), "9" * 1000):
        answer = await ask(Body(Echo()), scope(content_length=length), [PIECE])
        assert (answer.status, answer.taken) == (413, 0)


@pytest.mark.parametrize(("path", "limit"), [("/v1/stops", BODY_BYTES), *LARGER.items()])
async def test_each_path_has_its_limit(path: str, limit: int) -> None:
    """A body of just the limit passes, one byte more does not."""
    app = Body(Echo())
    assert (await ask(app, scope(path), [b"1" * limit])).status == 200
    assert (await ask(app, scope(path), [b"1" * (limit + 1)])).status == 413


async def test_a_body_that_stops_is_given_up() -> None:
    """A sender who begins and does not go on is answered at the deadline."""
    answer = await ask(Body(Echo(), deadline_s=0.01), pieces=[b"{"], hang=True)
    assert (answer.status, answer.kind) == (408, "too-slow")


async def test_a_sender_who_leaves_gets_no_answer() -> None:
    """When the connection ends in the middle of a body, nothing is done."""
    echo = Echo()
    answer = await ask(Body(echo), pieces=[b"{", None])
    assert (answer.status, echo.came) == (0, 0)


@pytest.mark.parametrize("word", ["gzip", "br", "deflate", "identity, gzip", "GZIP"])
async def test_packed_bodies_are_refused(word: str) -> None:
    """A body that would have to be unpacked is not read."""
    answer = await ask(Body(Echo()), scope(content_encoding=word), [b"\x1f\x8b"])
    assert (answer.status, answer.kind, answer.taken) == (415, "encoding", 0)


async def test_identity_is_no_packing() -> None:
    """The encoding that does nothing passes."""
    assert (await ask(Body(Echo()), scope(content_encoding="Identity"), [b"1"])).status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 10_000,
        b"[" * 10_000 + b"]" * 10_000,
        b'{"a":' * 33 + b"1" + b"}" * 33,
        b'["' + b"[" * 40 + b'", ' + b"[" * 32 + b"]" * 33,
        '{"a": [1]}'.encode("utf-16"),
        '{"a": [1]}'.encode("utf-32-be"),
        b"\0",
    ],
)
async def test_deep_json_does_not_reach_the_parser(body: bytes) -> None:
    """What is nested deeper than 32, and what is not UTF-8, is refused before it is parsed."""
    echo = Echo()
    answer = await ask(Body(echo), pieces=[body])
    assert (answer.status, answer.kind, echo.came) == (422, "invalid", 0)


def test_depth_is_counted_outside_of_texts() -> None:
    """Brackets in texts, also behind escaped quotes and backslashes, have no depth."""
    deep = "[" * 99
    for text in (deep, f'"{deep}', f'\\"{deep}', f"\\{deep}\\", f'\\\\"{deep}"\\'):
        assert shallow(json.dumps({"a": [text] * 40}).encode(), 2)
        assert not shallow(json.dumps({"a": [[text]] * 40}).encode(), 2)


def _depth(value: object) -> int:
    parts: list[object] = []
    if isinstance(value, dict):
        parts = [*value.values()]
    elif isinstance(value, list):
        parts = value
    else:
        return 0
    return 1 + max(map(_depth, parts), default=0)


texts = st.text(alphabet='[]{}"\\\\n:,a', max_size=6)
values = st.recursive(
    texts | st.integers(),
    lambda part: st.lists(part, max_size=4) | st.dictionaries(texts, part, max_size=4),
    max_leaves=30,
)


@given(values, st.integers(0, 6))
def test_depth_is_that_of_the_parser(value: object, depth: int) -> None:
    """For all JSON the answer is the one that parsing it would give."""
    assert shallow(json.dumps(value).encode(), depth) == (_depth(value) <= depth)


async def test_only_so_many_are_inside_at_once() -> None:
    """The request that is one too many is told to come again, and is let in when one has left."""
    echo = Echo()
    echo.open.clear()
    app = Crowd(echo, 3, 2)
    inside = [asyncio.create_task(ask(app, scope() | {CALLER: n})) for n in (1, 1, 2)]
    await asyncio.sleep(0)
    answer = await ask(app, scope() | {CALLER: 3})
    assert (answer.status, answer.kind, answer.headers["retry-after"]) == (503, "busy", "1")
    echo.open.set()
    assert [(await task).status for task in inside] == [200] * 3
    assert (await ask(app, scope() | {CALLER: 3})).status == 200


async def test_one_caller_cannot_take_all_places() -> None:
    """A caller who has his share inside is told busy while others are let in."""
    echo = Echo()
    echo.open.clear()
    app = Crowd(echo, 100, 2)
    inside = [asyncio.create_task(ask(app, scope() | {CALLER: 1})) for _ in range(2)]
    await asyncio.sleep(0)
    assert (await ask(app, scope() | {CALLER: 1})).status == 503
    inside.append(asyncio.create_task(ask(app, scope() | {CALLER: 2})))
    echo.open.set()
    assert [(await task).status for task in inside] == [200] * 3


async def test_who_waits_by_intent_takes_no_place_of_others() -> None:
    """Boards that wait fill the room for boards alone, and benches are not in their way."""
    quick, waiting = Echo(), Echo()
    quick.open.clear()
    waiting.open.clear()
    app = Apart(Crowd(quick, 1, 1), Crowd(waiting, 2, 2))
    (path,) = WAITING
    asked = [scope(path), scope(path), scope()]
    inside = [asyncio.create_task(ask(app, one)) for one in asked]
    await asyncio.sleep(0)
    for one in (scope(path), scope()):
        assert (await ask(app, one)).kind == "busy"
    quick.open.set()
    waiting.open.set()
    assert [(await task).status for task in inside] == [200] * 3


async def test_a_place_is_free_again_after_a_failure() -> None:
    """An app that fails leaves its place."""

    async def failing(*_: object) -> None:
        raise ZeroDivisionError

    app = Crowd(failing, 1, 1)
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            await ask(app)


async def test_answers_are_marked_safe() -> None:
    """Every answer says that it is no page, and is not to be kept."""
    answer = await ask(SafeHeaders(Echo()))
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_depth_has_the_limit_of_the_contract() -> None:
    """The contract of the API says 32 levels."""
    assert DEPTH == 32
    assert shallow(b"[" * 32 + b"]" * 32)
    assert not shallow(b"[" * 33 + b"]" * 33)
