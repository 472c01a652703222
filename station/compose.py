"""The composition root: settings → store, journal, devices, bench, app. Nothing else constructs."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING, TextIO

from station.device_settings import USUAL_PRINTER
from station.errors import ConfigError, StationError
from station.journal import Journal
from station.pack import Rules
from station.place import Place, lock, place_of, prepare, site_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from station.app import StationApp
    from station.bench import Bench
    from station.config import Settings
    from station.devices.jobs import JobChanged
    from station.devices.ports import Printer
    from station.devices.spool import Spool
    from station.floor import Coach, Floor
    from station.model import Lease
    from station.proofs import Proofs
    from station.store.port import OrderStore
    from station.store.sql import SqlOrderStore
    from station.sync.link import Link
    from station.vitals import Vitals

__all__ = ["Place", "lock", "place_of", "prepare", "site_key"]


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything of one opened station, for the app and for a bench without a screen."""

    bench: Bench
    store: OrderStore
    journal: Journal
    spool: Spool
    link: Link
    printer: Printer
    lock: TextIO
    vitals: Vitals

    def close(self) -> None:
        """Stop the threads and close the files."""
        self.link.stop()
        self.spool.stop()
        self.spool.close()
        self.journal.close()
        self.store.close()
        self.lock.close()


def open_store(place: Place) -> OrderStore:
    """Return the order store, in this process or over HTTPS.

    Raises:
        ConfigError: It is on another machine, and this one has no key for it.
    """
    if not place.is_far:
        return open_database(place)
    from station.sync.client import HttpOrderStore

    if place.joined is None:
        raise ConfigError(
            f"This machine has no key for the order store {place.store_url}.",
            "Run `station enrol NAME` on the server, and here the line that it prints.",
        )
    return HttpOrderStore(place.joined.url, place.joined.token, ca=place.joined.ca_pem or None)


def open_database(place: Place) -> SqlOrderStore:
    """Return the order store's database, which must be reached directly.

    Raises:
        ConfigError: The store is on another machine.
    """
    from station.store.sql import SqlOrderStore

    if place.is_far:
        raise ConfigError(
            f"The order store is on another machine: {place.store_url}.", "Run this command there."
        )
    return SqlOrderStore.open(place.store_url)


def open_printer(place: Place) -> Printer:
    """Return the printer of the settings."""
    from station.devices.open import open_printer

    url = place.printers[USUAL_PRINTER].url
    if url.startswith("tcp:") and "dpi=" not in url:
        url += f"{'&' if '?' in url else '?'}dpi={place.settings.printer.dpi}"
    return open_printer(url, base=place.home)


def open_parts(place: Place, changed: Callable[[], object] = lambda: None) -> Parts:
    """Open one station whole and start its threads; the lock comes first.

    What is given as changed is called from any thread when a print job or the store changed.
    """
    from station.bench import Bench
    from station.devices.spool import Spool
    from station.reach import Reach
    from station.shipping import Shipping
    from station.sync.carriers.own_label import OwnLabel
    from station.sync.link import Link
    from station.vitals import Vitals

    prepare(place.home)
    held = lock(place)
    settings = place.settings
    reach, far = Reach(), place.is_far
    journal = Journal(place.journal_path, clock=reach.now)
    # Also when it is started again without the network.
    reach.quarantined, reach.badges = journal.quarantined, journal.badges
    store = open_store(place)
    printer = open_printer(place)
    spool_path = place.home / f"{settings.station.id}.spool.db"

    def tell(_change: JobChanged | None = None) -> None:
        vitals.changed()
        changed()

    spool = Spool(spool_path, printer, emit=tell)
    carrier = OwnLabel(settings.ship_from, settings.shipping, place.form)
    serials = journal if far else None
    shipping = Shipping(store, spool, carrier, _slip(place), serials=serials, reach=reach)
    key, name = place.site_key, settings.station.id
    bench = Bench(name, journal, store, shipping, rules(settings), key, reach, _proofs(place))
    vitals = Vitals(bench, journal, lambda: printer_words(spool))
    ahead, pulse = settings.store.ahead if far else 0, vitals.pulse
    link = Link(name, journal, store, bench, reach, tell, ahead=ahead, is_far=far, pulse=pulse)
    spool.start()
    link.start()
    return Parts(bench, store, journal, spool, link, printer, held, vitals)


