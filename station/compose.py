"""The composition root: settings → store, journal, devices, bench, app. Nothing else constructs."""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass, replace
from logging.handlers import RotatingFileHandler
from typing import TYPE_CHECKING, TextIO

from station.errors import ConfigError, StationError
from station.journal import Journal
from station.pack import Rules

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
    from station.enrolment import Enrolment
    from station.floor import Coach, Floor
    from station.model import Lease
    from station.papers import Format
    from station.proofs import Proofs
    from station.store.port import OrderStore
    from station.store.sql import SqlOrderStore
    from station.sync.link import Link
    from station.vitals import Vitals


@dataclass(frozen=True, slots=True)
class Place:
    """Settings and the folder of the data; from these everything can be opened."""

    settings: Settings
    home: Path
    joined: Enrolment | None = None
    """What a bench of another machine's store keeps of it."""

    @property
    def is_far(self) -> bool:
        """Whether the order store is reached over HTTP."""
        return self.store_url.startswith(("https://", "http://"))

    @property
    def store_url(self) -> str:
        """The address of the order store."""
        return self.settings.store.url or f"sqlite:///{self.home / 'store.db'}"

    @property
    def site_key(self) -> bytes:
        """The secret that signs command barcodes and badges: that of the store's machine."""
        joined = self.joined.site_key if self.joined else b""
        return joined or site_key(self.home)

    @property
    def journal_path(self) -> Path:
        """The journal of this station."""
        return self.home / f"{self.settings.station.id}.journal.db"

    @property
    def printed(self) -> Path:
        """The folder of the file printer."""
        return self.home / "printed"

    @property
    def printer_url(self) -> str:
        """The printer's address."""
        return self.settings.printer.url or self.printed.absolute().as_uri()

    @property
    def form(self) -> Format:
        """How papers are written for this printer."""
        from station.papers import Format

        name = self.settings.printer.format
        usual = "png" if self.printer_url.startswith("file:") else "zpl"
        return Format(name or usual, self.settings.printer.dpi)


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


def place_of(settings: Settings, home: Path) -> Place:
    """Return the place of a data folder; where it was enrolled at a store, under that name.

    Raises:
        ConfigError: station.toml names another bench than the one that was enrolled.
    """
    from station import enrolment

    joined = enrolment.load(home)
    if joined is None or settings.store.url not in {"", joined.url}:
        return Place(settings, home)
    default = type(settings.station)().id
    if settings.station.id not in {default, joined.station}:
        raise ConfigError(
            f"This machine is enrolled as {joined.station}, station.toml says"
            f" {settings.station.id}.",
            "Take the id out of station.toml, or enrol the machine under it.",
        )
    station = replace(settings.station, id=joined.station)
    store = replace(settings.store, url=joined.url)
    return Place(replace(settings, station=station, store=store), home, joined)


def prepare(home: Path) -> None:
    """Make the data folder, readable by its owner alone.

    Raises:
        ConfigError: It cannot be made or written.
    """
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        probe = home / ".writable"
        probe.touch()
        probe.unlink()
    except OSError as error:
        reason = (error.strerror or "unknown").lower()
        raise ConfigError(
            f"The data folder {home} cannot be written: {reason}.",
            "Mend its rights, or name another with STATION_HOME.",
        ) from error


def site_key(home: Path) -> bytes:
    """Return the secret of a data folder that joined nobody's store, made at first use."""
    file = home / "site.key"
    with suppress(FileExistsError):
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(secrets.token_bytes(32))
            out.flush()
            os.fsync(out.fileno())
    return file.read_bytes()


def lock(place: Place) -> TextIO:
    """Return the open lock file of a station's data.

    Raises:
        ConfigError: Another station holds it.
    """
    file = (place.home / f"{place.settings.station.id}.lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        file.seek(0)
        holder = file.read().strip() or "another process"
        file.close()
        raise ConfigError(
            f"Another station already works with {place.home} (process {holder}).",
            "Close it, or give this one its own STATION_HOME.",
        ) from error
    file.truncate(0)
    file.write(str(os.getpid()))
    file.flush()
    return file


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

    url = place.printer_url
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
        from station import papers

        sheets = papers.packing_slip(lease, place.settings.ship_from)
        return papers.draw(sheets, place.form)

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
