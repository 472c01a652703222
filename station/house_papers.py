"""Papers of the house: commands, badges, totes, bins, items, and what teaches or tests a device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from station import commands, scanner_lessons
from station.barcodes import signed
from station.errors import InputError
from station.papers import fitted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from labels.layout import Label as Sheet
    from labels.media import Media
    from station.acts import Person
    from station.device_settings import BoxSettings
    from station.forms import Format
    from station.model import Product


def command_sheet(site_key: bytes, media: str = "a4") -> tuple[Sheet, ...]:
    """Return the pages with every command's barcode, signed for this site."""
    from labels.documents.command_sheet import command_sheet

    rows = [
        (command.word, command.help, signed("CMD", command.word, site_key))
        for command in commands.COMMANDS
        if command not in {commands.CODE, commands.QUIT}
    ]
    return fitted("commands", lambda paper: command_sheet(rows, "Scan to command", paper), media)


def box_sheet(
    boxes: Mapping[str, BoxSettings], site_key: bytes, media: str = "a4"
) -> tuple[Sheet, ...]:
    """Return the pages with the barcode of every kind of box, signed for this site."""
    from labels.documents.command_sheet import command_sheet

    rows = [
        (
            code,
            f"{box.name or 'Box'}: {box.tare_g:,} g empty",
            signed("BOX", code.upper(), site_key),
        )
        for code, box in boxes.items()
    ]
    return fitted("commands", lambda paper: command_sheet(rows, "Scan the box", paper), media)


def badges(people: Sequence[Person], site_key: bytes, media: str = "a4") -> tuple[Sheet, ...]:
    """Return people's badges, signed for this site: cards on a sheet, or one small label each."""
    from labels.documents.badge_label import badge_label
    from labels.documents.badge_sheet import Badge, badge_sheet

    cards = [
        Badge(person.name, person.role.title(), signed("BDG", person.badge, site_key))
        for person in people
    ]
    if media in {"a4", "letter"}:
        return fitted("badges", lambda paper: badge_sheet(cards, paper=paper), media)
    return fitted("badge", lambda paper: [badge_label(card, paper) for card in cards], media)


def tote_labels(names: Iterable[str], site_key: bytes, media: str = "4x6") -> tuple[Sheet, ...]:
    """Return a label for each tote, signed for this site."""
    from labels.documents.places import Place, tote_label

    totes = [Place(name, signed("TOTE", name, site_key)) for name in names]
    return fitted("tote label", lambda paper: [tote_label(tote, paper) for tote in totes], media)


def bin_labels(names: Iterable[str], site_key: bytes, media: str = "2x1") -> tuple[Sheet, ...]:
    """Return a label for each bin, signed for this site."""
    from labels.documents.places import Place, bin_label

    bins = [Place(name, signed("BIN", name, site_key)) for name in names]
    return fitted("bin label", lambda paper: [bin_label(each, paper) for each in bins], media)


def item_label(
    product: Product, condition: str = "New", copies: int = 1, media: str = "2x1"
) -> tuple[Sheet, ...]:
    """Return labels for units of a product, with a code that the bench knows for one unit.

    Raises:
        InputError: No code of one unit is known.
    """
    from labels.documents.item_label import ItemLabel, item_label

    code = next((each.text for each in product.barcodes if each.units == 1), "")
    if not code:
        raise InputError(
            f"No barcode of {product.sku} is known.",
            "Import one: station import products FILE, or scan one at the bench.",
        )
    data = ItemLabel(code, product.title or product.sku, condition, product.sku)
    return fitted("item label", lambda paper: [item_label(data, paper)] * copies, media)


def printer_test(printer: str, form: Format, note: str = "") -> Sheet:
    """Return the test label of a printer, in its own dots, for the paper in it."""
    from labels.documents.calibration import calibration_label

    def draw(paper: Media) -> tuple[Sheet, ...]:
        return (calibration_label(printer, form.dpi, paper, note),)

    return fitted("test label", draw, form.media)[0]


def scanner_sheet(media: str = "4x6") -> tuple[Sheet, ...]:
    """Return the sheet from which the bench learns a scanner."""
    from labels.documents.scanner_sheet import scanner_sheet
    from labels.layout import Symbology

    codes = [
        (lesson.name, lesson.text, Symbology(lesson.symbology.replace("-", "_")))
        for lesson in scanner_lessons.LESSONS
    ]
    return fitted("scanner sheet", lambda paper: scanner_sheet(codes, media=paper), media)
