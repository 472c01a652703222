"""Checked bodies made records of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from station.store.service.problems import NotServed
from station.wire import from_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from station.store.service.fields import Body

T = TypeVar("T")


def record(kind: type[T], body: Body) -> T:
    """Return the record that a body describes; what it leaves out has the record's default.

    Raises:
        NotServed: The body has the right fields, but the record cannot be made of them.
    """
    try:
        return from_json(kind, body.model_dump(exclude_unset=True))
    except (TypeError, ValueError, KeyError) as failure:
        raise NotServed(
            422, "invalid", f"The request holds no {kind.__name__}.", "Mend it."
        ) from failure


def records(kind: type[T], listed: Sequence[Body]) -> tuple[T, ...]:
    """Return the records that bodies describe; raises `NotServed` as `record` does."""
    return tuple(record(kind, body) for body in listed)
