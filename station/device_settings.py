"""The tables of `station.toml` about devices: printers, papers, scanners, scale and boxes."""

from __future__ import annotations

from dataclasses import dataclass

FORMATS = ("zpl", "epl2", "tspl", "escpos", "png", "pdf")
"""Languages and files in which a paper can be written."""

MEDIA = ("4x6", "4x8", "2x1", "a4", "letter")
"""Sizes of paper: labels in inches, and two sizes of sheets."""

RECEIPT_MM = 72
"""How wide receipt printers print on their paper of 80 mm."""

USUAL_PRINTER = "main"
"""What the printer of `[printer]` is called beside those of `[printers.NAME]`."""


@dataclass(frozen=True, slots=True)
class PrinterSettings:
    """`[printer]`, and `[printers.NAME]` for more of them: where papers come out."""

    url: str = ""
    """tcp://host:9100, cups://queue, usb:///dev/usb/lp0, file:///folder, simulated://NAME.
    Empty: the folder `printed` beside the data."""
    format: str = ""
    """zpl, epl2, tspl, escpos, png or pdf. Empty: zpl for a printer, png for a folder."""
    dpi: int = 203
    """Dots per inch: 203, 300 or 600."""
    media: str = "4x6"
    """The paper in it: 4x6, 4x8, 2x1, a4 or letter."""
    width_mm: int = 0
    """How wide a printer prints that speaks epl2, tspl or escpos: what is wider is refused instead
    of cut off. 0: 72 for escpos, which is 80 mm of paper, and as wide as its paper for others."""


@dataclass(frozen=True, slots=True)
class PaperSettings:
    """`[papers]`: which printers print what, by name; the first that is well takes it.

    The printer of `[printer]` is called main. Printers that stand in for one another must have
    the same format, dpi, media and width_mm.
    """

    label: tuple[str, ...] = ("main",)
    """Shipping labels of ours, and those of carriers."""
    packing_slip: tuple[str, ...] = ("main",)
    """Packing slips."""
    pick_list: tuple[str, ...] = ("main",)
    """Pick lists."""
    small: tuple[str, ...] = ("main",)
    """Item, bin and tote labels."""


@dataclass(frozen=True, slots=True)
class ScannerSettings:
    """`[scanner]`: scanners that type, and scanners with a port of their own."""

    suffix: str = "enter"
    """enter: CR, LF, CRLF or TAB end a code. none: a pause does."""
    pause_ms: int = 300
    """Milliseconds of silence after which a code that came fast is over."""
    prefix: str = ""
    """What the scanner types before each code and is taken off, such as ~; control characters as
    in TOML: "\\u0002" is STX; no letters or digits alone. An AIM identifier needs no prefix."""
    ports: tuple[str, ...] = ()
    """Scanners besides the keyboard: serial:///dev/ttyACM0?baud=9600, evdev:///dev/input/event5,
    simulated://NAME."""


@dataclass(frozen=True, slots=True)
class ScaleSettings:
    """`[scale]`: the scale of the bench; each parcel is weighed where there is one."""

    url: str = ""
    """hidraw://auto, hidraw:///dev/hidraw0, serial:///dev/ttyUSB0?protocol=mt-sics|nci|toledo-8217
    (the last with &unit=kg or lb), simulated://NAME?grams=1250, simulated:FILE. Empty: no scale."""
    required: bool = False
    """Whether a parcel may not leave unweighed while the scale does not answer."""
    tolerance_g: int = 20
    """Grams by which a parcel may differ from what is expected …"""
    tolerance_percent: int = 3
    """… or so many hundredths of it, whichever is more."""


@dataclass(frozen=True, slots=True)
class BoxSettings:
    """`[boxes.CODE]`: a kind of box, chosen by its barcode `BOX:CODE`."""

    tare_g: int = 0
    """What the empty box weighs, with its padding, in grams."""
    name: str = ""
    """What the packer calls it."""
