"""`python serving_child.py serve`: the real command, with a fail point or a fault of a test in it.

TRIAL_DIE=inside:N kills the process in its N-th transaction that writes, when all of it is done
but the commit; after:N when it is committed and nobody was told. TRIAL_SPOILT=again takes away
what keeps an entry from having its effect twice; TRIAL_SPOILT=fences takes the fences away.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from station import cli
from station.store import entries as applying
from station.store import journals, parcels
from station.store import standing as standing_rules
from station.store.database import Database
from station.store.schema import confirmations

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy import Connection

    from station.model import Entry, Presence
    from station.store.port import Applied
    from station.store.records import AnyRow
    from station.store.standing import Standing
    from station.store.tallies import Moves

_WHEN, _, _NUMBER = os.environ.get("TRIAL_DIE", "").partition(":")
_NUMBERS = count(1)
_LOCK = threading.Lock()
_TOLD = Path(os.environ["STATION_HOME"]) / "told.txt"


def tell(words: str) -> None:
    """Write one line that outlives this process."""
    with _TOLD.open("a") as file:
        file.write(words + "\n")


def watch() -> None:
    """Count transactions, die at the one that was named, and tell of commits nobody knows of."""
    write, once = Database.write, Database.once

    @contextmanager
    def writing(self: Database) -> Iterator[Connection]:
        whole = False
        try:
            with write(self) as connection:
                yield connection
                whole = True
                _die("inside")
        except Exception as failure:
            if whole and _is_lost(failure):
                tell("unknown commit")
            raise
        _die("after")

    @contextmanager
    def single(self: Database) -> Iterator[Connection]:
        try:
            with once(self) as connection:
                yield connection
        except Exception as failure:
            if _is_lost(failure):
                tell("unknown statement")
            raise
        _die("after")

    Database.write = writing  # type: ignore[method-assign]  # watched on purpose
    Database.once = single  # type: ignore[method-assign]  # watched on purpose


def _is_lost(failure: BaseException) -> bool:
    cause = failure.__cause__ or failure
    return isinstance(cause, DBAPIError) and cause.connection_invalidated


def _die(when: str) -> None:
    if when != _WHEN:
        return
    with _LOCK:
        if next(_NUMBERS) == int(_NUMBER):
            tell(f"died {when} {_doing()}")
            os.kill(os.getpid(), signal.SIGKILL)


def _doing() -> str:
    """Return which part of the store this transaction belongs to."""
    frame = sys._getframe()
    while frame is not None:
        if frame.f_code.co_filename.endswith("store/sql.py"):
            return frame.f_code.co_name
        frame = frame.f_back  # type: ignore[assignment]  # None ends the loop
    return "?"


def forget_what_was_sent() -> None:
    """Take each entry as a new one, and each word of a parcel as another parcel."""
    real = applying.apply

    def apply(
        connection: Connection, station: str, entries: Sequence[Entry], journal: str, now: int
    ) -> Applied:
        upto = journals.lock(connection, station, journal, now).upto
        anew = [replace(entry, seq=upto + n) for n, entry in enumerate(entries, 1)]
        applied = real(connection, station, anew, journal, now)
        return replace(applied, upto=entries[-1].seq if entries else applied.upto)

    def refuse_nobody(row: AnyRow, presence: Presence) -> None:
        del row, presence

    applying.apply = apply
    journals._refuse_strangers = refuse_nobody
    forget_parcels()


def forget_parcels() -> None:
    """Take each word of a parcel as another parcel of the order."""
    real = parcels.write_parcel

    def write(connection: Connection, entry: Entry) -> int:
        last = select(func.max(confirmations.c.package)).where(
            confirmations.c.order_id == entry.order_id
        )
        number = (connection.execute(last).scalar() or 0) + 1
        data: dict[str, Any] = {**entry.data, "package": number}
        return real(connection, replace(entry, data=data))

    vars(standing_rules)["write_parcel"] = write


def forget_fences() -> None:
    """Let each entry have its effect, whoever has the order by now."""
    real = standing_rules.take

    def take(
        connection: Connection,
        standing: Standing | None,
        station: str,
        entry: Entry,
        moves: Moves,
    ) -> bool:
        if standing is not None and entry.fence:
            standing.fence, standing.station = entry.fence, station
        real(connection, standing, station, entry, moves)
        return True

    vars(applying)["take"] = take
    forget_parcels()


SPOILERS = {"again": forget_what_was_sent, "fences": forget_fences}

if __name__ == "__main__":
    watch()
    SPOILERS.get(os.environ.get("TRIAL_SPOILT", ""), lambda: None)()
    sys.exit(cli.main())
