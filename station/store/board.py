"""The floor at one moment, read at a cost that does not grow with the number of orders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from station.overview import digest

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from station.overview import Board


class Floor:
    """What is remembered between two looks, so that the next one costs less."""


def board(connection: Connection, floor: Floor, now: datetime, day_end: datetime) -> Board:
    """Return the floor as it is."""
    raise NotImplementedError


def is_known(board: Board, known: str) -> bool:
    """Tell whether a floor is the one with a digest."""
    return bool(known) and digest(board) == known
