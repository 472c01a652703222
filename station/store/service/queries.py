"""What stands in the query of a look into the store."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from station.store.service import cursor
from station.store.service.fields import (
    MAX_LIST,
    AskedCount,
    AskedNumber,
    Id,
    Limit,
    State,
    Text,
    Time,
    Words,
    YesNo,
)


def _cursor(text: str) -> str:
    cursor.row(text)
    return text


Cursor = Annotated[
    str,
    Field(min_length=1, max_length=cursor.MAX_LENGTH, json_schema_extra={"format": cursor.FORMAT}),
    AfterValidator(_cursor),
]


class Query(BaseModel):
    """The parameters of a look; any other one is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Page(Query):
    """A page of the queue, right after or right before a place."""

    limit: Limit
    after: Cursor = ""
    before: Cursor = ""
    last: YesNo = False
    states: list[State] = Field(default_factory=list, max_length=20)


class Day(Query):
    """A moment, and the end of its day."""

    now: Time
    day_end: Time

    def span(self) -> tuple[datetime, datetime]:
        """Return both as datetimes."""
        return datetime.fromisoformat(self.now), datetime.fromisoformat(self.day_end)


class Floor(Day):
    """A day, and the digest of its floor as it is known."""

    known: Annotated[str, Field(pattern="^([0-9a-f]{32})?$")] = ""


class Lines(Query):
    """A page of the audit log, after a line."""

    after: AskedCount = 0
    limit: Limit = 200


class Anchored(Query):
    """Lines of the audit log by their numbers."""

    seq: list[AskedNumber] = Field(default_factory=list, max_length=MAX_LIST)


class OfOrder(Query):
    """An order."""

    order_id: Id


class OfPackage(Query):
    """A package of an order."""

    order_id: Id
    package: AskedNumber = 1


class OfTracking(Query):
    """A tracking id."""

    tracking_id: Text


class Codes(Query):
    """What a scan may stand for, as `barcodes.keys()` returns it."""

    text: list[Words] = Field(default_factory=list, max_length=MAX_LIST)


class Skus(Query):
    """SKUs of one product."""

    sku: list[Words] = Field(default_factory=list, max_length=MAX_LIST)
    limit: Limit = 2


class Search(Query):
    """How an id, a SKU or a tracking id begins."""

    text: Text
    limit: Limit = 20
