"""A place in the queue as one opaque word: the queue goes on right after it, or right before it."""

from __future__ import annotations

import binascii
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from station.model import QueueRow, ServiceClass
from station.store.service.fields import Id, Time
from station.store.service.parsing import strict
from station.store.service.problems import NotServed
from station.wire import from_json

MAX_LENGTH = 2048
FORMAT = "queue-place"
"""The name of this format in the service's description."""

_PLACE: TypeAdapter[Any] = TypeAdapter(
    tuple[Annotated[int, Field(ge=0, le=1)], Time, int, Time, Id]
)
_FIELDS = ("rank", "ship_by", "service", "purchased", "order_id")


def row(cursor: str) -> QueueRow:
    """Return a row that stands in the queue where the cursor says.

    Raises:
        ValueError: This is no cursor.
    """
    try:
        raw = binascii.a2b_base64(_padded(cursor), strict_mode=True)
        place = dict(zip(_FIELDS, _PLACE.validate_python(strict(raw)), strict=True))
        ServiceClass(place["service"])
    except (NotServed, ValidationError, ValueError):
        # Of what is inside nothing is told: a cursor is made by this service's clients alone.
        raise ValueError("this is no place in the queue") from None
    return from_json(QueueRow, place | {"units": 0, "lines": 0, "title": ""})


def _padded(cursor: str) -> bytes:
    text = cursor.rstrip("=").encode("ascii").translate(bytes.maketrans(b"-_", b"+/"))
    return text + b"=" * (-len(text) % 4)
