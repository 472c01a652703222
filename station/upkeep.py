"""What the commands do with a station's own files while its bench is closed, or only read."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from station import compose
from station.errors import ConfigError
from station.journal import Journal

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from station.compose import Place
    from station.model import Entry


def drain(place: Place) -> None:
    """Hand over what a station's journal still holds, unless that station is at work."""
    if not place.journal_path.exists():
        return
    from station.sync import link

    try:
        held = compose.lock(place)
    except ConfigError:
        return
    journal, store = Journal(place.journal_path), compose.open_store(place)
    name = place.settings.station.id
    link.greet(store, name, journal, secrets.token_hex(8))
    link.deliver(store, name, journal)
    journal.close()
    store.close()
    held.close()


def renew_journal(place: Place) -> tuple[Path, int, tuple[str, ...]]:
    """Put the journal aside and begin a new one with what the store has not taken yet.

    Returns where the old one is, how many entries went along, and the orders it had open.

    Raises:
        ConfigError: The station is at work, or has no journal.
    """
    if not place.journal_path.exists():
        raise ConfigError(f"There is no journal of {place.settings.station.id}.", "Start it first.")
    held = compose.lock(place)
    old = Journal(place.journal_path)
    entries = old.pending(-1)
    orders = tuple(opened.lease.order.order_id for opened in old.open_orders())
    told = old.anchors()
    old.close()
    mark = secrets.token_hex(4)
    fresh = place.journal_path.with_suffix(f".{mark}.new")
    journal = Journal(fresh)
    count = journal.go_on_from(entries, told)
    journal.close()
    # The old file keeps a name before the new one takes its place, in one step each.
    kept = place.journal_path.with_suffix(f".{mark}.old")
    kept.hardlink_to(place.journal_path)
    fresh.replace(place.journal_path)
    held.close()
    return kept, count, orders


def verify_journal(place: Place) -> tuple[int, str]:
    """Return how many entries the journal has and what is wrong with it, '' if nothing."""
    if not place.journal_path.exists():
        return 0, ""
    journal = Journal(place.journal_path, read_only=True)
    count, wrong = journal.verify()
    journal.close()
    return count, wrong


def quarantined(place: Place) -> str:
    """Return why the store refused this station's journal; empty when it did not."""
    if not place.journal_path.exists():
        return ""
    journal = Journal(place.journal_path, read_only=True)
    why = journal.quarantined
    journal.close()
    return why


def journal_entries(place: Place, order_id: str) -> tuple[Entry, ...]:
    """Return what the journal says about an order, oldest first."""
    if not place.journal_path.exists():
        return ()
    journal = Journal(place.journal_path, read_only=True)
    entries = journal.about(order_id)
    journal.close()
    return entries


def stations(place: Place, at: datetime) -> list[dict[str, object]]:
    """Return how the benches are that were last heard of in this data folder."""
    from station import beat

    found = beat.read(place.home, at)
    for pulse in found:
        pulse["journal_pending"] = _backlog(place.home / f"{pulse['id']}.journal.db")
    return found


def backlog(place: Place) -> int:
    """Count what this station's journal has not handed over yet."""
    return _backlog(place.journal_path)


def _backlog(path: Path) -> int:
    if not path.exists():
        return 0
    reader = Journal(path, read_only=True)
    count = reader.backlog()
    reader.close()
    return count
