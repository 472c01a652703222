"""Records as JSON values and back, for the journal, the store and the wire; pure.

A record is an object with its fields, a time is ISO 8601, an enumeration its value, bytes are
base64. Unknown fields are ignored and missing ones take their defaults, so that two versions of
the program can read each other.

>>> from station.model import Barcode
>>> to_json(Barcode("4006381333931", 6))
{'text': '4006381333931', 'units': 6}
>>> from_json(Barcode, {"text": "4006381333931", "colour": "red"})
Barcode(text='4006381333931', units=1)
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

from station.model import Entry, OrderState

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")
Json = dict[str, Any]


def to_json(value: object) -> Any:
    """Return a record, or anything that records are made of, as JSON values."""
    if isinstance(value, dict):
        return {str(to_json(key)): to_json(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [to_json(part) for part in value]
    if is_dataclass(value):
        return {f.name: to_json(getattr(value, f.name)) for f in fields(value)}
    return _plain(value)


def _plain(value: object) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    if value is None or isinstance(value, str | int | float):
        return value
    raise TypeError(f"{type(value).__name__} has no JSON form")


def from_json(kind: type[T], data: Any) -> T:
    """Return the record of a kind that was made JSON.

    Raises:
        TypeError, ValueError, KeyError: The data is no such record.
    """
    result: T = _read(kind, data)
    return result


def _read(kind: Any, data: Any) -> Any:
    origin = get_origin(kind)
    if origin in {Union, UnionType}:
        return _read_optional(kind, data)
    if origin is tuple:
        return _read_tuple(get_args(kind), data)
    if origin is dict:
        key, part = get_args(kind)
        return {_read(key, name): _read(part, value) for name, value in _an(dict, data).items()}
    if origin is Literal:
        return data if data in get_args(kind) else _wrong(kind, data)
    if is_dataclass(kind):
        return _read_record(kind, _an(dict, data))
    return _read_value(kind, data)


def _read_value(kind: Any, data: Any) -> Any:
    if kind is Any or kind is object:
        return data
    if kind is datetime:
        return datetime.fromisoformat(_an(str, data))
    if kind is bytes:
        return b64decode(_an(str, data), validate=True)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(data)
    if kind is float and type(data) is int:
        return float(data)
    return _an(kind, data)


def _read_optional(kind: Any, data: Any) -> Any:
    if data is None:
        return None
    (wanted,) = (part for part in get_args(kind) if part is not NoneType)
    return _read(wanted, data)


def _read_tuple(parts: tuple[Any, ...], data: Any) -> tuple[Any, ...]:
    if len(parts) == 2 and parts[1] is ...:
        return tuple(_read(parts[0], value) for value in _an(list, data))
    return tuple(_read(part, value) for part, value in zip(parts, _an(list, data), strict=True))


def _read_record(kind: Any, data: Json) -> Any:
    hints = _hints(kind)
    return kind(**{name: _read(hints[name], data[name]) for name in hints if name in data})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


def _an(kind: type[T], data: Any) -> T:
    # A bool is an int to Python, and is none to us.
    return data if type(data) is kind else _wrong(kind, data)


def _wrong(kind: Any, data: Any) -> Any:
    raise TypeError(f"{type(data).__name__} where {getattr(kind, '__name__', kind)} belongs")


def entry_from_row(row: Sequence[Any]) -> Entry:
    """Return an entry from seq, kind, order_id, fence, packer, at_ms, state, data as text."""
    seq, kind, order_id, fence, packer, at_ms, state, data = row
    at = datetime.fromtimestamp(at_ms / 1000, UTC)
    where = OrderState(state) if state else None
    known = json.loads(data)
    if not isinstance(known, dict):
        raise TypeError(f"entry {seq} holds no fields")
    return Entry(seq, kind, order_id, fence, packer, at, where, known)
