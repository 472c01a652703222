"""One TOML file to typed settings; every setting is documented under itself.

Flag > `STATION_*` variable > file > default. An unknown key is an error that names the nearest
known one. Settings are passed as arguments, never imported.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from dataclasses import Field, dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_type_hints

from station.device_settings import (
    FORMATS,
    MEDIA,
    USUAL_PRINTER,
    BoxSettings,
    PaperSettings,
    PrinterSettings,
    ScaleSettings,
    ScannerSettings,
)
from station.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class StationSettings:
    """`[station]`: this bench."""

    id: str = "bench-1"
    """The name under which the store knows this bench; letters, digits and dashes."""
    day_ends: str = "18:00"
    """Local time of the last pick-up; orders due until then count as due today."""


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """`[store]`: the order store."""

    url: str = ""
    """Empty: what `station enrol --join` wrote, else a file in the data folder. Else
    https://host:8443 of a `station serve`, or an SQLAlchemy address."""
    ahead: int = 1
    """Orders kept ready beyond the one in hand, for a cut of the network; only where the store
    is on another machine."""


@dataclass(frozen=True, slots=True)
class ShipFrom:
    """`[ship_from]`: the sender on our own labels and packing slips."""

    name: str = ""
    """The shop's name."""
    lines: tuple[str, ...] = ()
    """Street lines."""
    city: str = ""
    """Town."""
    region: str = ""
    """State or province."""
    postal_code: str = ""
    """Postal code."""
    country: str = ""
    """Two letters."""


@dataclass(frozen=True, slots=True)
class ShippingSettings:
    """`[shipping]`: how parcels get their labels."""

    label: str = "carrier"
    """carrier: the packer scans a label that he has at hand. own: a label of ours is printed with
    the last unit. own-asked: a label of ours is printed on DONE. folder: a label that was bought
    elsewhere is printed with the last unit, out of label_folder."""
    label_folder: str = ""
    """Where labels bought elsewhere are saved, as ORDER-ID.pdf, .png or .zpl; without a leading /
    it lies in the data folder."""
    gs1_company_prefix: str = ""
    """The seller's GS1 company prefix; our label's SSCC is made of it."""
    carrier_name: str = "Own delivery"
    """What the channel is told for a label of ours; its carrier code is “Other”."""
    service: str = "Standard"
    """The service on our label, and the ship-method that the channel is told."""
    other_carriers: tuple[str, ...] = ()
    """Names of carriers whose numbers we cannot tell; offered when a label is scanned."""
    packing_slip: bool = False
    """Whether a packing slip prints with a label of ours."""


@dataclass(frozen=True, slots=True)
class ServeSettings:
    """`[serve]`: the order store as a server for many benches, on the machine that has it."""

    host: str = "0.0.0.0"  # noqa: S104 - benches are on other machines; TLS and tokens guard it
    """The address to listen on. 0.0.0.0: all of this machine."""
    port: int = 8443
    """The port to listen on."""
    certificate: str = ""
    """Your own certificate with its chain, a PEM file. Empty: ours, in `tls` in the data folder."""
    key: str = ""
    """Its key, a PEM file that nobody else can read."""
    names: tuple[str, ...] = ()
    """Host names and addresses under which benches reach this machine, the usual one first; with
    `:port` when a proxy listens on another one."""
    rate: int = 50
    """Requests a second that one station may send."""
    at_once: int = 64
    """Requests that are worked on at once."""


@dataclass(frozen=True, slots=True)
class PeopleSettings:
    """`[people]`: badges and PINs, from the first `station user add` on."""

    lock_after_minutes: int = 15
    """A bench where nothing was scanned or pressed for so long wants badge and PIN again."""
    pin_every_hours: int = 10
    """Hours after which somebody must show his PIN again at a bench; until then his badge alone
    lets him in where he worked within lock_after_minutes."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything in `station.toml`."""

    station: StationSettings = field(default_factory=StationSettings)
    store: StoreSettings = field(default_factory=StoreSettings)
    ship_from: ShipFrom = field(default_factory=ShipFrom)
    shipping: ShippingSettings = field(default_factory=ShippingSettings)
    printer: PrinterSettings = field(default_factory=PrinterSettings)
    printers: dict[str, PrinterSettings] = field(default_factory=dict)
    """Printers besides the usual one, by their names."""
    papers: PaperSettings = field(default_factory=PaperSettings)
    scanner: ScannerSettings = field(default_factory=ScannerSettings)
    scale: ScaleSettings = field(default_factory=ScaleSettings)
    boxes: dict[str, BoxSettings] = field(default_factory=dict)
    """Kinds of boxes, by what their barcodes say."""
    serve: ServeSettings = field(default_factory=ServeSettings)
    people: PeopleSettings = field(default_factory=PeopleSettings)


