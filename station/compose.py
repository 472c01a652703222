"""The composition root: settings → store, journal, bench, app; its devices come from equipment."""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING, TextIO

from station import house_shipping
from station.equipment import devices_here, open_printer, open_scale
from station.errors import ConfigError, StationError
from station.journal import Journal
from station.pack import Box, Rules
from station.place import Place, lock, place_of, prepare, site_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from textual.message import Message

    from station.app import StationApp
    from station.bench import Bench
    from station.config import Settings
    from station.devices.jobs import JobChanged
    from station.devices.spool import Spool
    from station.devices.watching import Watch
    from station.devices.weighing import ScaleWatch
    from station.floor import Coach, Floor
    from station.proofs import Proofs
    from station.store.port import OrderStore
    from station.store.sql import SqlOrderStore
    from station.sync.link import Link
    from station.vitals import Vitals
    from station.wedge import Read

__all__ = ["Place", "lock", "open_printer", "open_scale", "place_of", "prepare", "site_key"]


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything of one opened station, for the app and for a bench without a screen."""

    bench: Bench
    store: OrderStore
    journal: Journal
    spool: Spool
    link: Link
    lock: TextIO
    vitals: Vitals
    watch: Watch
    scale: ScaleWatch | None = None

    def close(self) -> None:
        """Stop the threads and close the files."""
        self.watch.stop()
        if self.scale:
            self.scale.stop()
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


def open_parts(place: Place, changed: Callable[[], object] = lambda: None) -> Parts:
    """Open one station whole and start its threads; the lock comes first.

    What is given as changed is called from any thread when a print job or the store changed.
    """
    from station.bench import Bench
    from station.devices.spool import Spool
    from station.devices.watching import Watch
    from station.pan import Pan
    from station.reach import Reach
    from station.sync.link import Link
    from station.vitals import Vitals, aside, printer_words

    printer = open_printer(place)  # wrong settings are told before anything is opened
    prepare(place.home)
    held = lock(place)
    settings = place.settings
    reach, far = Reach(), place.is_far
    journal = Journal(place.journal_path, clock=reach.now)
    # Also when it is started again without the network.
    reach.quarantined, reach.badges = journal.quarantined, journal.badges
    store = open_store(place)
    spool_path = place.home / f"{settings.station.id}.spool.db"

    def tell(_change: JobChanged | None = None) -> None:
        vitals.changed()
        changed()

    spool = Spool(spool_path, printer, emit=tell)
    shipping = house_shipping.opened(place, store, spool, journal if far else None, reach)
    key, name = place.site_key, settings.station.id
    scale, house = open_scale(place), rules(settings)
    pan = Pan(scale) if scale else None
    bench = Bench(name, journal, store, shipping, house, key, reach, _proofs(place), pan)
    vitals = Vitals(bench, journal, lambda: printer_words(spool), lambda: aside(spool))
    ahead, pulse = settings.store.ahead if far else 0, vitals.pulse
    link = Link(name, journal, store, bench, reach, tell, ahead=ahead, is_far=far, pulse=pulse)
    watch = Watch(printer, tell)
    spool.start()
    link.start()
    watch.start()
    if scale:
        scale.start()
    return Parts(bench, store, journal, spool, link, held, vitals, watch, scale)


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
    when = "last_unit" if settings.shipping.label in {"own", "folder"} else "asked"
    scale = settings.scale
    return Rules(
        when,
        settings.shipping.other_carriers,
        weigh=bool(scale.url),
        weight_required=scale.required,
        tolerance_g=scale.tolerance_g,
        tolerance_percent=scale.tolerance_percent,
        boxes=tuple(Box(code, each.tare_g, each.name) for code, each in settings.boxes.items()),
    )


def open_floor(
    place: Place,
    changed: Callable[[], object],
    coach: Callable[[Parts], Coach] | None = None,
    clock: Callable[[], datetime] | None = None,
    heard: Callable[[Read, float], object] = lambda _read, _at: None,
) -> Floor:
    """Open a station for the app; what scanners with ports of their own read is heard there."""
    from station.devices import scanning
    from station.floor import Floor

    scanners = scanning.scanners(place.settings.scanner, place.home, heard, changed)
    parts = open_parts(place, changed)
    scanners.start()

    def close() -> None:
        scanners.stop()
        parts.close()

    return Floor(
        parts.bench,
        parts.store,
        place.settings,
        parts.vitals.bench_words,
        parts.bench.reach,
        parts.link.wake,
        close,
        clock or parts.bench.reach.now,
        coach(parts) if coach else None,
        place.is_far,
        partial(_take_beat, place, parts.vitals),
        scanners=scanners.each,
        previews=house_shipping.previews(place, parts.bench.shipping),
        devices=devices_here(place, parts.spool.printer, scanners, parts.scale),
        advice="" if coach or scanning.is_learnt(place.home) else scanning.NOT_LEARNT,
    )


def _take_beat(place: Place, vitals: Vitals, told: dict[str, object]) -> None:
    p99 = told.get("scan_p99_ms")
    vitals.scan_p99_ms = round(p99) if isinstance(p99, float) else None
    if place.is_far:  # elsewhere `station status` asks the store
        from station import beat

        beat.write(place.home, place.settings.station.id, told)


def build_app(place: Place, coach: Callable[[Parts], Coach] | None = None) -> StationApp:
    """Return the terminal program; it opens the station after its first frame."""
    from station.app import StationApp
    from station.devices import scanning
    from station.messages import BenchChanged, ScanRead

    def opened(post: Callable[[Message], object]) -> Floor:
        return open_floor(
            place,
            lambda: post(BenchChanged()),
            coach,
            heard=lambda read, at: post(ScanRead(read.text, at, whole=read.whole)),
        )

    wedge = scanning.typed_wedge(place.settings.scanner)
    return StationApp(opened, wedge, place.settings.station.id)


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
