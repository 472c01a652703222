"""The graphics of a carrier's ZPL on a sheet, and what its barcodes will say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from PIL import Image, ImageChops, ImageOps

from labels import zpl
from labels.carrier import zpl_codes, zpl_graphics
from labels.carrier.zpl_codes import FORMS, OTHER_BARS
from labels.errors import LabelError

if TYPE_CHECKING:
    from labels.carrier.reading import Code
    from labels.carrier.zpl_tokens import Command
    from labels.zpl import Bitmap

_HEX = "0123456789abcdefABCDEF"
Area = tuple[tuple[int, int, int, int], bool]
"""Left, top, right and bottom of bars in dots, and whether they run across the label."""


class Drawing:
    """Follows the drawing commands of one format as a printer does.

    Args:
        width: The paper in dots.
        height: The paper in dots.
        graphics: Those that the document itself defines, by their names.
    """

    def __init__(self, width: int, height: int, graphics: dict[str, Bitmap]) -> None:
        self.sheet = Image.new("1", (width, height), 1)
        self.has_graphics = False
        self.is_picture = True
        """Whether the sheet shows all of it: there was nothing but graphics and boxes."""
        self.farthest = (0, 0)
        """How far to the right and down it reaches, as far as that is known."""
        self.bars_end = (0, 0)
        """How far to the right and down bars reach; none may be cut off."""
        self._graphics = graphics
        self._drawn_bytes = 0
        self._home = self._at = (0, 0)
        self._from_below = False
        self._reverse = self._field_reverse = False
        self._turned, self._module, self._height = "N", 2, 10
        self._codes: list[tuple[Code, Area | None]] = []
        self._hex = ""
        self._bars: Command | None = None

    @property
    def codes(self) -> tuple[Code, ...]:
        """What the printer's own barcodes say, without those that a box or a graphic covers."""
        return tuple(code for code, area in self._codes if area is None or self._is_free(area))

    def _is_free(self, area: Area) -> bool:
        """Tell whether a quarter of the rows, or columns, of bars has nothing drawn across it.

        A tenth at each end is left out: how long Code 128 becomes is not always known to the dot.
        """
        (left, top, right, bottom), is_across = area
        if is_across:
            left, right = left + (right - left) // 10, right - (right - left) // 10
        else:
            top, bottom = top + (bottom - top) // 10, bottom - (bottom - top) // 10
        left, top = max(0, left), max(0, top)
        right, bottom = min(right, self.sheet.width), min(bottom, self.sheet.height)
        if left >= right or top >= bottom:
            return True
        ink = ImageOps.invert(self.sheet.crop((left, top, right, bottom)).convert("L"))
        lines = ink.getprojection()[1 if is_across else 0]
        return 4 * lines.count(0) >= len(lines)

    def take(self, command: Command) -> bytes:
        """Follow a command and return it as it is to be sent.

        Raises:
            LabelError: A graphic is broken or not there.
        """
        match command.name:
            case "^GF":
                return self._graphic(zpl_graphics.inline(command.data))
            case "^XG" | "^IM":
                return self._graphic(self._stored(command))
            case "^GB":
                self._box(command)
            case "^FD" | "^FV":
                self._data(command)
            case "^GC" | "^GD" | "^GE":
                self.is_picture = False
            case _:
                self._state(command)
        return bytes(command)

    def _state(self, command: Command) -> None:
        match command.name:
            case "^LH":
                self._home = command.number(0, 0), command.number(1, 0)
            case "^FO" | "^FT":
                x, y = command.number(0, 0), command.number(1, 0)
                self._at = self._home[0] + x, self._home[1] + y
                self._from_below = command.name == "^FT"
            case "^LR":
                self._reverse = command.value(0).upper() == "Y"
            case "^FR":
                self._field_reverse = True
            case "^FW":
                self._turned = command.value(0).upper() or "N"
            case "^BY":
                self._module = command.number(0, self._module)
                self._height = command.number(2, self._height)
            case "^FH":
                self._hex = command.data[:1].decode("latin-1").strip() or "_"
            case "^FS":
                self._hex, self._bars, self._field_reverse = "", None, False
            case name if name in FORMS or name in OTHER_BARS:
                self._bars = command

    def _data(self, command: Command) -> None:
        data = self._unescaped(command.data.decode("utf-8", "replace"))
        if data.strip():
            self.is_picture = False
        if self._bars is None or self._bars.name in OTHER_BARS:
            return self._reach(*self._at)
        field = zpl_codes.Field(self._bars.name, tuple(self._bars.values), data)
        high = self._bars.number(1, self._height)
        area = self._reach_of_bars(field, high) if self._bars.name == "^BC" else None
        self._codes.append((zpl_codes.read(field), area))
        return self._reach(*self._at)

    def _unescaped(self, data: str) -> str:
        if not self._hex:
            return data
        form = f"(?:{re.escape(self._hex)}[{_HEX}]{{2}})+"
        return re.sub(form, lambda found: self._bytes(found[0]), data)

    def _bytes(self, run: str) -> str:
        return (
            bytes.fromhex(run.replace(self._hex, "")).decode("utf-8", "replace")
            if self._hex not in _HEX
            else run
        )

    def _reach_of_bars(self, field: zpl_codes.Field, high: int) -> Area:
        """Take account of Code 128, and return where its bars stand."""
        long = zpl_codes.code128(field)[1] * self._module
        turned = (field.values[0] if field.values and field.values[0] else self._turned).upper()
        x, y = self._at
        across = turned in {"N", "I"}
        end = (x + long, y) if across else (x, y if self._from_below else y + long)
        self._reach(*end)
        self.bars_end = max(self.bars_end[0], end[0]), max(self.bars_end[1], end[1])
        wide, tall = (long, high) if across else (high, long)
        y -= tall if self._from_below else 0
        return (x, y, x + wide, y + tall), across

    def _stored(self, command: Command) -> Bitmap:
        name = graphic_name(command.value(0))
        if name not in self._graphics:
            raise LabelError(
                f"The label's ZPL uses a graphic that is not in it: {name[:20]}.",
                "Nothing was printed. Fetch the label as PDF or PNG instead.",
            )
        times = [min(10, max(1, command.number(index, 1))) for index in (1, 2)]
        return zpl_graphics.magnified(self._graphics[name], times[0], times[1])

    def _graphic(self, bitmap: Bitmap) -> bytes:
        self.has_graphics = True
        self._drawn_bytes += len(bitmap.rows)
        if self._drawn_bytes > zpl_graphics.MAX_BYTES_IN_ALL:
            raise zpl_graphics.too_many()
        image = Image.frombytes("1", (bitmap.width, bitmap.height), bitmap.rows)
        ink = image.getbbox()
        x, y = self._at
        if self._from_below:
            y -= bitmap.height
        if ink:
            self._stamp(image, x, y)
            self._reach(x + ink[2], y + ink[3])
        return zpl.graphic(bitmap).encode("ascii")

    def _box(self, command: Command) -> None:
        thick = max(1, command.number(2, 1))
        width, height = max(thick, command.number(0, thick)), max(thick, command.number(1, thick))
        x, y = self._at
        self._reach(x + width, y + height)
        is_white = command.value(3).upper() == "W"
        if is_white or command.number(4, 0):
            self.is_picture = False
        room = min(width, 20_000), min(height, 20_000)
        y -= height if self._from_below else 0
        box = Image.new("1", (min(room[0], self.sheet.width), min(room[1], self.sheet.height)), 1)
        if box.width > 2 * thick and box.height > 2 * thick:
            box.paste(0, (thick, thick, box.width - thick, box.height - thick))
        self._stamp(box, x, y, is_white=is_white)

    def _stamp(self, ink: Image.Image, x: int, y: int, *, is_white: bool = False) -> None:
        """Put ink on the sheet: black, white, or turned about what is there (^FR, ^LR)."""
        area = (x, y, x + ink.width, y + ink.height)
        below = self.sheet.crop(area)
        paper = ImageChops.invert(ink.convert("L")).convert("1")
        if self._reverse or self._field_reverse:
            both = ImageChops.logical_xor(below, ink)
        elif is_white:
            both = ImageChops.logical_or(below, ink)
        else:
            both = ImageChops.logical_and(below, paper)
        self.sheet.paste(both, (x, y))

    def _reach(self, x: int, y: int) -> None:
        self.farthest = max(self.farthest[0], x), max(self.farthest[1], y)


def graphic_name(text: str) -> str:
    """Return a stored graphic's name in full, as printers complete it: R:NAME.GRF."""
    text = text.strip().upper()
    drive, _, name = text.rpartition(":")
    return f"{drive or 'R'}:{name.removesuffix('.GRF') or 'UNKNOWN'}.GRF"
