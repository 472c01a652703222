"""The devices of the bench: how each is, a test label, and the printer's paper and darkness."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.strip import Strip
from textual.widget import Widget

from station.screens.widgets import Line, fit, key_name, spread

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import ClassVar

    from textual.app import ComposeResult

    from station.devices_here import DeviceRow

ASKS = {
    "enter": ("test", "test label"),
    "f2": ("measure", "measure labels"),
    "f5": ("ask", "ask again"),
    "f9": ("preview", "show label"),
}
"""Key → what is asked for, and how the footer calls it."""

DARKNESS = {
    "f3": ("lighter", "lighter"),
    "f4": ("darker", "darker"),
    "f8": ("keep", "keep it when switched off"),
}
"""The same for the row above the footer."""

_TITLES = {"printer": "PRINTERS", "scanner": "SCANNERS", "scale": "SCALE"}


class DeviceList(Widget, can_focus=False):
    """The devices by kind; the cursor moves over the printers, which can be asked for something."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"row--title", "row--bad", "row--mute"}

    def __init__(self, rows: Sequence[DeviceRow], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._rows = tuple(rows)
        self._lines: list[tuple[str, str]] = []
        self._at = 0

    @property
    def chosen(self) -> DeviceRow | None:
        """The printer at the cursor."""
        printers = self._printers
        return printers[self._at] if printers else None

    @property
    def _printers(self) -> list[DeviceRow]:
        return [row for row in self._rows if row.kind == "printer"]

    def show(self, rows: Sequence[DeviceRow]) -> None:
        """Show the devices as they are now."""
        self._rows = tuple(rows)
        self._at = min(self._at, max(0, len(self._printers) - 1))
        self._draw()

    def move(self, by: int) -> None:
        """Move the cursor to another printer."""
        self._at = min(max(0, self._at + by), max(0, len(self._printers) - 1))
        self._draw()

    def on_resize(self) -> None:
        """Lay out for another width."""
        self._draw()

    def _draw(self) -> None:
        self._lines = []
        kind = ""
        for row in self._rows:
            if row.kind != kind:
                kind = row.kind
                self._lines += [("", ""), (f" {_TITLES[kind]}", "row--title")]
            self._lines.append((self._line(row), "" if row.ok else "row--bad"))
            if row.what:
                self._lines.append(("     " + row.what, "row--mute"))
        self.refresh()

    def _line(self, row: DeviceRow) -> str:
        mark = "▸" if row is self.chosen else " "
        sign = "✓" if row.ok else "!"
        level = f"   darkness {row.level}" if row.level is not None else ""
        return spread(f" {mark} {row.name}{level}", f"{sign} {row.words} ", self.size.width)

    def render_line(self, y: int) -> Strip:
        """Draw one row; what stands below the window is reached by moving the cursor."""
        first = max(0, min(self._cursor_line() - 1, len(self._lines) - self.size.height))
        number = first + y
        text, name = self._lines[number] if number < len(self._lines) else ("", "")
        style = self.get_visual_style(name) if name else self.visual_style
        width = self.size.width
        strip = Strip(Content(fit(text, width)).render_segments(style, end=""))
        return strip.adjust_cell_length(width, style.rich_style)

    def _cursor_line(self) -> int:
        marked = (i for i, (text, _) in enumerate(self._lines) if text.startswith(" ▸"))
        return next(marked, 0)


class DevicesScreen(Screen[None]):
    """What the bench has, and what can be done about it."""

    CSS_PATH = "devices.tcss"

    class Asked(Message):
        """Somebody wants something of a printer."""

        def __init__(self, what: str, name: str) -> None:
            super().__init__()
            self.what = what
            self.name = name

    def __init__(self, station: str, rows: Sequence[DeviceRow]) -> None:
        super().__init__()
        self._station = station
        self._rows = rows

    def compose(self) -> ComposeResult:
        """Lay out the list, what was said last, and the keys."""
        yield Line(f" {self._station.upper()} · DEVICES", classes="head")
        yield DeviceList(self._rows, id="devices")
        yield Line(id="said")
        yield Line(f" ↑↓ printer   Darkness:  {_named(DARKNESS)}", id="ask")
        yield Line(f" {_named(ASKS)}  Esc back", classes="keys")

    def show(self, rows: Sequence[DeviceRow]) -> None:
        """Show the devices as they are now."""
        if self.is_mounted:
            self.query_one(DeviceList).show(rows)

    def say(self, words: str) -> None:
        """Show what came of it."""
        if self.is_mounted:
            self.query_one("#said", Line).say(f" {words}")

    def heard(self, text: str, *, whole: bool) -> None:
        """Show what a scanner read: here it counts for nothing."""
        self.say(f"Scanned: {text}" if whole else "The code broke off. Scan again.")

    def take_key(self, key: str) -> bool:
        """Take a key; tell whether it was one of ours."""
        if key == "escape":
            self.dismiss()
            return True
        devices = self.query_one(DeviceList)
        if key in {"up", "down"}:
            devices.move(-1 if key == "up" else 1)
            return True
        chosen = devices.chosen
        asked = (ASKS | DARKNESS).get(key)
        if asked and chosen is not None:
            self.post_message(self.Asked(asked[0], chosen.name))
            return True
        return False


def _named(keys: dict[str, tuple[str, str]]) -> str:
    return "  ".join(f"{key_name(key)} {label}" for key, (_what, label) in keys.items())
