"""The kinds of values that requests are made of, with their bounds.

Values stay as JSON has them, so that `station.wire.from_json` makes the records: a time is a
checked text, bytes are base64.
"""

from __future__ import annotations

import re
import sys
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
)

MOST = 2**53 - 1
"""The largest number that every reader of JSON reads exactly (RFC 8259 §6)."""

MAX_PAGE = 200
MAX_LIST = 200
MAX_DEPTH = 24
"""Levels of a journal entry's data."""

_TIME = (
    r"^(19[7-9]\d|2\d{3})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
    r"T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?"
    r"(Z|[+-](0\d|1[0-4]):[0-5]\d)$"
)
_BASE64 = r"^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"
_DIGITS = re.compile(r"-?[0-9]{1,19}")


def moment(text: str) -> str:
    """Return a time as it is, when there is such a day; raises ValueError."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("there is no such time") from None
    return text


def _integral(number: Any) -> Any:
    return int(number) if isinstance(number, float) and number.is_integer() else number


def _digits(text: Any) -> Any:
    # From an address everything is text; “1.0”, “ 1” and “1_0” are not how a number is written.
    return int(text) if isinstance(text, str) and _DIGITS.fullmatch(text) else text


def _yes(text: Any) -> Any:
    return {"true": True, "false": False}.get(text, text) if isinstance(text, str) else text


def shallow(data: dict[str, Any]) -> dict[str, Any]:
    """Return data that is not nested too deeply; raises ValueError."""
    level: list[Any] = [data]
    for _ in range(MAX_DEPTH):
        level = [part for value in level for part in _parts(value)]
        if not level:
            return data
    raise ValueError("nested too deeply")


def _parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


# To JSON 2.0 is a whole number, and some programs write it so.
_Integral = BeforeValidator(_integral)
Count = Annotated[int, Field(ge=0, le=MOST), _Integral]
Number = Annotated[int, Field(ge=1, le=MOST), _Integral]
Units = Annotated[int, Field(ge=1, le=1_000_000), _Integral]
Grams = Annotated[int, Field(ge=0, le=1_000_000_000), _Integral]
Id = Annotated[str, Field(min_length=1, max_length=256)]
Text = Annotated[str, Field(max_length=256)]
Words = Annotated[str, Field(max_length=1000)]
"""What a buyer or the channel wrote; the importers cut it at 500 characters."""
Time = Annotated[
    str,
    Field(pattern=_TIME, max_length=40, json_schema_extra={"format": "date-time"}),
    AfterValidator(moment),
]
Base64 = Annotated[
    str,
    Field(pattern=_BASE64, max_length=2 * 2**20, json_schema_extra={"contentEncoding": "base64"}),
]
Epoch = Annotated[int, Field(ge=0, le=1_000_000), _Integral]
"""One rises with each restored backup; the store's fences have room for so many."""
Tally = Annotated[int, Field(ge=0, le=1_000_000), _Integral]
"""A number of units, or none."""
Short = Annotated[str, Field(max_length=40)]
"""What a person types or shows: a name, the number on a badge, a PIN."""
Hash = Annotated[str, Field(pattern="^([0-9a-f]{64})?$")]
"""A SHA-256 in hexadecimal, or nothing."""
SerialCount = Annotated[int, Field(ge=1, le=1000), _Integral]
Service = Annotated[int, Field(ge=0, le=3), _Integral]
"""The number of a `ServiceClass`."""
Data = Annotated[
    dict[str, Any],
    AfterValidator(shallow),
    WithJsonSchema(
        {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Value"}}
    ),
]
"""JSON values; `parsing.strict` has looked at every number and text in it."""
LARGEST = sys.float_info.max
VALUE = {
    "description": "Any JSON, not nested more than two dozen levels deep.",
    "anyOf": [
        {"type": ["string", "boolean", "null"]},
        {"type": "integer", "minimum": -MOST, "maximum": MOST},
        {"type": "number", "minimum": -LARGEST, "maximum": LARGEST},
        {"type": "array", "items": {"$ref": "#/components/schemas/Value"}},
        {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/Value"}},
    ],
}
"""The schema of what stands in `Data`."""
Decision = Literal[
    "hold",
    "unhold",
    "cancel",
    "prioritise",
    "release",
    "reassign",
    "requeue",
    "ship short",
    "teach",
    "reject",
    "weight",
    "reprint",
    "void",
    "retry",
    "dismiss",
    "unlock",
]
"""An `ActKind`."""
State = Literal[
    "waiting",
    "claimed",
    "packing",
    "packed",
    "shipped",
    "confirmed",
    "held",
    "problem",
    "cancelled",
]

_Digits = BeforeValidator(_digits)
Limit = Annotated[int, Field(ge=1, le=MAX_PAGE, strict=True), _Digits]
AskedNumber = Annotated[int, Field(ge=1, le=MOST, strict=True), _Digits]
"""A number in an address or a query."""
AskedCount = Annotated[int, Field(ge=0, le=MOST, strict=True), _Digits]
YesNo = Annotated[bool, Field(strict=True), BeforeValidator(_yes)]


class Body(BaseModel):
    """What a request brings: nothing is turned into something else, nothing else is allowed."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
