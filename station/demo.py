"""The demo: bundled files, the embedded store, the file printer, in a folder of its own."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from station import compose
from station.coach import DemoCoach
from station.config import Settings, ShipFrom, ShippingSettings, StationSettings
from station.errors import StationError
from station.floor import now
from station.pack import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.compose import Parts, Place
    from station.view import View

ORDERS_TO_PACK = 5
_PACKER = "Demo"
_WAIT_S = 10.0
"""Seconds that a label may take to the file printer."""

SETTINGS = replace(
    Settings(),
    station=StationSettings(id="demo-bench"),
    ship_from=ShipFrom(
        name="Sample Kitchen Shop",
        lines=("Unit 7, Example Yard",),
        city="Sampletown",
        postal_code="00100",
        country="US",
    ),
    shipping=ShippingSettings(label="own", gs1_company_prefix="9521234", packing_slip=True),
)
"""The prefix lies in GS1's range for examples."""


@dataclass(frozen=True, slots=True)
class Demo:
    """A demo's folder, with its orders imported."""

    place: Place
    orders: int


def prepare(folder: Path | None = None) -> Demo:
    """Write the sample files into a new folder and import them; no other data is touched."""
    from station.demo_data import write_demo_files
    from station.sync.channels.imports import import_listings, import_orders, import_products

    home = folder or Path(tempfile.mkdtemp(prefix="station-demo-"))
    files = write_demo_files(home / "files", now())
    place = compose.Place(SETTINGS, home)
    compose.prepare(home)
    store = compose.open_store(place)
    import_listings(files.listings, store)
    import_products(files.products, store)
    report = import_orders(files.orders, store)
    store.close()
    return Demo(place, report.result.new)


def coach(parts: Parts) -> DemoCoach:
    """Return the voice that tells a demo packer what to scan."""
    return DemoCoach(compose.site_key(parts.journal.folder))


def run_app() -> int:
    """Open the demo in the terminal; say afterwards where its files are."""
    demo = prepare()
    code = compose.run_app(demo.place, coach)
    print(f"The demo's labels and files are in {demo.place.home}")
    return code


def play(say: Callable[[str], object]) -> None:
    """Pack five orders through the real bench and say each step and each file.

    Raises:
        StationError: Something did not work; the message says what.
    """
    demo = prepare()
    say(f"Demo data in {demo.place.home}: {demo.orders} orders waiting.")
    parts = compose.open_parts(demo.place)
    try:
        voice = coach(parts)
        parts.bench.sign_in(_PACKER)
        for number in range(1, ORDERS_TO_PACK + 1):
            _pack(parts, voice, number, say)
        parts.link.drain()
        _export(parts, demo.place, say)
    finally:
        parts.close()
    for file in sorted(demo.place.printed.iterdir()):
        say(f"wrote {file}")


def _pack(parts: Parts, voice: DemoCoach, number: int, say: Callable[[str], object]) -> None:
    view = parts.bench.claim_next()
    if view.work is None:
        raise StationError("No order is waiting in the demo.", "Start it again.")
    order = view.work.order
    say(f"order {number}  {order.order_id}  {order.units} units, {len(order.items)} lines")
    until = time.monotonic() + _WAIT_S
    while view.work and view.work.pack.stage != Stage.CLOSED:
        view = _step(parts, voice, view, say)
        if time.monotonic() > until:
            raise StationError(f"Order {order.order_id} does not get on.", "See station.log.")


def _step(parts: Parts, voice: DemoCoach, view: View, say: Callable[[str], object]) -> View:
    code = voice.hint(view).code
    if not code:
        time.sleep(0.01)
        return parts.bench.settle()
    word = parts.bench.read(code).word
    view = parts.bench.count_unscanned() if word == "NOCODE" else parts.bench.take_scan(code)
    verdict = view.verdict
    say(f"  scan {word or code:<22} {verdict.word}: {verdict.text}" if verdict else f"  {code}")
    return parts.bench.settle()


def _export(parts: Parts, place: Place, say: Callable[[str], object]) -> None:
    from station.sync.channels.confirmations import export_confirmations

    path = place.home / "confirmations.txt"
    export = export_confirmations(parts.store, path)
    if export is None:
        raise StationError("No confirmation is pending after the demo.", "See station.log.")
    say(f"wrote {path} with {len(export.lines)} rows:")
    for line in path.read_text(encoding="utf-8").splitlines():
        say("  " + line.replace("\t", " | "))
