"""PostgreSQL: how many connections, how long anything may take, and when one is tried again.

READ COMMITTED is enough for the writes, because each one locks what it decides by before it reads
it: an order by its row (FOR UPDATE; a claim by FOR NO KEY UPDATE), a station's journal by its row
of `journals`, serial numbers by their row of `counters`, an export by its row, its lines by the
UPDATE that gathers them. A second live label or tracking id is refused by a unique index. Rows are
locked in the order of their keys and tallies last, so that deadlocks are rare, and run again.
"""

from __future__ import annotations

import random
import selectors
from itertools import count
from time import monotonic
from typing import TYPE_CHECKING, Any

from sqlalchemy import create_engine, event
from sqlalchemy.exc import InvalidatePoolError

from station.errors import ConfigError

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine
    from sqlalchemy.engine.interfaces import DBAPIConnection
    from sqlalchemy.pool import ConnectionPoolEntry

CONNECTIONS = 40
"""Connections kept: one for each thread of `station serve`."""

SPARE = 4
"""Connections more for a moment; two servers still fit below PostgreSQL's own limit of 100."""

WAIT_S = 10.0
"""Seconds that a thread waits for a free connection."""

IDLE_S = 30.0
"""A connection that rested longer is tried before it is used: a firewall may have cut it."""

SLOT = "slot"
"""Where a connection keeps the number of its tallies, 1 to 63."""

SLOTS = 64

_RESTED = "rested"

_LIMITS = {
    "statement_timeout": "15s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "30s",
}

_SESSION: dict[str, Any] = {
    "application_name": "station",
    "connect_timeout": 5,
    "keepalives_idle": 15,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}
"""libpq's names; seconds, the last in milliseconds. What the address says itself goes before."""

# What is acknowledged is durable, whatever the server's configuration says; a stronger setting
# for replicas stays.
_DURABLE = (
    "SELECT set_config('synchronous_commit', 'on', false)"
    " WHERE current_setting('synchronous_commit') = 'off'"
)


def open_server(address: URL) -> Engine:
    """Return the pool of connections to a PostgreSQL; nothing is connected yet."""
    try:
        engine = create_engine(
            address.difference_update_query(["prepare_threshold"]),
            isolation_level="READ COMMITTED",
            pool_size=CONNECTIONS,
            max_overflow=SPARE,
            pool_timeout=WAIT_S,
            pool_use_lifo=True,
            connect_args=_session(address) | _prepares(address),
        )
    except ModuleNotFoundError as failure:
        raise ConfigError(
            f"PostgreSQL needs the package {failure.name}.", "Install psycopg[binary]."
        ) from failure
    _watch(engine)
    return engine


def _prepares(address: URL) -> dict[str, Any]:
    """Return after how many uses psycopg prepares a statement: none behind a pooler that mixes.

    Raises:
        ConfigError: It is neither a number nor none.
    """
    said = str(address.query.get("prepare_threshold", "5")).lower()
    if said == "none":
        return {"prepare_threshold": None}
    if not said.isdecimal():
        raise ConfigError("prepare_threshold is no number.", "Write a number, or none.")
    return {"prepare_threshold": int(said)}


def _session(address: URL) -> dict[str, Any]:
    limits = " ".join(f"-c {name}={value}" for name, value in _LIMITS.items())
    said = address.query.get("options", "")
    own = {name: value for name, value in _SESSION.items() if name not in address.query}
    return {**own, "options": f"{limits} {said}".strip()}


def _watch(engine: Engine) -> None:
    # Consecutive numbers: connections of one program share a slot only beyond 63 of them.
    slots = count(random.randrange(SLOTS))

    @event.listens_for(engine, "connect")
    def begin(connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        entry.info[SLOT] = 1 + next(slots) % (SLOTS - 1)
        cursor = connection.cursor()
        cursor.execute(_DURABLE)
        cursor.close()
        connection.commit()

    @event.listens_for(engine, "checkin")
    def rest(_connection: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
        entry.info[_RESTED] = monotonic()

    @event.listens_for(engine, "checkout")
    def use(connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: object) -> None:
        now = monotonic()
        if now - entry.info.get(_RESTED, now) > IDLE_S or _has_word(connection):
            _try(engine, connection)


def _has_word(connection: DBAPIConnection) -> bool:
    """Tell whether the server said something unasked, mostly good-bye; asks nothing itself."""
    # No descriptor of its own, unlike the default where there is epoll.
    kind = getattr(selectors, "PollSelector", selectors.SelectSelector)
    with kind() as selector:
        selector.register(connection.fileno(), selectors.EVENT_READ)
        return bool(selector.select(0))


def _try(engine: Engine, connection: DBAPIConnection) -> None:
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as failure:
        # What ended this one ended the others: all are opened anew.
        raise InvalidatePoolError from failure
