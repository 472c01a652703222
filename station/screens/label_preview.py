"""A label on the screen: its picture in blocks, and its words, which are too small there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from station.screens.widgets import Line

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

Picture = Callable[[int, int], Sequence[str]]
"""The lines of a picture in at most so many columns and rows, such as `labels.preview.preview`."""

_FRAME_COLUMNS = 6
"""Border, padding, and the blank between picture and words."""
_FRAME_ROWS = 4
"""Border, title and foot."""
_SHARE = 0.6
"""Of the width is the picture's at most; the rest is for words."""
_LEAST_ROWS = 4


class LabelPreview(ModalScreen[None]):
    """One label, black on white whatever the theme is; Esc closes it."""

    CSS_PATH = "label_preview.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss")]

    def __init__(self, title: str, picture: Picture, words: Sequence[tuple[str, str]]) -> None:
        """Keep what is shown.

        Args:
            title: What the paper is, and whose.
            picture: Draws it anew for each size of the terminal.
            words: Its main fields, name and value.
        """
        super().__init__()
        self._title = title
        self._picture = picture
        self._words = tuple(words)

    def compose(self) -> ComposeResult:
        """Lay out the picture with its words beside it."""
        with Vertical(id="box"):
            yield Line(self._title, id="title")
            with Horizontal():
                yield Static(id="paper", markup=False)
                yield Static(_told(self._words), id="words", markup=False)
            yield Line("Esc back", classes="keys")

    def on_mount(self) -> None:
        """Draw the picture for the first time."""
        self._draw()

    def on_resize(self) -> None:
        """Draw the picture for a terminal of another size."""
        self._draw()

    def _draw(self) -> None:
        """Draw the picture as large as the terminal has room for."""
        width, height = self.app.size
        columns = max(1, int((width - _FRAME_COLUMNS) * _SHARE))
        rows = max(_LEAST_ROWS, height - _FRAME_ROWS)
        self.query_one("#paper", Static).update(Content("\n".join(self._picture(columns, rows))))
        self.query_one("#words").styles.max_height = rows


def _told(words: Sequence[tuple[str, str]]) -> Content:
    """Return each field as its name above its value."""
    parts = [
        Content.assemble((name, "$text-muted"), "\n", (value, "bold")) for name, value in words
    ]
    return Content("\n\n").join(parts)
