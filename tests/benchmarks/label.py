"""What one label costs: as ZPL, as a picture, packed for a printer, from a PDF, and on its way."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from benchmarks import label_line, label_pdf, label_picture
from benchmarks.plain_label import Drawing, Form
from benchmarks.report import Ratio, Result, Series
from benchmarks.rounds import in_turn, timed
from samples import MUG, order

from labels import render, sscc
from station import forms, papers
from station.demo import SETTINGS
from station.model import Address

if TYPE_CHECKING:
    from pathlib import Path

    from labels.layout import Label

DPI = 203
FINE_DPI = 300
OTHERS = 1_000_000
"""From this number on orders are for the floors: what ours remembers of them must not help it."""
PACKED = 20
"""Different labels that are packed in turn: packing remembers none."""


def measure(folder: Path, *, quick: bool) -> tuple[Result, ...]:  # noqa: ARG001 - needs no file
    """Make, pack and take labels in turn with floors and peers, and set them beside a printer."""
    number = 20 if quick else 200
    words, drawn = _drawn(number)
    labels = [_label(2 * OTHERS + n) for n in range(PACKED // 4 if quick else PACKED)]
    packed = [
        label_picture.compared(labels, dpi, number // (2 if dpi == FINE_DPI else 1))
        for dpi in (DPI, FINE_DPI)
    ]
    taken = label_pdf.compared(labels, DPI, number // 5)
    own, picture, *_, plain = packed[0][1].series
    forms_of_one = {"ZPL words": own, "ZPL picture": picture, "TSPL": plain}
    line = label_line.compared(words.series[0], forms_of_one)
    return (words, drawn, *(result for pair in packed for result in pair), taken, line)


def _drawn(number: int) -> tuple[Result, Result]:
    """Make labels, each of an order never seen before, by our engine and by its floor."""
    zpl, png = forms.Format("zpl", DPI), forms.Format("png", DPI)
    others = [_label(OTHERS + n) for n in range(number + 2)]
    made = (Form.of(forms.draw([label], zpl).decode()) for label in others)
    drawings = (Drawing.of(render.sheet(label, DPI)) for label in others)
    ours = count()
    sources = {
        "ours, order → ZPL": timed(ours, lambda n: forms.draw([_label(n)], zpl)),
        "str.format of the same ZPL": timed(list(made), Form.filled),
        "ours, order → PNG": timed(ours, lambda n: forms.draw([_label(n)], png)),
        "plain Pillow, the same words and bars → PNG": timed(list(drawings), Drawing.drawn),
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


def _label(number: int) -> Label:
    street = (f"{number} Larkspur Ave", "Apt 3B")
    buyer = Address(f"Ana Müller {number}", street, "Sampletown", "OR", f"{number:07d}", "US")
    sold = order(f"111-{number:07d}-0000001", (MUG, 2), ship_to=buyer)
    serial = sscc(SETTINGS.shipping.gs1_company_prefix, number)
    return papers.shipping_label(sold, serial, 840, SETTINGS.ship_from, SETTINGS.shipping)