_CHOICES: dict[str, tuple[object, ...]] = {
    "shipping.label": ("carrier", "own", "own-asked", "folder"),
    "printer.format": ("", *FORMATS),
    "printer.dpi": (203, 300, 600),
    "printer.media": MEDIA,
    "scanner.suffix": ("enter", "none"),
}


_RANGES = {
    "serve.port": range(1, 65536),
    "serve.rate": range(1, 10_001),
    "printer.width_mm": range(1001),
    "scale.tolerance_g": range(100_001),
    "scale.tolerance_percent": range(101),
    "boxes.tare_g": range(100_001),
    "serve.at_once": range(8, 1001),
    "people.lock_after_minutes": range(1, 241),
    "people.pin_every_hours": range(1, 25),
}


_NAMED = {"printers": ("printer", PrinterSettings), "boxes": ("boxes", BoxSettings)}
"""Tables of tables with names of the owner's: how one is called in the rules, and what it is."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,19}")

_BOOLEANS = {
    **dict.fromkeys(("1", "true", "yes", "on"), True),
    **dict.fromkeys(("0", "false", "no", "off"), False),
}
_ANY = re.compile(r".*", re.DOTALL)
_FORMS = {
    "station.id": (
        re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}"),
        "Write letters, digits, - and _, 40 at most.",
    ),
    "station.day_ends": (
        re.compile(r"([01]?\d|2[0-3]):[0-5]\d"),
        "Write hours and minutes: 18:00.",
    ),
    "shipping.gs1_company_prefix": (
        re.compile(r"|\d{4,12}"),
        "Write the 4 to 12 digits of your GS1 company prefix.",
    ),
}
"""What a text must look like, and what to write when it does not."""


def data_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the folder of the data: `STATION_HOME`, or the platform's own."""
    if place := environ.get("STATION_HOME"):
        return Path(place).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("station", appauthor=False))


def load(
    path: Path | None = None, environ: Mapping[str, str] = os.environ, home: Path | None = None
) -> Settings:
    """Read the settings from a file, `STATION_CONFIG`, or `station.toml` in the data folder.

    Raises:
        ConfigError: The file is missing (where it was named) or holds something unknown or wrong.
    """
    named = path or (Path(p) if (p := environ.get("STATION_CONFIG")) else None)
    file = named or (home or data_folder(environ)) / "station.toml"
    if not file.exists() and named is None:
        return _with_environment(Settings(), environ)
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{file} cannot be read: {error.strerror}.", "Name another.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{file} is not TOML: {error}.", "Mend that line.") from error
    return _with_environment(_filled(Settings(), data, (), file), environ)


def _filled(settings: Any, data: Mapping[str, Any], where: tuple[str, ...], file: Path) -> Any:
    known = {f.name for f in fields(settings)}
    changes: dict[str, Any] = {}
    for key, value in data.items():
        if key not in known:
            raise ConfigError(f"{file}: {_dotted(*where, key)} is unknown.", _nearest(key, known))
        now = getattr(settings, key)
        if (is_dataclass(now) or key in _NAMED) and not isinstance(value, dict):
            raise ConfigError(f"{file}: {key} is a table.", f"Write [{key}].")
        if key in _NAMED and not where:
            changes[key] = _named(key, value, file)
        elif is_dataclass(now):
            changes[key] = _filled(now, value, (*where, key), file)
        else:
            changes[key] = _checked(type(settings), (*where, key), value, str(file))
    return replace(settings, **changes)


