"""The devices of a place, opened: its printers as one, its scale, and all of them for a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from station.errors import ConfigError

if TYPE_CHECKING:
    from station.devices.pool import Pool
    from station.devices.ports import Printer
    from station.devices.scanning import Scanners
    from station.devices.weighing import ScaleWatch
    from station.devices_here import DevicesHere
    from station.forms import Format
    from station.place import Place


def open_printer(place: Place) -> Pool:
    """Return the printers that some paper goes to, as one.

    Raises:
        ConfigError: One is unknown, has no address, or cannot stand in for another.
    """
    from station.devices.pool import Pool

    rules = place.rules
    used = set().union(*rules.values())
    names = [name for name in place.printers if name in used]
    several = len(names) > 1
    return Pool(
        {name: one_printer(place, name, called=name if several else "") for name in names}, rules
    )


def one_printer(place: Place, name: str, called: str = "") -> Printer:
    """Return one printer of the settings, alone; nothing is connected yet.

    Raises:
        ConfigError: It has no address, or one that cannot be understood.
    """
    from labels import media
    from station.devices.open import open_printer

    url, form = place.printers[name].url, place.form_of(name)
    if not url:
        raise ConfigError(f"The printer {name} has no url.", f"Write it into [printers.{name}].")
    paper = media.media(form.media)
    return open_printer(
        url,
        base=place.home,
        name=called,
        language=form.name,
        dpi=form.dpi,
        length_mm=None if paper.is_sheet else paper.height_mm,
    )


def open_scale(place: Place) -> ScaleWatch | None:
    """Return what watches the scale of the settings, not started; None where there is none.

    Raises:
        ConfigError: Its address cannot be understood.
    """
    from station.devices.open_scale import open_scale
    from station.devices.weighing import ScaleWatch

    url = place.settings.scale.url
    return ScaleWatch("scale", open_scale(url, base=place.home)) if url else None


def devices_here(
    place: Place, pool: Pool, scanners: Scanners, scale: ScaleWatch | None
) -> DevicesHere:
    """Return every device of a bench for the screen that shows them."""
    from station.devices_here import DevicesHere, PrinterHere

    def weight() -> tuple[str, str, bool] | None:
        return (scale.name, scale.words(), not scale.trouble) if scale else None

    return DevicesHere(
        pool,
        {name: PrinterHere(place.form_of(name), _what(place, name)) for name in pool.printers},
        scanners.each,
        weight,
        test_label,
    )


def test_label(printer: str, form: Format) -> bytes:
    """Return the test label of a printer in its own language."""
    from station import forms, house_papers

    return forms.draw((house_papers.printer_test(printer, form),), form)


def _what(place: Place, name: str) -> str:
    form = place.form_of(name)
    papers = ", ".join(paper for paper, names in place.rules.items() if name in names)
    dots = "" if form.name == "pdf" else f" {form.dpi} dpi"
    what = f"{form.name.upper()}{dots}, {form.media}: {papers.replace('_', ' ')}"
    return f"{what} · {place.printers[name].url}"
