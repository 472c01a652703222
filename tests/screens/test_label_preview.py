"""A label over the screen: its picture and its words, at every size of a terminal."""

from __future__ import annotations

from functools import partial

import pytest
from PIL import Image, ImageDraw
from textual.app import App

from labels.preview import preview, preview_plain
from station.screens.label_preview import LabelPreview, Picture

WORDS = [("To", "Ana [b]Müller[/b]\nSampletown OR 97301"), ("Service", "STANDARD")]


def paper() -> Image.Image:
    """Return a label with a black head."""
    image = Image.new("1", (812, 1218), 1)
    ImageDraw.Draw(image).rectangle((0, 0, 811, 200), fill=0)
    return image


def rows_of(app: App[None]) -> list[str]:
    """Return the screen as rows of text."""
    strips = app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip) for strip in strips]


def shown(picture: Picture) -> LabelPreview:
    """Return the preview of a label."""
    return LabelPreview("LABEL · 111-1", picture, WORDS)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (60, 16)])
async def test_shows_picture_and_words(size: tuple[int, int]) -> None:
    """The whole label stands beside its fields, which are text and never markup."""
    app: App[None] = App()
    async with app.run_test(size=size) as pilot:
        await app.push_screen(shown(partial(preview, paper())))
        await pilot.pause()
        rows = rows_of(app)
        assert len([row for row in rows if "╭" in row or "╰" in row]) == 2
        for words in ("LABEL · 111-1", "Ana [b]Müller[/b]", "Service", "STANDARD", "Esc back"):
            assert any(words in row for row in rows)
        assert any("██████████" in row for row in rows)
        width, height = app.screen.query_one("#paper").size
        assert abs(width - height * 2 * 812 / 1218) <= 2


async def test_grows_with_the_terminal() -> None:
    """A larger terminal draws a larger picture."""
    app: App[None] = App()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.push_screen(shown(partial(preview_plain, paper())))
        await pilot.pause()
        before = app.screen.query_one("#paper").size
        await pilot.resize_terminal(120, 40)
        await pilot.pause()
        assert app.screen.query_one("#paper").size.height > before.height


async def test_escape_closes_it() -> None:
    """Esc gives back the screen below."""
    app: App[None] = App()
    async with app.run_test() as pilot:
        await app.push_screen(shown(partial(preview, paper())))
        await pilot.press("escape")
        assert not isinstance(app.screen, LabelPreview)
