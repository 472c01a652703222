"""`station report day`: what left, who packed it, what was signed, and the audit log's end."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime
from itertools import takewhile
from typing import TYPE_CHECKING

from station import compose, upkeep
from station.acts import Head
from station.cells import signs_for
from station.store.reports import AuditLine, Facts
from station.verbs import OK
from station.verbs.day import day_of, span, to_json
from station.verbs.day_words import lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from station.acts import AuditEntry
    from station.compose import Place
    from station.store.port import OrderStore

_PAGE = 200


def day(place: Place, wanted: date | None, *, as_json: bool) -> int:
    """Print the report of a local day; without a date that of today."""
    compose.prepare(place.home)
    which = wanted or datetime.now(UTC).astimezone().date()
    upkeep.drain(place)
    facts = _far(place, *span(which)) if place.is_far else _near(place, *span(which))
    made = day_of(which, facts, is_whole=not place.is_far)
    words = lines(made, signs_for(sys.stdout.encoding))
    print(json.dumps(to_json(made)) if as_json else "\n".join(words))
    return OK


def _near(place: Place, start: int, end: int) -> Facts:
    store = compose.open_database(place)
    facts = store.facts(start, end)
    store.close()
    return facts


def _far(place: Place, start: int, end: int) -> Facts:
    """Return what another machine's store tells an office: the audit log."""
    store = compose.open_store(place)
    newest = _last(store)
    entries = _since(store, _first(store, start, newest.seq if newest else 0))
    today = takewhile(lambda entry: entry.at.timestamp() < end, entries)
    found = tuple(_line(entry) for entry in today)
    store.close()
    return Facts(lines=found, head=Head(newest.seq, newest.hash) if newest else Head())


def _last(store: OrderStore) -> AuditEntry | None:
    """Return the newest line: looked for in steps, because lines can be asked for by number."""
    low, step = 0, 1
    while store.audit(low + step, 1):
        step *= 2
    high = low + step
    while low < high:
        middle = (low + high) // 2
        if store.audit(middle, 1):
            low = middle + 1
        else:
            high = middle
    return next(iter(store.audit(low - 1, 1)), None) if low else None


def _first(store: OrderStore, start: int, newest: int) -> int:
    """Return the number of the last line before a time; the log's times only rise."""
    low, high = 0, newest
    while low < high:
        middle = (low + high) // 2
        if store.audit(middle, 1)[0].at.timestamp() < start:
            low = middle + 1
        else:
            high = middle
    return low


def _since(store: OrderStore, after: int) -> Iterator[AuditEntry]:
    while page := store.audit(after, _PAGE):
        yield from page
        after = page[-1].seq


def _line(entry: AuditEntry) -> AuditLine:
    at = int(entry.at.timestamp())
    named = (entry.who, entry.role, entry.station, entry.act, entry.order_id, entry.reason)
    return AuditLine(at, *named)
