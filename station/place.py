"""Where a station's data is and what it was told: the settings, the folder, and its one owner."""

from __future__ import annotations

import difflib
import fcntl
import os
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from station.device_settings import RECEIPT_MM, USUAL_PRINTER
from station.errors import ConfigError
from station.forms import Format

if TYPE_CHECKING:
    from station.config import Settings
    from station.device_settings import PrinterSettings
    from station.enrolment import Enrolment


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
    def label_folder(self) -> Path | None:
        """Where the owner saves carriers' labels; None where none is set."""
        folder = self.settings.shipping.label_folder
        return self.home / Path(folder).expanduser() if folder else None

    @property
    def printers(self) -> dict[str, PrinterSettings]:
        """Every printer of this bench by its name, the usual one first; each with its address."""
        known = {USUAL_PRINTER: self.settings.printer, **self.settings.printers}
        folder = self.printed.absolute().as_uri()
        return {
            name: each if each.url else replace(each, url=folder if name == USUAL_PRINTER else "")
            for name, each in known.items()
        }

    @property
    def rules(self) -> dict[str, tuple[str, ...]]:
        """The names of the printers of each paper in `[papers]`, the first choice first.

        Raises:
            ConfigError: A printer is unknown, or cannot stand in for another one.
        """
        rules: dict[str, tuple[str, ...]] = asdict(self.settings.papers)
        for paper, names in rules.items():
            self._check(paper, names)
        return rules

    @property
    def form(self) -> Format:
        """How papers are written for the usual printer."""
        return self.form_of(USUAL_PRINTER)

    def form_for(self, paper: str) -> Format:
        """Return how a paper of `[papers]` is written: as its printers want it.

        Raises:
            ConfigError: A printer is unknown, or cannot stand in for another one.
        """
        return self.form_of(self.rules[paper][0])

    def _check(self, paper: str, names: tuple[str, ...]) -> None:
        known = self.printers
        if not names:
            raise ConfigError(f"papers.{paper} names no printer.", f'Write ["{USUAL_PRINTER}"].')
        for name in names:
            if name not in known:
                near = difflib.get_close_matches(name, known, 1, 0.4)
                text = f"papers.{paper} names the printer {name!r}, and there is none."
                hint = f"Did you mean {near[0]}?" if near else f"Known are: {', '.join(known)}."
                raise ConfigError(text, hint)
            if not known[name].url:
                text = f"The printer {name} of papers.{paper} has no address."
                raise ConfigError(text, f"Write url in [printers.{name}].")
            if difference := _difference(self.form_of(names[0]), self.form_of(name)):
                text = f"{name} cannot stand in for {names[0]} in papers.{paper}: {name}'s"
                hint = "Give both the same format, dpi, media and width_mm."
                raise ConfigError(f"{text} {difference}.", hint)

    def form_of(self, printer: str) -> Format:
        """Return how papers are written for a printer."""
        chosen = self.printers[printer]
        usual = "png" if chosen.url.startswith("file:") else "zpl"
        width_mm = chosen.width_mm or (RECEIPT_MM if chosen.format == "escpos" else 0)
        return Format(chosen.format or usual, chosen.dpi, chosen.media, width_mm)


def _difference(one: Format, other: Format) -> str:
    """Return in what two ways of writing papers differ; empty when one document suits both.

    >>> _difference(Format("zpl", 203), Format("zpl", 300))
    'dpi is 300 there and 203 here'
    """
    pairs = zip(asdict(one).items(), asdict(other).values(), strict=True)
    differ = [
        f"{'format' if key == 'name' else key} is {there} there and {here} here"
        for (key, here), there in pairs
        if here != there
    ]
    return ", ".join(differ)


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
