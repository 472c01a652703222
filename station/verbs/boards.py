"""`station board [--once]`: the floor for a supervisor, as a screen or as one page of text."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from station import board_words, compose, upkeep, wording
from station.cells import signs_for
from station.errors import ConfigError
from station.floor import now
from station.verbs import OK

if TYPE_CHECKING:
    from station.compose import Place


def run(place: Place, *, once: bool) -> int:
    """Open the board; with once, and without a terminal, print it and end.

    Raises:
        ConfigError: This machine is a bench of another machine's store: it sees itself alone; or it
            has no orders and has joined no store.
    """
    if place.is_far and place.joined is not None and place.joined.role == "station":
        raise ConfigError(
            f"{place.joined.station} is a bench: its key does not open the board.",
            "Run `station enrol NAME --board` on the server, and join with it elsewhere.",
        )
    _need_store(place)
    if not once and sys.stdin.isatty() and sys.stdout.isatty():
        from station import boarding

        return boarding.run(place)
    print(_page(place))
    return OK


def _need_store(place: Place) -> None:
    """Refuse to show a store that nobody has begun: its zeros would look like a quiet day."""
    is_own = not place.is_far and not place.settings.store.url
    if is_own and not (place.home / "store.db").exists():
        raise ConfigError(
            f"There is no order store in {place.home} yet.",
            "Import orders here, or join a server: station enrol --join",
        )


def _page(place: Place) -> str:
    compose.prepare(place.home)
    upkeep.drain(place)
    store = compose.open_store(place)
    at = now()
    try:
        board = store.board(at, wording.day_end(at, place.settings.station.day_ends))
    finally:
        store.close()
    signs = signs_for(sys.stdout.encoding)
    return board_words.page(board, at, signs=signs) if board is not None else ""
