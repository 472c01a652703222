"""The `station` command as the tests give it, in a data folder of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from samples import MUG, PRODUCTS, order
from sync.channels.report_files import other, text_of, write

from station import cli, compose, config
from station.tracking import recognise

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from station.compose import Parts
    from station.view import View

OWN_LABELS = """
[shipping]
label = "own"
gs1_company_prefix = "9521234"
[ship_from]
name = "Sample Shop"
lines = ["1 Yard"]
city = "Town"
country = "US"
"""
MUG_CODE = "9520000000011"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command left behind."""

    code: int
    out: str
    err: str


@dataclass
class Station:
    """The command over one data folder."""

    home: Path
    capture: pytest.CaptureFixture[str]

    def __call__(self, *arguments: str | Path) -> Answer:
        """Run a command and return exit code and words."""
        try:
            code = cli.main([str(argument) for argument in arguments])
        except SystemExit as exit_:
            code = int(exit_.code or 0)
        told = self.capture.readouterr()
        return Answer(code, told.out, told.err)

    def configure(self, text: str) -> None:
        """Write station.toml."""
        self.home.mkdir(mode=0o700, exist_ok=True)
        (self.home / "station.toml").write_text(text, encoding="utf-8")

    def parts(self) -> Parts:
        """Open the station, as the bench does."""
        return compose.open_parts(compose.Place(config.load(), self.home))

    def stock(self, *order_ids: str) -> None:
        """Bring in an order for one mug of each number."""
        compose.prepare(self.home)
        store = compose.open_store(compose.Place(config.load(), self.home))
        store.put_products(PRODUCTS)
        store.put_orders([order(order_id, (MUG, 1)) for order_id in order_ids], channel="amazon")
        store.close()

    def pack(self, *order_ids: str) -> list[str]:
        """Pack orders under carriers' labels; return their tracking ids."""
        parts = self.parts()
        parts.bench.sign_in("Ana")
        used = [_packed(parts, order_id) for order_id in order_ids]
        parts.close()
        return used


def _packed(parts: Parts, order_id: str) -> str:
    tracking_id = ups(int(order_id.rpartition("-")[2]))
    view: View = parts.bench.open_order(order_id)
    for code in (MUG_CODE, tracking_id):
        view = parts.bench.take_scan(code)
        view = parts.bench.settle()
    assert view.work is None
    return tracking_id


def ups(number: int) -> str:
    """Return a tracking id with a right check digit."""
    for digit in range(10):
        text = f"1Z999AA1{number:09}{digit}"
        if recognise(text):
            return text
    raise AssertionError(number)


def report(folder: Path, count: int = 3, *bad: int) -> Path:
    """Write an orders report with so many orders, some of them unreadable."""
    rows = [
        other(n, {"quantity-to-ship": "many"} if n in bad else None) for n in range(1, count + 1)
    ]
    return write(folder, text_of(rows), "orders.txt")