def _proofs(place: Place) -> Proofs:
    from station.proofs import Proofs, runtime_file

    people = place.settings.people
    return Proofs(
        runtime_file(place.home, place.settings.station.id),
        idle_s=people.lock_after_minutes * 60.0,
        most_s=people.pin_every_hours * 3600.0,
    )


def rules(settings: Settings) -> Rules:
    """Return the house's choices for the packing rules."""
    when = "last_unit" if settings.shipping.label == "own" else "asked"
    return Rules(when, settings.shipping.other_carriers)


def _slip(place: Place) -> Callable[[Lease], bytes] | None:
    if not place.settings.shipping.packing_slip:
        return None

    def made(lease: Lease) -> bytes:
        from station import forms, papers

        sheets = papers.packing_slip(lease, place.settings.ship_from)
        return forms.draw(sheets, place.form)

    return made


def open_floor(
    place: Place,
    changed: Callable[[], object],
    coach: Callable[[Parts], Coach] | None = None,
    clock: Callable[[], datetime] | None = None,
) -> Floor:
    """Open a station for the app."""
    from station import beat
    from station.floor import Floor

    parts = open_parts(place, changed)

    def take_beat(told: dict[str, object]) -> None:
        p99 = told.get("scan_p99_ms")
        parts.vitals.scan_p99_ms = round(p99) if isinstance(p99, float) else None
        if place.is_far:  # elsewhere `station status` asks the store
            beat.write(place.home, place.settings.station.id, told)

    return Floor(
        parts.bench,
        parts.store,
        place.settings,
        parts.vitals.printer_words,
        parts.bench.reach,
        parts.link.wake,
        parts.close,
        clock or parts.bench.reach.now,
        coach(parts) if coach else None,
        place.is_far,
        take_beat,
    )


def printer_words(spool: Spool) -> str:
    """Return how printing goes, from the spool alone: the printer is not asked."""
    from station import wording
    from station.devices.spool import JobState

    if trouble := spool.trouble:
        return trouble
    doubtful = spool.doubtful()
    if doubtful:
        return f"UNSURE about {len(doubtful)}"
    waiting = spool.jobs((JobState.QUEUED,))
    words = next((job.words for job in waiting if job.words), "")
    return wording.printer_words(words, len(waiting)) if words else "ok"


def build_app(place: Place, coach: Callable[[Parts], Coach] | None = None) -> StationApp:
    """Return the terminal program; it opens the station after its first frame."""
    from station.app import StationApp
    from station.messages import BenchChanged
    from station.wedge import Wedge

    scanner = place.settings.scanner
    wedge = Wedge(ends_on_pause=scanner.suffix == "none", pause_s=scanner.pause_ms / 1000)
    return StationApp(
        lambda post: open_floor(place, lambda: post(BenchChanged()), coach),
        wedge,
        place.settings.station.id,
    )


def run_app(place: Place, coach: Callable[[Parts], Coach] | None = None) -> int:
    """Open the bench in the terminal until the packer ends it; return the exit code.

    Raises:
        ConfigError: The data folder is used by another station, or cannot be written.
    """
    prepare(place.home)
    lock(place).close()
    app = build_app(place, coach)
    app.run(mouse=False)
    return app.return_code or 0


def log_to(home: Path) -> None:
    """Send the log to a file in the data folder; never to the screen."""
    with suppress(OSError, StationError):
        prepare(home)
        file = RotatingFileHandler(home / "station.log", maxBytes=2_000_000, backupCount=3)
        file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        logging.basicConfig(level=logging.INFO, handlers=[file])
