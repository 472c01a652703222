"""That the label benchmarks compare the same things; what they measure is for a person."""

from __future__ import annotations

import pytest
from benchmarks import label_line, label_pdf, label_picture
from benchmarks.label_picture import OURS, PEER, PEER_RUNS, RUNS
from benchmarks.report import Series
from label_reader import printed, read
from PIL import ImageChops

from labels import Label, render
from labels.layout import Barcode, Text
from labels.media import FOUR_BY_SIX

LABEL = Label(
    FOUR_BY_SIX.width_mm,
    FOUR_BY_SIX.height_mm,
    (Text(5, 5, 90, 12, "Ana Müller", 8), Barcode(10, 60, 80, 30, "1Z999AA10123456784")),
)


def test_the_line_is_computed_right() -> None:
    """Six inches at six inches a second are one second; 1,250 bytes at 10 Mbit/s are 1 ms."""
    result = label_line.compared(Series("made", [2.0]), {"one": Series("one", [1250.0])})
    made, network, usb, paper = result.series
    assert [made.values, network.values, paper.values] == [[2.0], [1.0], [1000.0]]
    assert usb.values[0] == pytest.approx(1.028, abs=0.001)
    assert [ratio.at(0.5) for ratio in result.ratios] == ["500.00", "972.80"]
    assert all(each.name.startswith("computed") for each in result.series[1:])


@pytest.mark.parametrize("name", [OURS, PEER, RUNS, PEER_RUNS])
def test_every_way_prints_the_same_dots(name: str) -> None:
    """Ours and the peer's are equal: an independent renderer draws the same dots."""
    image = render.image(LABEL, 203)
    document = label_picture.ways(203)[name](image)
    paper = printed(document, *image.size, 203)
    assert ImageChops.difference(paper, image.convert("L")).getbbox() is None


def test_every_benchmark_has_its_numbers() -> None:
    """One round fills each table: times, bytes and ratios."""
    times, sizes = label_picture.compared([LABEL], 203, 1)
    taken = label_pdf.compared([LABEL], 203, 1)
    assert [len(result.series) for result in (times, sizes, taken)] == [4, 7, 3]
    assert [len(result.ratios) for result in (times, sizes, taken)] == [2, 3, 3]
    assert all(series.values for result in (times, sizes, taken) for series in result.series)


def test_the_bare_steps_print_the_label() -> None:
    """The floor of a PDF is no empty work: its ZPL carries the label's barcode."""
    document = label_pdf.bare(render.pdf([LABEL], 203), 203)
    assert read(printed(document, 813, 1220, 203)) == ["1Z999AA10123456784"]
