"""What the order store answers over HTTP, as JSON values or as our errors; pure.

Errors come as `application/problem+json` (RFC 9457) whose type is one word. Whatever has another
form was not said by an order store.
"""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any, NoReturn, TypeVar, cast

from station.errors import Quarantined, StoreError, StoreRefused, StoreUnreachable
from station.text import plain
from station.wire import Json, from_json

T = TypeVar("T")

_AWAY = {
    "unreachable": "The store cannot reach its database.",
    "broken": "The store has a fault.",
    "busy": "The store is busy.",
    "too-many": "The store is busy.",
    "too-slow": "The connection to the store is too slow.",
}
"""Problems that pass, in short words for the status line."""

_SAID_NO: dict[str, type[StoreRefused]] = {
    "refused": StoreRefused,
    "quarantined": Quarantined,
    "forbidden": StoreRefused,
    "invalid": StoreRefused,
    "too-large": StoreRefused,
}
"""Problems that the store tells in its own words."""

_VERSIONS = (
    "The order store does not know this request.",
    "Bring the programs of the server and of this bench to the same version.",
)
_NEVER = {
    "token": ("This bench's key is not valid any more.", "Have it enrolled again on the server."),
    "not-found": _VERSIONS,
    "method": _VERSIONS,
    "encoding": _VERSIONS,
}
"""Problems that stay until somebody acts at the server."""

_MAX_TITLE = 300


def stranger(host: str) -> StoreUnreachable:
    """Return the error that something answers which is no order store, such as a router's page."""
    return StoreUnreachable(
        f"Something else than the order store answers at {host}.",
        "Check the address, and that no sign-in page of the network stands between.",
    )


class Answer:
    """The JSON object that the store answered, out of which records are read."""

    def __init__(self, host: str, data: Json) -> None:
        self._host = host
        self._data = data

    def whole(self, kind: type[T]) -> T:
        """Return the answer as one record; raises StoreUnreachable when it is none."""
        # All fields of a record may have defaults; any object would be one then.
        if self._data.keys().isdisjoint(field.name for field in fields(cast("Any", kind))):
            raise stranger(self._host)
        return self._record(kind, self._data)

    def part(self, kind: type[T], name: str) -> T:
        """Return one field of the answer; raises StoreUnreachable when it is of another kind."""
        return self._record(kind, self._value(name))

    def maybe(self, kind: type[T], name: str) -> T | None:
        """Return one field of the answer, or None where the store has nothing to say."""
        value = self._value(name)
        return None if value is None else self._record(kind, value)

    def within(self, name: str) -> Answer | None:
        """Return an object inside the answer, or None where the store has nothing to say."""
        value = self._value(name)
        if not isinstance(value, dict | None):
            raise stranger(self._host)
        return None if value is None else Answer(self._host, value)

    def nothing(self) -> None:
        """Raise StoreUnreachable when the answer says anything: what was done needs no words."""
        if self._data:
            raise stranger(self._host)

    def _value(self, name: str) -> Any:
        if name not in self._data:
            raise stranger(self._host)
        return self._data[name]

    def _record(self, kind: type[T], value: Any) -> T:
        try:
            return from_json(kind, value)
        # The cause would carry the answer into a log.
        except (TypeError, ValueError, KeyError, OverflowError, RecursionError):
            raise stranger(self._host) from None


def read(host: str, status: int, kind: str, body: bytes) -> Answer:
    """Return the JSON object of an answer.

    Raises:
        StoreRefused, Quarantined: The store said no.
        StoreUnreachable: The store is away or busy, or it was not the store that answered.
    """
    if kind == "application/problem+json" and status >= 400:
        raise _problem(host, _object(host, body))
    if status >= 500:
        raise StoreUnreachable("The store does not answer.", "It is tried again.")
    if status != 200 or kind != "application/json":
        raise stranger(host)
    return Answer(host, _object(host, body))


def _problem(host: str, told: Json) -> StoreError:
    word, title, detail = (told.get(name, "") for name in ("type", "title", "detail"))
    if not (isinstance(word, str) and isinstance(title, str) and isinstance(detail, str)):
        return stranger(host)
    title, detail = plain(title, _MAX_TITLE), plain(detail, _MAX_TITLE)
    if word in _AWAY:
        return StoreUnreachable(_AWAY[word], f"{title} {detail}".strip())
    if word in _NEVER:
        return StoreRefused(*_NEVER[word])
    kind = _SAID_NO.get(word)
    return kind(title or "The order store refused this.", detail) if kind else stranger(host)


def _object(host: str, body: bytes) -> Json:
    try:
        data = json.loads(body.decode("utf-8"), parse_constant=_no_number)
        if b"\\ud" in body.lower():
            data = _whole(data)
    # The cause would carry the answer into a log.
    except (ValueError, RecursionError):
        raise stranger(host) from None
    if not isinstance(data, dict):
        raise stranger(host)
    return data


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")


def _whole(data: Any) -> Any:
    """Return the data with half characters replaced: nothing could show or store them."""
    text = json.dumps(data, ensure_ascii=False)
    return json.loads(sendable(text))


def sendable(text: str) -> bytes:
    r"""Return text as UTF-8, each half of a surrogate pair as U+FFFD, as the store keeps it.

    >>> sendable("a\ud800")
    b'a\xef\xbf\xbd'
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return whole.encode()
