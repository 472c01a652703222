"""`station check`: configuration, store, printer, clock, disk, SQLite: each ok, or what to do."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from station import compose, upkeep
from station.errors import StationError
from station.sync.carriers.own_label import missing
from station.verbs import ATTENTION, OK, check_devices, serving
from station.verbs.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.compose import Place

SOUND_SQLITE = (3, 51, 3)
"""The first release in which two writers cannot damage a WAL that is being reset."""

LOW_BYTES = 200 * 2**20
"""Free room below which somebody should look; below a third of it no order is opened."""

_BUILT = datetime(2026, 1, 1, tzinfo=UTC)


def run(place: Place, *, prints: bool = False) -> int:
    """Print every finding; returns 3 when one needs a hand.

    With prints each printer also makes a test label.
    """
    findings = [_looked(name, look, place) for name, look in _CHECKS]
    findings += check_devices.findings(place, prints=prints)
    for finding in findings:
        print(f"{'ok  ' if finding.ok else 'LOOK'}  {finding.name:<14} {finding.words}")
    return OK if all(finding.ok for finding in findings) else ATTENTION


def _looked(name: str, look: Callable[[Place], tuple[bool, str]], place: Place) -> Finding:
    try:
        return Finding(name, *look(place))
    except StationError as error:
        return Finding(name, False, str(error))
    except OSError as error:
        return Finding(name, False, f"{error.strerror}: {error.filename}")


def _folder(place: Place) -> tuple[bool, str]:
    compose.prepare(place.home)
    mode = place.home.stat().st_mode & 0o077
    if mode:
        return False, f"{place.home} can be read by others: chmod 700 it."
    return True, str(place.home)


def _settings(place: Place) -> tuple[bool, str]:
    house = place.settings
    if house.shipping.label == "carrier":
        return True, f"{house.station.id}; labels: scanned from the carrier's"
    if house.shipping.label == "folder":
        return _saved_labels(place)
    if lacking := missing(house.ship_from, house.shipping):
        return False, f"labels of ours need {' and '.join(lacking)} in station.toml"
    return True, f"{house.station.id}; labels: ours, as {house.shipping.carrier_name}"


def _saved_labels(place: Place) -> tuple[bool, str]:
    folder = place.label_folder
    if folder is None:
        return False, "shipping.label_folder is missing in station.toml"
    if not folder.is_dir():
        return False, f"{folder} is not there: make it, or mend shipping.label_folder"
    return True, f"{place.settings.station.id}; labels: from {folder}"


def _store(place: Place) -> tuple[bool, str]:
    store = compose.open_store(place)
    at = datetime.now(UTC)
    if place.joined is not None and place.joined.role == "viewer":
        floor = store.board(at, at)  # its key is good for nothing else
        waiting = floor.states if floor is not None else {}
    else:
        waiting = store.counts(at, at).states
    store.close()
    where = re.sub(r"://[^@/]*@", "://…@", place.settings.store.url) or "store.db"
    return True, f"{sum(waiting.values())} orders in {where}"


def _journal(place: Place) -> tuple[bool, str]:
    count, wrong = upkeep.verify_journal(place)
    wrong = wrong or upkeep.quarantined(place)
    return not wrong, wrong or f"{count} entries, all readable"


def _disk(place: Place) -> tuple[bool, str]:
    free = shutil.disk_usage(place.home).free
    words = f"{free // 2**20} MiB free"
    return free >= LOW_BYTES, words


def _clock(_place: Place) -> tuple[bool, str]:
    at = datetime.now(UTC)
    return at > _BUILT, f"{at.astimezone():%Y-%m-%d %H:%M %Z}"


def _sqlite(place: Place) -> tuple[bool, str]:
    version = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info >= SOUND_SQLITE:
        return True, version
    if place.settings.store.url.startswith("postgresql") or place.is_far:
        return True, f"{version}; the orders are not in a file of this machine"
    words = "before 3.51.3 two programs writing at once could damage a file"
    return True, f"{version}; {words}: import while nobody packs"


def _terminal(_place: Place) -> tuple[bool, str]:
    term = os.environ.get("TERM", "")
    if term in {"", "dumb"}:
        return False, "no terminal: run station in one of at least 80 columns and 24 rows"
    size = shutil.get_terminal_size((80, 24))
    return size.columns >= 80 and size.lines >= 24, f"{term}, {size.columns}×{size.lines}"


_CHECKS: tuple[tuple[str, Callable[[Place], tuple[bool, str]]], ...] = (
    ("data folder", _folder),
    ("settings", _settings),
    ("order store", _store),
    ("server", serving.checked),
    ("journal", _journal),
    ("disk", _disk),
    ("clock", _clock),
    ("SQLite", _sqlite),
    ("terminal", _terminal),
)
