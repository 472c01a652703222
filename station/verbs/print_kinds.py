"""What `station print` can print: for each paper its words, its arguments, and its sheets."""

from __future__ import annotations

import argparse
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from station import house_papers, papers
from station.device_settings import USUAL_PRINTER
from station.errors import ConfigError, InputError
from station.forms import Format
from station.verbs import bench_data, serving

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from labels.layout import Label as Sheet
    from station.acts import Person
    from station.compose import Place

    Options = argparse.Namespace

MOST = 500
"""Labels that one command prints: more is a typing error."""

_FILE_DPI = 300

_PAPER = "Print it on paper, 100 %."


@dataclass(frozen=True, slots=True)
class Kind:
    """One paper of `station print`."""

    name: str
    words: str
    arguments: Callable[[argparse.ArgumentParser], object]
    make: Callable[[Place, Options, Format], Iterable[Sheet]]
    media: str
    """Its usual paper; empty: what is in the printer."""
    after: str = ""
    """What to do with it, for the line that is printed at last."""
    count: Callable[[Sequence[Sheet], Options], str] | None = None

    def usual(self, place: Place, options: Options) -> Format:
        """Return the paper and the resolution of a file when none was asked for."""
        if self.media:
            return Format(dpi=_FILE_DPI, media=self.media)
        return place.form_of(printer_name(place, _tested(options)))

    def said(self, sheets: Sequence[Sheet], options: Options) -> str:
        """Return what was made, and what to do with it."""
        pages = f"{len(sheets)} page{'' if len(sheets) == 1 else 's'}"
        what = self.count(sheets, options) if self.count else pages
        return f"{what}. {self.after}".strip()


def _none(_parser: argparse.ArgumentParser) -> None:
    """Take no arguments of its own."""


def _commands(place: Place, _options: Options, form: Format) -> Iterable[Sheet]:
    return house_papers.command_sheet(place.site_key, form.media)


def _boxes(place: Place, _options: Options, form: Format) -> Iterable[Sheet]:
    boxes = place.settings.boxes
    if not boxes:
        raise InputError("There is no kind of box.", "Write [boxes.CODE] into station.toml.")
    return house_papers.box_sheet(boxes, place.site_key, form.media)


def _badge_names(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="NAME", help="without: everybody")


def _badges(place: Place, options: Options, form: Format) -> Iterable[Sheet]:
    with closing(serving.open_here(place)) as store:
        people = wanted(store.people(), options.names)
    options.people = len(people)
    return house_papers.badges(people, place.site_key, form.media)


def _badges_said(_sheets: Sequence[Sheet], options: Options) -> str:
    return f"{options.people} badges" if options.people != 1 else "1 badge"


