"""Between the app and the pictures of labels: they are drawn in the lane, and then shown."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from typing import TYPE_CHECKING

from station.errors import StationError
from station.forms import sketch
from station.pack import Word
from station.screens.label_preview import LabelPreview

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from station.app import StationApp
    from station.desk import Desk
    from station.previewing import Shown


class PreviewDesk:
    """Shows labels on the screen."""

    def __init__(self, app: StationApp, desk: Desk) -> None:
        self._app = app
        self._desk = desk

    def show(self, draw: Callable[[], Shown]) -> None:
        """Draw a label behind the screen, then show it."""

        def later() -> None:
            try:
                shown = draw()
                screen = LabelPreview(shown.title, _picture(shown.png), shown.words)
            except StationError as error:
                self._app.call_later(self._complain, str(error))
            else:
                self._app.call_later(self._app.push_screen, screen)

        self._desk.later(later)

    def _complain(self, words: str) -> None:
        self._desk.do(lambda bench: bench.complain(words, Word.NOTE))


def _picture(png: bytes) -> Callable[[int, int], Sequence[str]]:
    if not png:
        return lambda _columns, _rows: ["no picture"]
    from PIL import Image

    with Image.open(BytesIO(png)) as opened:
        return partial(sketch, opened.convert("1"))
