"""Request bodies read strictly: what two readers could understand differently is refused."""

from __future__ import annotations

import json
import math
from json import JSONDecodeError
from typing import Any

from starlette.requests import Request

from station.store.columns import storable
from station.store.service.problems import NotServed

MOST = 2**63 - 1
"""The largest number that both databases hold."""


class Unusable(Exception):  # noqa: N818 - a finding about a request, not a failure of ours
    """A body that is JSON, but with something in it that no request needs."""


def _no_constant(name: str) -> float:
    raise Unusable(f"{name} is no number")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isfinite(number):
        return number
    raise Unusable("a number is too large")


def _whole(digits: str) -> int:
    # Twenty characters hold every such number; more are not even counted.
    number = int(digits) if len(digits) <= 20 else MOST + 1
    if -MOST <= number <= MOST:
        return number
    raise Unusable("a number is too large")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    raise Unusable("a field stands twice in one object")


_decode = json.JSONDecoder(
    parse_constant=_no_constant,
    parse_float=_finite,
    parse_int=_whole,
    object_pairs_hook=_once,
).decode


def strict(body: bytes) -> Any:
    """Return what JSON in UTF-8 says, without characters that no database can hold.

    Raises:
        NotServed: 400 for what is no JSON; 422 for a field that stands twice, a number that is
            none or has more than 63 bits, and for what is nested too deeply to be read.
    """
    try:
        value = _decode(body.decode("utf-8"))
        # Only an escape can bring a NUL or half a pair of surrogates: raw ones are no UTF-8.
        return _whole_text(value) if b"\\u" in body else value
    except (JSONDecodeError, UnicodeDecodeError) as failure:
        raise NotServed(
            400, "invalid", "The request is no JSON.", "Send JSON in UTF-8."
        ) from failure
    except RecursionError as failure:
        raise _unusable("it is nested too deeply") from failure
    except Unusable as failure:
        raise _unusable(str(failure)) from failure


def _unusable(why: str) -> NotServed:
    return NotServed(422, "invalid", f"The request cannot be used: {why}.", "Mend it.")


def _whole_text(value: Any) -> Any:
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, list):
        return [_whole_text(part) for part in value]
    if isinstance(value, dict):
        return {storable(name): _whole_text(part) for name, part in value.items()}
    return value


class StrictRequest(Request):
    """A request whose JSON is read strictly."""

    async def json(self) -> Any:
        """Return the body's JSON; raises `NotServed` as `strict` does."""
        return strict(await self.body())
