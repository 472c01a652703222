"""What several screens show: the verdict, the head, the keys. No input and no output in here."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len, set_cell_size
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from station import commands
from station.pack import Verdict, Word

if TYPE_CHECKING:
    from station.commands import Screen

SIGNS = {True: "✓", False: "✗", None: "•"}


class Line(Static):
    """One row of text, never markup; told again it only repaints when the text has changed."""

    DEFAULT_CSS = "Line { height: 1; width: 100%; }"

    def __init__(
        self, text: str = "", *, id: str | None = None, classes: str | None = None
    ) -> None:
        super().__init__(Content(text), id=id, classes=classes, markup=False)
        self._shown: Content = Content(text)

    def say(self, text: str | Content) -> None:
        """Show another text."""
        content = Content(text) if isinstance(text, str) else text
        if content != self._shown:
            self._shown = content
            self.update(content, layout=False)


class VerdictBand(Widget):
    """The last verdict across the whole width: word, sign and colour; three rows.

    Its colours are component styles, so that a verdict repaints this band and nothing else is
    styled or laid out again.
    """

    DEFAULT_CSS = "VerdictBand { height: 3; width: 100%; }"
    COMPONENT_CLASSES: ClassVar[set[str]] = {"band--good", "band--bad", "band--note"}

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._verdict: Verdict | None = None
        self._rows: tuple[Content, ...] = ()

    @property
    def verdict(self) -> Verdict | None:
        """The verdict on show."""
        return self._verdict

    def show(self, verdict: Verdict | None) -> None:
        """Show a verdict, or nothing; of the same tone, only the words are painted."""
        before, rows = self._verdict, self._rows
        self._verdict = verdict
        self._rows = _wrapped(verdict, self.size.width) if verdict else ()
        same_tone = before and verdict and before.good == verdict.good
        if same_tone and len(rows) == len(self._rows) == 1:
            self.refresh(Region(0, 1, self.size.width, 1))
        else:
            self.refresh()

    def on_resize(self) -> None:
        """Wrap again for another width."""
        self._rows = ()
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw one of the three rows; the words stand in the middle one, long ones in more."""
        width, verdict = self.size.width, self._verdict
        if verdict is None:
            return Strip.blank(width, self.rich_style)
        style = self.get_visual_style(f"band--{_TONES[verdict.good]}")
        self._rows = self._rows or _wrapped(verdict, width)
        index = y - (1 if len(self._rows) < 3 else 0)
        row = self._rows[index] if 0 <= index < len(self._rows) else Content("")
        strip = Strip(row.render_segments(style, end=""))
        return strip.adjust_cell_length(width, style.rich_style)


_TONES = {True: "good", False: "bad", None: "note"}


def _wrapped(verdict: Verdict, width: int) -> tuple[Content, ...]:
    sign = SIGNS[verdict.good]
    head = Content.assemble(f" {sign} ", (f"{verdict.word}", "bold"), "  ")
    body = Content(verdict.text)
    if verdict.word == Word.WRONG and verdict.got:
        body = _marked(verdict)
    text = Content.assemble(head, body)
    rows = [*text.wrap(max(10, width - 2))][:3]
    code = verdict.code
    if code and len(rows) == 1 and rows[0].cell_length + len(code) + 3 <= width:
        gap = " " * (width - rows[0].cell_length - len(code) - 2)
        rows = [Content.assemble(rows[0], gap, code)]
    return tuple(rows)


def _marked(verdict: Verdict) -> Content:
    """Underline the words in which the wrong product and the needed one differ."""
    got, needed = set(verdict.got.split()), set(verdict.needed.split())
    parts: list[Content | tuple[str, str]] = []
    for word in verdict.text.split(" "):
        bare = word.strip(".,")
        differs = (bare in got) != (bare in needed)
        parts.append((word, "bold underline") if differs else Content(word))
        parts.append(Content(" "))
    return Content.assemble(*parts)


class Keys(Line):
    """The footer: what the function keys do on this screen, from the one list of commands."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(_keys(screen), classes="keys")


_SIGNED = {
    commands.SHIP_SHORT, commands.TEACH, commands.PROPOSE, commands.VOID, commands.WEIGHT,
}  # fmt: skip
_UNLISTED = {
    commands.PREVIEW, commands.YES, commands.NO, commands.CODE, commands.DONE, commands.WEIGH,
} | _SIGNED  # fmt: skip
"""Named in the sentence when they matter, and in the help."""


def _keys(screen: Screen) -> str:
    shown = [
        f"{key_name(key)} {command.label}"
        for key, command in commands.on_screen(screen)
        if command not in _UNLISTED
    ]
    return " " + "  ".join(shown)


def key_name(key: str) -> str:
    """Return a key as it stands on the keyboard."""
    return {"enter": "Enter", "escape": "Esc"}.get(key, key.upper())


def fit(text: str, cells: int) -> str:
    """Return the text in exactly so many cells, cut with “…”; wide characters count two."""
    if cell_len(text) > cells:
        return set_cell_size(set_cell_size(text, max(0, cells - 1)).rstrip() + "…", cells)
    return set_cell_size(text, cells)


def spread(left: str, right: str, cells: int) -> str:
    """Return two texts at the two ends of a row; the left one gives way."""
    room = cells - cell_len(right)
    return fit(left, max(0, room - 1)) + " " + right if room > 0 else fit(left, cells)


def fit_rows(text: str, cells: int, rows: int) -> str:
    """Return the text wrapped into at most so many rows, the last one cut with “…”."""
    wrapped = [row.plain.rstrip() for row in Content(text).wrap(cells)]
    if len(wrapped) > rows:
        wrapped[rows - 1] = fit(" ".join(wrapped[rows - 1 :]), cells).rstrip()
    return "\n".join(wrapped[:rows])