def _tote_numbers(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("count", type=count, metavar="N", help="how many")
    parser.add_argument("--first", type=count, default=1, metavar="N", help="the first number")


def _totes(place: Place, options: Options, form: Format) -> Iterable[Sheet]:
    names = map(str, range(options.first, options.first + options.count))
    return house_papers.tote_labels(names, place.site_key, form.media)


def _bin_names(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="BIN")
    parser.add_argument("--all", action="store_true", help="every bin of the orders that wait")


def _bins(place: Place, options: Options, form: Format) -> Iterable[Sheet]:
    names = bench_data.waiting_bins(place) if options.all else options.names
    if not names:
        hint = "Name some, such as A-01, or use --all once products with bins are imported."
        raise InputError("There is no bin to print.", hint)
    return house_papers.bin_labels(names, place.site_key, form.media)


def _item_names(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sku", metavar="SKU")
    parser.add_argument("--copies", type=count, default=1, metavar="N")
    parser.add_argument("--condition", default="New")


def _items(place: Place, options: Options, form: Format) -> Iterable[Sheet]:
    product = bench_data.product(place, options.sku)
    return house_papers.item_label(product, options.condition, options.copies, form.media)


def _wave_size(parser: argparse.ArgumentParser) -> None:
    words = "how many of the first orders of the queue; without: 6"
    parser.add_argument("--orders", type=count, default=6, metavar="N", help=words)


def _picklist(place: Place, options: Options, form: Format) -> Iterable[Sheet]:
    wave, products = bench_data.next_wave(place, options.orders)
    if not wave.orders:
        raise InputError("No order waits.", "Import orders first: station import orders FILE.")
    return papers.pick_list(wave, products, bench_data.wave_name(), media=form.media)


def _order(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("order", metavar="ORDER")


def _return(place: Place, options: Options, form: Format) -> Iterable[Sheet]:
    lease, _ = bench_data.lease(place, options.order)
    return papers.return_label(lease.order, place.settings.ship_from, media=form.media)


def _box_numbers(parser: argparse.ArgumentParser) -> None:
    _order(parser)
    parser.add_argument("--box", type=box, default=(1, 1), metavar="N/M", help="box N of M")
    parser.add_argument(
        "--holds", nargs="+", type=units, metavar="SKU=N", help="what is in it; without: everything"
    )


def _box(place: Place, options: Options, form: Format) -> Iterable[Sheet]:
    lease, _ = bench_data.lease(place, options.order)
    inside = dict(options.holds or ())
    known = {item.sku for item in lease.order.items}
    if strange := sorted(set(inside) - known):
        raise InputError(
            f"{options.order} has no {strange[0][:60]!r}.", f"It has {', '.join(sorted(known))}."
        )
    bought = bench_data.bought(place, options.order, options.box[0])
    sscc = bought if len(bought) == 18 and bought.isdecimal() else ""
    return papers.box_contents(lease, options.box, units=inside, sscc=sscc, media=form.media)


def _printer(parser: argparse.ArgumentParser) -> None:
    words = "a printer of the settings, which prints it; without: a PDF for main"
    parser.add_argument("straight_to", nargs="?", metavar="PRINTER", help=words)


def _tested(options: Options) -> str:
    return options.to or options.straight_to or USUAL_PRINTER


def _test(_place: Place, options: Options, form: Format) -> Iterable[Sheet]:
    return (house_papers.printer_test(_tested(options), form),)


def _scanner_sheet(_place: Place, _options: Options, form: Format) -> Iterable[Sheet]:
    return house_papers.scanner_sheet(form.media)


_CUT = f"{_PAPER[:-1]}, and cut along the marks."

KINDS = (
    Kind(
        "commands", "the sheet of command barcodes", _none, _commands, "a4", _PAPER,
        lambda sheets, _: f"{len(sheets)} pages with every command",
    ),
    Kind(
        "badges", "badges to cut out, of everybody or of NAME", _badge_names, _badges, "a4", _CUT,
        _badges_said,
    ),
    Kind("boxes", "the barcodes of the kinds of boxes", _none, _boxes, "a4", _PAPER),
    Kind(
        "totes", "labels for N totes", _tote_numbers, _totes, "4x6", "",
        lambda _, options: f"{options.count} tote{'' if options.count == 1 else 's'}",
    ),
    Kind("bins", "labels for bins of the shelf", _bin_names, _bins, "2x1"),
    Kind("items", "labels for units of a product", _item_names, _items, "2x1"),
    Kind("picklist", "what to pick next, bin by bin", _wave_size, _picklist, "4x6"),
    Kind("return", "the label for what a buyer sends back", _order, _return, "4x6"),
    Kind("box", "what is in one box of several", _box_numbers, _box, "4x6"),
    Kind("test", "the test label of a printer", _printer, _test, ""),
    Kind("scanner-sheet", "the codes that teach a scanner", _none, _scanner_sheet, "4x6"),
)  # fmt: skip
"""Every paper, in the order of the help."""


def printer_name(place: Place, name: str) -> str:
    """Return the name of a printer of the settings.

    Raises:
        ConfigError: There is none of this name.
    """
    if name not in place.printers:
        known = ", ".join(place.printers)
        raise ConfigError(f"No printer is called {name[:40]!r}.", f"Known: {known}.")
    return name


def wanted(people: Sequence[Person], names: Sequence[str]) -> list[Person]:
    """Return those who may sign in: everybody, or those who are named.

    Raises:
        InputError: There is nobody, or a name is unknown.
    """
    here = [person for person in people if not person.disabled]
    if not here:
        raise InputError(
            "Nobody has a badge yet.", "Add somebody: station user add NAME --role owner"
        )
    by_name = {person.name.casefold(): person for person in here}
    unknown = [name for name in names if name.casefold() not in by_name]
    if unknown:
        raise InputError(
            f"Nobody here is called {unknown[0][:60]!r}.", "`station user list` shows everybody."
        )
    return [by_name[name.casefold()] for name in names] or here


def count(text: str) -> int:
    """Read how many; for argparse."""
    if text.isascii() and text.isdigit() and 0 < int(text[:4]) <= MOST and len(text) <= len("500"):
        return int(text)
    raise argparse.ArgumentTypeError(f"write a number from 1 to {MOST}")


def box(text: str) -> tuple[int, int]:
    """Read “2/3”; for argparse."""
    number, _, of = text.partition("/")
    pair = count(number), count(of)
    if pair[0] > pair[1]:
        raise argparse.ArgumentTypeError("the box's number is higher than their count")
    return pair


def units(text: str) -> tuple[str, int]:
    """Read “SKU=2”; for argparse."""
    sku, _, many = text.rpartition("=")
    return (sku, count(many)) if sku else (many, 1)
