"""A label in a terminal: the ink stands where it is on paper, and the proportions hold."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

import pytest
from PIL import Image, ImageDraw

from labels import Label, render
from labels.layout import Barcode, Box, Text
from labels.preview import preview, preview_plain, words
from station import forms

PAGE = Label(101.6, 152.4, (Box(0, 0, 101.6, 10), Barcode(10, 60, 80, 30, "X0012ABCDE")))
Draw = Callable[[Image.Image, int, int], list[str]]
BLOCKS = set(" ▘▝▀▖▌▞▛▗▚▐▜▄▙▟█")


def paper(width: int, height: int, *boxes: tuple[int, int, int, int]) -> Image.Image:
    """Return white paper with black boxes."""
    image = Image.new("1", (width, height), 1)
    for box in boxes:
        ImageDraw.Draw(image).rectangle(box, fill=0)
    return image


@pytest.mark.parametrize("draw", [preview, preview_plain])
@pytest.mark.parametrize(
    ("size", "room", "cells"),
    [
        ((400, 600), (80, 24), (32, 24)),
        ((400, 600), (20, 24), (20, 15)),
        ((400, 200), (80, 24), (80, 20)),
        ((400, 800), (200, 10), (10, 10)),
        ((400, 4), (80, 24), (80, 1)),
        ((1, 900), (80, 24), (1, 24)),
        ((1, 1), (1, 1), (1, 1)),
    ],
)
def test_fills_the_room_in_proportion(
    draw: Draw, size: tuple[int, int], room: tuple[int, int], cells: tuple[int, int]
) -> None:
    """A picture is as large as the cells allow, twice as many columns as rows for a square."""
    lines = draw(paper(*size), *room)
    assert (len(lines[0]), len(lines)) == cells
    assert {len(line) for line in lines} == {cells[0]}


def test_each_quarter_of_a_cell_is_its_own() -> None:
    """Black in one quarter of the paper is the block of that quarter; two rows make one line."""
    for box, block in (
        ((0, 0, 49, 99), "▘"),
        ((50, 0, 99, 99), "▝"),
        ((0, 100, 49, 199), "▖"),
        ((50, 100, 99, 199), "▗"),
        ((0, 0, 99, 99), "▀"),
        ((0, 0, 99, 199), "█"),
        ((0, 0, 0, 0), " "),
    ):
        assert preview(paper(100, 200, box), 1, 1) == [block]
    assert preview_plain(paper(100, 200, (0, 0, 99, 199)), 1, 1) == ["#"]


def test_a_label_is_to_be_known() -> None:
    """The black head is on top, the bars stand in their place, and the rest is white."""
    image = render.image(PAGE, 203)
    lines = preview(image, 200, 40)
    assert (len(lines[0]), len(lines)) == (53, 40)
    assert set(lines[0]) == {"█"}
    assert all(line[:4].strip() == "" for line in lines[5:])
    assert len(set(lines[17:23])) == 1
    assert "█" in lines[18]
    assert "".join(lines[26:]).strip() == ""
    assert set("".join(lines)) <= BLOCKS


def test_thin_words_stay_to_be_seen() -> None:
    """Ink of a third of a quarter shows, a single speck of dust does not."""
    assert preview(paper(100, 200, (0, 0, 16, 99)), 1, 1) == ["▘"]
    assert preview(paper(100, 200, (0, 0, 5, 5)), 1, 1) == [" "]


def test_plain_is_ascii() -> None:
    """A terminal without Unicode gets nothing but # and blanks."""
    text = "".join(preview_plain(render.image(PAGE, 203), 80, 24))
    assert set(text) == {"#", " "}


def test_needs_no_numpy() -> None:
    """Only Pillow is loaded: numpy would cost 45 MB for one picture."""
    code = "import sys, labels.preview; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_the_words_stand_beside() -> None:
    """Small words are given as text from top to bottom, codes among them, and nothing empty."""
    label = Label(
        100,
        50,
        (
            Barcode(0, 30, 90, 10, "X0012ABCDE"),
            Text(0, 5, 50, 5, "Ana\nMüller", 4),
            Box(0, 0, 9, 9),
        ),
    )
    assert words(label) == ["Ana Müller", "X0012ABCDE"]


def test_a_paper_is_shown_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A paper as `term` is no wider than the terminal, its words follow, and no control acts."""
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    label = replace(PAGE, elements=(*PAGE.elements, Text(5, 100, 90, 8, "Evil\x1b[2J name", 5)))
    text = forms.draw([label, label], forms.Format("term")).decode()
    lines = text.split("\n")
    assert max(map(len, lines)) == 60
    assert text.count("X0012ABCDE") == 2
    assert "\x1b" not in text
    assert "Evil" in text
    assert "█" in text


def test_an_old_terminal_is_shown_what_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there are no blocks a picture is drawn in signs of ASCII."""
    monkeypatch.setenv("TERM", "vt100")
    text = forms.draw([PAGE], forms.Format("term")).decode()
    assert "#" in text
    assert text.isascii()
