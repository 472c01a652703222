"""`station import orders|listings|products FILE…`."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from station import compose
from station.errors import InputError
from station.text import plain
from station.verbs import FAILED, OK

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import TextIO

    from station.compose import Place
    from station.store.port import OrderStore
    from station.sync.channels.port import ImportReport

SHOWN = 20
"""Bad rows that are printed one by one."""


@dataclass
class Bar:
    """A progress bar on a terminal; nothing anywhere else."""

    out: TextIO
    shown: int = -1

    def __call__(self, fraction: float) -> None:
        """Show how far the work is, 0 to 1."""
        percent = int(fraction * 100)
        if percent == self.shown or not self.out.isatty():
            return
        self.shown = percent
        filled = "█" * (percent * 40 // 100)
        self.out.write(f"\r{filled:<40} {percent:>3} %")
        self.out.flush()

    def end(self) -> None:
        """Clear the row."""
        if self.shown >= 0:
            self.out.write("\r" + " " * 50 + "\r")


def run(place: Place, kind: str, files: Sequence[Path], *, partial: bool, channel: str) -> int:
    """Import files of one kind; bad rows are printed, all others are in the store.

    Returns 1 when a file could not be used or had bad rows.
    """
    compose.prepare(place.home)
    store = compose.open_store(place)
    code = OK
    for file in files:
        try:
            report = _import(store, kind, file, partial=partial, channel=channel)
        except InputError as error:
            print(f"{file}: {error}", file=sys.stderr)
            code = FAILED
            continue
        _tell(report)
        code = FAILED if report.errors else code
    store.close()
    return code


def _import(
    store: OrderStore, kind: str, file: Path, *, partial: bool, channel: str
) -> ImportReport:
    from station.sync.channels import imports

    bar = Bar(sys.stderr)
    try:
        if kind == "orders":
            return imports.import_orders(
                file, store, channel=channel, partial=partial, progress=bar
            )
        if kind == "listings":
            return imports.import_listings(file, store, progress=bar)
        return imports.import_products(file, store, progress=bar)
    finally:
        bar.end()


def _tell(report: ImportReport) -> None:
    result = report.result
    print(f"{report.path}: {report.rows} rows, {report.encoding}")
    print(f"  {result.new} new, {result.updated} updated, {result.unchanged} unchanged")
    if result.stopped:
        print(f"  {result.stopped} being packed changed or vanished: the bench is told to stop")
    if result.held:
        print(f"  {result.held} no longer listed: held, see `station orders`")
    if report.unknown_columns:
        print(f"  columns not used: {', '.join(map(plain, report.unknown_columns[:SHOWN]))}")
    for note in report.notes:
        print(f"  note: {note}")
    for error in report.errors[:SHOWN]:
        print(f"  line {error.line}: {error.reason}", file=sys.stderr)
    if len(report.errors) > SHOWN:
        print(f"  … and {len(report.errors) - SHOWN} more bad rows", file=sys.stderr)
