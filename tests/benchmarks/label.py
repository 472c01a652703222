"""What one label costs, as ZPL and as a picture, above filling in a form and plain drawing."""

from __future__ import annotations

from itertools import count
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

from benchmarks.plain_label import Drawing, Form
from benchmarks.report import Ratio, Result, Series
from benchmarks.rounds import in_turn
from samples import MUG, order

from labels import render, sscc
from station import forms, papers
from station.demo import SETTINGS
from station.model import Address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from labels.layout import Label

T = TypeVar("T")

DPI = 203
OTHERS = 1_000_000
"""From this number on orders are for the floors: what ours remembers of them must not help it."""


def measure(folder: Path, *, quick: bool) -> tuple[Result, ...]:  # noqa: ARG001 - needs no file
    """Make labels in turn, each of an order never seen before, by our engine and by its floor."""
    number = 20 if quick else 200
    zpl, png = forms.Format("zpl", DPI), forms.Format("png", DPI)
    others = [_label(OTHERS + n) for n in range(number + 2)]
    made = (Form.of(forms.draw([label], zpl).decode()) for label in others)
    drawings = (Drawing.of(render.sheet(label, DPI)) for label in others)
    ours = count()
    sources = {
        "ours, order → ZPL": _timed(ours, lambda n: forms.draw([_label(n)], zpl)),
        "str.format of the same ZPL": _timed(list(made), Form.filled),
        "ours, order → PNG": _timed(ours, lambda n: forms.draw([_label(n)], png)),
        "plain Pillow, the same words and bars → PNG": _timed(list(drawings), Drawing.drawn),
    }
    in_turn(2, sources)
    samples = in_turn(number, sources)
    return _results(*(Series(name, values) for name, values in samples.items()))


def _results(zpl: Series, form: Series, png: Series, plain: Series) -> tuple[Result, Result]:
    native = "What fitting the words, checking the code and escaping cost over a ready form."
    drawn = "What fitting, many scripts and safe bars cost over drawing at places known before."
    return (
        Result("Label as ZPL", "ms", (zpl, form), (Ratio(zpl, form, native),)),
        Result(f"Label as a {DPI} dpi PNG", "ms", (png, plain), (Ratio(png, plain, drawn),)),
    )


def _timed(things: Iterable[T], make: Callable[[T], object]) -> Callable[[], list[float]]:
    """Return a source that makes the next thing and gives its milliseconds."""
    following = iter(things)

    def one() -> list[float]:
        thing = next(following)
        began = perf_counter()
        make(thing)
        return [(perf_counter() - began) * 1000]

    return one


def _label(number: int) -> Label:
    street = (f"{number} Larkspur Ave", "Apt 3B")
    buyer = Address(f"Ana Müller {number}", street, "Sampletown", "OR", f"{number:07d}", "US")
    sold = order(f"111-{number:07d}-0000001", (MUG, 2), ship_to=buyer)
    serial = sscc(SETTINGS.shipping.gs1_company_prefix, number)
    return papers.shipping_label(sold, serial, 840, SETTINGS.ship_from, SETTINGS.shipping)
