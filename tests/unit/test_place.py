"""Which printers print what, as the settings say it: names, addresses and who may stand in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from station import compose
from station.config import Settings
from station.device_settings import PaperSettings, PrinterSettings
from station.devices.pool import Pool
from station.errors import ConfigError
from station.forms import Format
from station.place import Place, place_of

if TYPE_CHECKING:
    from pathlib import Path

MAIN = PrinterSettings("tcp://192.0.2.1", dpi=300)
SPARE = PrinterSettings("tcp://192.0.2.2?status=off", dpi=300)
OFFICE = PrinterSettings("file:office", format="pdf", dpi=300, media="a4")


def place(
    home: Path,
    papers: PaperSettings,
    *,
    main: PrinterSettings = MAIN,
    **printers: PrinterSettings,
) -> Place:
    """Return the place of a bench with these printers and papers."""
    return Place(replace(Settings(), printer=main, printers=printers, papers=papers), home)


def test_papers_are_written_as_their_own_printers_want(tmp_path: Path) -> None:
    """A label is drawn for the label printer, a packing slip for the office printer."""
    papers = PaperSettings(label=("main", "spare"), packing_slip=("office",))
    bench = place(tmp_path, papers, spare=SPARE, office=OFFICE)
    assert bench.form_for("label") == Format("zpl", 300, "4x6")
    assert bench.form_for("packing_slip") == Format("pdf", 300, "a4")
    assert bench.rules["label"] == ("main", "spare")


@pytest.mark.parametrize(
    ("other", "words"),
    [
        (replace(SPARE, dpi=203), "dpi is 203 there and 300 here"),
        (replace(SPARE, media="4x8"), "media is 4x8 there and 4x6 here"),
        (replace(SPARE, format="tspl"), "format is tspl there and zpl here"),
    ],
)
def test_a_stand_in_needs_the_same_paper(
    tmp_path: Path, other: PrinterSettings, words: str
) -> None:
    """One document must suit both printers; the error names both, and what differs."""
    bench = place(tmp_path, PaperSettings(label=("main", "spare")), spare=other)
    with pytest.raises(ConfigError) as raised:
        compose.open_printer(bench)
    assert (
        raised.value.message == f"spare cannot stand in for main in papers.label: spare's {words}."
    )
    assert raised.value.remedy == "Give both the same format, dpi, media and width_mm."


@pytest.mark.parametrize(
    ("names", "message", "remedy"),
    [
        (
            ("mainn",),
            "papers.small names the printer 'mainn', and there is none.",
            "Did you mean main?",
        ),
        (
            ("zzz",),
            "papers.small names the printer 'zzz', and there is none.",
            "Known are: main, spare.",
        ),
        ((), "papers.small names no printer.", 'Write ["main"].'),
        (
            ("spare",),
            "The printer spare of papers.small has no address.",
            "Write url in [printers.spare].",
        ),
    ],
)
def test_a_paper_names_printers_that_there_are(
    tmp_path: Path, names: tuple[str, ...], message: str, remedy: str
) -> None:
    """A name without a printer is told with the nearest one, before anything is printed."""
    bench = place(tmp_path, PaperSettings(small=names), spare=PrinterSettings())
    with pytest.raises(ConfigError) as raised:
        compose.open_printer(bench)
    assert (raised.value.message, raised.value.remedy) == (message, remedy)


def test_only_printers_that_print_something_are_opened(tmp_path: Path) -> None:
    """The pool has the printers of the papers, the usual one first, each with its own dots."""
    papers = PaperSettings(label=("main", "spare"), packing_slip=("office",))
    bench = place(
        tmp_path, papers, spare=SPARE, office=OFFICE, unused=PrinterSettings("file:unused")
    )
    pool = compose.open_printer(bench)
    assert isinstance(pool, Pool)
    assert [(name, printer.name) for name, printer in pool.printers.items()] == [
        ("main", "main"),
        ("spare", "spare"),
        ("office", "office"),
    ]
    assert pool.lane("label") == ("main", "spare")
    assert pool.lane("packing-slip") == ("office",)


def test_without_settings_everything_goes_to_the_usual_printer(tmp_path: Path) -> None:
    """A bench that was told nothing prints all papers into its folder."""
    bench = Place(Settings(), tmp_path)
    pool = compose.open_printer(bench)
    assert isinstance(pool, Pool)
    assert set(bench.rules.values()) == {("main",)}
    pool.print("job-1", "tote", b"\x89PNG\r\n\x1a\n")
    assert [file.name for file in bench.printed.iterdir()] == ["tote-job-1.png"]


def test_a_receipt_printer_prints_less_than_its_paper(tmp_path: Path) -> None:
    """Its head is that of 80 mm paper unless the settings say another."""
    usual = Settings(printer=PrinterSettings("tcp://a", "escpos"))
    assert place_of(usual, tmp_path).form_of("main").width_mm == 72
    wide = Settings(printer=PrinterSettings("tcp://a", "escpos", width_mm=104))
    assert place_of(wide, tmp_path).form_of("main").width_mm == 104
    assert place_of(Settings(), tmp_path).form_of("main").width_mm == 0