def _named(table: str, tables: Mapping[str, Any], file: Path) -> dict[str, Any]:
    """Return the tables `[table.NAME]`, each under its name."""
    _, cls = _NAMED[table]
    found = {}
    for name, value in tables.items():
        if not isinstance(value, dict):
            raise ConfigError(f"{file}: {table}.{name} is a table.", f"Write [{table}.{name}].")
        if table == "printers" and name == USUAL_PRINTER:
            words = f"{USUAL_PRINTER} is the printer of [printer]; call this one otherwise."
            raise ConfigError(f"{file}: {table}.{name} cannot be a name.", words)
        if not _NAME.fullmatch(name):
            words = "Write letters, digits, - and _, 20 at most."
            raise ConfigError(f"{file}: {table}.{name} cannot be a name.", words)
        found[name] = _filled(cls(), value, (table, name), file)
    return found


def _checked(cls: type[Any], where: tuple[str, ...], value: Any, source: str) -> Any:
    wanted = get_type_hints(cls)[where[-1]]
    name = _dotted(*where)
    table, _ = _NAMED.get(where[0], (where[0], None))
    rule = f"{table}.{where[-1]}"
    if wanted == tuple[str, ...] and isinstance(value, list):
        value = tuple(value)
        if all(isinstance(part, str) for part in value):
            return value
    if wanted in {str, int, bool} and type(value) is not wanted:
        words = {str: "a text in quotes", int: "a whole number", bool: "true or false"}[wanted]
        raise ConfigError(f"{source}: {name} is {value!r}.", f"Write {words}.")
    if not isinstance(value, tuple) and wanted == tuple[str, ...]:
        raise ConfigError(f"{source}: {name} is {value!r}.", 'Write a list: ["one", "two"].')
    form, words = _FORMS.get(rule, (_ANY, ""))
    if isinstance(value, str) and not form.fullmatch(value):
        raise ConfigError(f"{source}: {name} is {value!r}.", words)
    if rule in _RANGES and value not in (span := _RANGES[rule]):
        words = f"Write a number from {span.start} to {span.stop - 1}."
        raise ConfigError(f"{source}: {name} is {value!r}.", words)
    choices = _CHOICES.get(rule, ())
    if choices and value not in choices:
        ways = ", ".join(repr(choice) for choice in choices)
        raise ConfigError(f"{source}: {name} is {value!r}.", f"Choose one of {ways}.")
    return value


def _with_environment(settings: Settings, environ: Mapping[str, str]) -> Settings:
    """Lay `STATION_<TABLE>_<KEY>` over the file, such as `STATION_PRINTER_URL`."""
    _known_variables(settings, environ)
    changes: dict[str, Any] = {}
    for table in _tables(settings):
        section = getattr(settings, table.name)
        values = {}
        for key in fields(section):
            name = f"STATION_{table.name}_{key.name}".upper()
            if name in environ:
                value = _typed(environ[name], type(getattr(section, key.name)), name)
                values[key.name] = _checked(type(section), (table.name, key.name), value, name)
        changes[table.name] = replace(section, **values)
    return replace(settings, **changes)


def _tables(settings: Settings) -> list[Field[Any]]:
    """Return the tables with keys of ours; those with names of the owner's have no variables."""
    return [table for table in fields(settings) if table.name not in _NAMED]


def _known_variables(settings: Settings, environ: Mapping[str, str]) -> None:
    """Refuse a variable that begins like one of ours and is none: it would be ignored silently."""
    known = {
        f"STATION_{table.name}_{key.name}".upper()
        for table in _tables(settings)
        for key in fields(getattr(settings, table.name))
    }
    starts = tuple(f"STATION_{table.name}_".upper() for table in _tables(settings))
    for name in environ:
        if name.startswith(starts) and name not in known:
            raise ConfigError(f"The variable {name} is unknown.", _nearest(name, known))


def _typed(text: str, kind: type[Any], name: str) -> Any:
    try:
        if kind is tuple:
            return [part.strip() for part in text.split(",") if part.strip()]
        if kind is bool:
            return _BOOLEANS[text.lower()]
        return kind(text)
    except (ValueError, KeyError) as error:
        raise ConfigError(f"{name} is {text!r}.", "Write a number, or yes or no.") from error


def _dotted(*names: str) -> str:
    return ".".join(names)


def _nearest(key: str, known: set[str]) -> str:
    near = difflib.get_close_matches(key, known, 1, 0.4)
    return f"Did you mean {near[0]}?" if near else f"Known are: {', '.join(sorted(known))}."
