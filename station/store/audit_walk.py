"""The whole audit log followed from its first line, on the machine of the store."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import literal_column, select

from station.acts import Head
from station.chain import SLACK_S, Finding, Walk, as_text
from station.sqlite import raw
from station.store import audit
from station.store.schema_people import audit_log

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sqlalchemy import Connection, Table

    from station.store.database import Database

_PAGE = 1000
_BELOW_ALL = -(2**63)
_AT, _DATA = audit.FIELDS.index("at_ms"), audit.FIELDS.index("data")


def walk(database: Database) -> audit.AuditLook:
    """Follow the whole chain, a page in a transaction; lines are only ever added below."""
    found, clock = Walk("Audit entry"), _Clock()
    while page := database.look(lambda c: _page(c, found.count or _BELOW_ALL)):
        for *fields, told in page:
            if not found.step(fields[0], fields, told or "") or not clock.step(found, fields):
                break
        if found.wrong:
            break
    return audit.AuditLook(Head(found.count, found.hash), found.wrong, tuple(clock.back))


class _Clock:
    """The times of the lines: they only rise, and say where the clock did not."""

    def __init__(self) -> None:
        self.back: list[tuple[int, int]] = []
        self._newest_ms = 0
        self._known_s = 0

    def step(self, found: Walk, fields: list[Any]) -> bool:
        at_ms, behind_s = fields[_AT], _behind_s(fields[_DATA])
        if at_ms < self._newest_ms:
            words = f"Audit entry {found.count} is older than the one above it."
            found.wrong = Finding(found.count, words)
            return False
        # A clock that was set back stays behind for many lines: only the first one tells it.
        self._newest_ms, self._known_s = at_ms, min(self._known_s, behind_s)
        if behind_s > self._known_s + SLACK_S:
            self.back.append((found.count, behind_s))
            self._known_s = behind_s
        return True


def _page(connection: Connection, after: int) -> list[list[Any]]:
    """Return the fields and the hash of the next lines, as they stand in the file."""
    columns = as_stored(connection, audit_log, (*audit.FIELDS, "hash"))
    rows = select(*columns).where(audit_log.c.seq > after).order_by(audit_log.c.seq)
    return [list(map(as_text, row)) for row in connection.execute(rows.limit(_PAGE))]


def as_stored(connection: Connection, table: Table, names: Sequence[str]) -> list[Any]:
    """Return columns to select; in a file text comes as bytes, because it may be none."""
    if connection.dialect.name == "sqlite":
        return [literal_column(raw(name)).label(name) for name in names]
    return [table.c[name] for name in names]


def _behind_s(data: str) -> int:
    try:
        told = json.loads(data)[audit.CLOCK_BACK]
    except (ValueError, TypeError, KeyError):
        return 0
    return told if type(told) is int else 0
