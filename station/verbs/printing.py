"""`station print`: every paper of the bench, into a file or straight to one of its printers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from station import compose, equipment, forms
from station.device_settings import MEDIA
from station.devices.ports import Delivery
from station.errors import InputError, StationError
from station.verbs import OK, write
from station.verbs.print_kinds import KINDS, printer_name

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from labels.layout import Label as Sheet
    from station.compose import Place
    from station.verbs.print_kinds import Kind

    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - no public name
    Places = Callable[[argparse.Namespace], Place]

FILES = ("pdf", "png", "zpl")
"""What a paper may be written as; the suffix of the file says which."""


def add(verbs: Parsers, place_of: Places) -> None:
    """Add the command; place_of tells the data folder that is meant."""
    words = "print the papers of the bench, to a file or a printer"
    kinds = verbs.add_parser("print", help=words, description=words).add_subparsers(
        required=True, metavar="|".join(kind.name for kind in KINDS)
    )
    for kind in KINDS:
        parser = kinds.add_parser(kind.name, help=kind.words, description=kind.words)
        kind.arguments(parser)
        _add_target(parser)
        parser.set_defaults(run=_run(kind, place_of))


def _add_target(parser: argparse.ArgumentParser) -> None:
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="a .pdf, .png or .zpl instead of the PDF"
    )
    where.add_argument(
        "--printer", dest="to", metavar="NAME", help="print it on a printer of the settings"
    )
    parser.add_argument("--media", choices=MEDIA, help="the paper; without it the usual one")
    parser.add_argument("--dpi", type=int, choices=(203, 300, 600), help="dots per inch of a file")
    parser.add_argument(
        "--training", action="store_true", help="for practice: no carrier's code, marked as such"
    )


def _run(kind: Kind, place_of: Places) -> Callable[[argparse.Namespace], int]:
    def run(options: argparse.Namespace) -> int:
        place = place_of(options)
        compose.prepare(place.home)
        if not options.output:
            options.to = options.to or getattr(options, "straight_to", None)
        return _sent(place, kind, options) if options.to else _written(place, kind, options)

    return run


def _written(place: Place, kind: Kind, options: argparse.Namespace) -> int:
    target = options.output or place.home / f"{kind.name}.pdf"
    usual = kind.usual(place, options)
    form = forms.Format(file_format(target), options.dpi or usual.dpi, options.media or usual.media)
    sheets = _sheets(place, kind, options, form)
    for path in _files(target, sheets, form):
        print(f"{path}: {kind.said(sheets, options)}")
    return OK


def _files(target: Path, sheets: Sequence[Sheet], form: forms.Format) -> list[Path]:
    """Write the sheets, and return where they are: a PNG holds one sheet, so there may be more."""
    if form.name != "png" or len(sheets) == 1:
        write(target, forms.draw(sheets, form))
        return [target]
    paths = [target.with_stem(f"{target.stem}-{page}") for page in range(1, len(sheets) + 1)]
    for path, sheet in zip(paths, sheets, strict=True):
        write(path, forms.draw((sheet,), form))
    return paths


def _sent(place: Place, kind: Kind, options: argparse.Namespace) -> int:
    import secrets

    name = printer_name(place, options.to)
    form = place.form_of(name)
    form = replace(form, media=options.media) if options.media else form
    printer = equipment.one_printer(place, name, called=name)
    sheets = _sheets(place, kind, options, form)
    jobs = [sheets] if form.name in {"pdf", "png"} else [(sheet,) for sheet in sheets]
    job, deliveries = f"by-hand-{secrets.token_hex(8)}", set[Delivery]()
    for page, some in enumerate(jobs, 1):
        # One label at a time: each has its answer, and what runs out stops the rest.
        try:
            deliveries.add(printer.print(f"{job}-{page}", kind.name, forms.draw(some, form)))
        except StationError:
            if page > 1:
                print(f"{name}: {page - 1} of {len(jobs)} came before it stopped.")
            raise
    seen = Delivery.SEEN if deliveries == {Delivery.SEEN} else Delivery.SENT
    print(f"{name}: {kind.said(sheets, options)} ({seen})")
    return OK


def _sheets(
    place: Place, kind: Kind, options: argparse.Namespace, form: forms.Format
) -> tuple[Sheet, ...]:
    from station import papers

    sheets = tuple(kind.make(place, options, form))
    return papers.training(sheets) if options.training else sheets


def file_format(path: Path) -> str:
    """Return what a file's suffix asks for.

    Raises:
        InputError: It is none that a paper can be written as.
    """
    form = path.suffix.lower().removeprefix(".")
    if form not in FILES:
        raise InputError(
            f"{path} does not say what it shall be.", "End its name in .pdf, .png or .zpl."
        )
    return form
