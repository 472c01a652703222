"""Text of all scripts: the right font, the right order, and no character dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labels import bidi, fonts, raster, render
from labels.characters import clusters, one_line, printable
from labels.layout import Label, Text
from labels.sheet import PlacedText

if TYPE_CHECKING:
    from collections.abc import Iterator

_SAMPLES = {
    "Łódź Ñandú ß €": "NotoSans[",
    "Ελλάδα Київ": "NotoSans[",
    "東京都千代田区": "NotoSansCJK",
    "서울특별시": "NotoSansCJK",
    "شارع": "NotoSansArabic",
    "הרצל": "NotoSansHebrew",
    "ภาษาไทย": "NotoSansThai",
    "हिन्दी": "NotoSans",
    "தமிழ்": "NotoSansTamil",
    "🎁🚀": "NotoEmoji",
}


@pytest.fixture(params=[True, False], ids=["shaped", "basic"])
def shaped(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[bool]:
    """Run with and without a Pillow that can shape text."""
    wanted = bool(request.param)
    if wanted and not fonts.shapes():
        pytest.skip("this Pillow was built without raqm")
    monkeypatch.setattr(fonts, "shapes", lambda: wanted)
    fonts.width.cache_clear()
    yield wanted
    fonts.width.cache_clear()


def _drawn(value: str) -> bytes:
    (placed,) = render.sheet(Label(80, 15, (Text(0, 0, 80, 15, value, 8),)), 203).elements
    assert isinstance(placed, PlacedText)
    return raster.words(placed).tobytes()


@pytest.mark.parametrize(("value", "font"), _SAMPLES.items())
@pytest.mark.usefixtures("shaped")
def test_each_script_has_a_font(value: str, font: str) -> None:
    """Every character of the scripts that buyers write is drawn by a font that has it."""
    runs = fonts.runs(value, bold=False)
    assert all(run.face is not None for run in runs)
    assert any(run.face and run.face.path.name.startswith(font) for run in runs)
    assert 0 in _drawn(value)


@pytest.mark.parametrize("char", ["\x00", "\x1b", "\ue000", "\ud800", "\U0010ffff", "\u0378"])
@pytest.mark.usefixtures("shaped")
def test_a_character_without_a_font_is_drawn_as_its_number(char: str) -> None:
    """Controls, private and broken characters leave a box on paper, each its own."""
    assert [run.face for run in fonts.runs(f"a{char}", bold=False)][-1] is None
    assert _drawn(char).count(0) > 20
    assert _drawn(char) != _drawn("\ue0f0")


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=()), min_size=1, max_size=20))
def test_any_character_leaves_ink(value: str) -> None:
    """Whatever is left of a text after cleaning can be seen on paper."""
    assert (0 in _drawn(value)) == bool(one_line(value))


def test_right_to_left_text_is_turned_and_its_numbers_are_not() -> None:
    """An Arabic address stands from right to left, its house number from left to right."""
    pieces = bidi.visual("אבג 12-34 דהו")
    assert [text.strip() for text, _ in pieces] == ["דהו", "12-34", "אבג"]
    assert [leftwards for _, leftwards in pieces] == [True, False, True]


def test_hebrew_within_english_keeps_its_place() -> None:
    """A name in another direction does not move the words around it."""
    pieces = bidi.visual("To שלום כהן, Haifa")
    assert [text for text, _ in pieces] == ["To ", "שלום כהן", ", Haifa"]


def test_brackets_turn_with_their_text() -> None:
    """Where Pillow cannot shape, a bracket in Hebrew is replaced by its mirror image."""
    assert bidi.mirrored("(אב)") == "(בא)"


@settings(deadline=None)
@given(st.text())
def test_no_character_is_lost_in_turning(value: str) -> None:
    """The pieces of a line hold exactly the characters of the line."""
    line = printable(value)
    assert sorted("".join(text for text, _ in bidi.visual(line))) == sorted(line)
    assert "".join(clusters(line)) == line


def test_what_only_acts_is_taken_out() -> None:
    """Direction overrides, zero width signs and piles of accents do not reach paper."""
    assert one_line("a\u202eb\u200bc\ufeff\u00add") == "abcd"
    assert one_line("e" + "\u0301" * 500) == "e" + "\u0301" * 3
    assert one_line("a\r\n\tb\x0bc\u2028d\u00a0e") == "a b c d e"


def test_without_the_packages_of_other_scripts_the_label_still_prints(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With the base font alone, foreign characters are drawn as their numbers."""
    monkeypatch.setattr(fonts, "_SCRIPTS", "no_such_package")
    monkeypatch.setattr(fonts, "_CJK", "no_such_package/font.ttc")
    fonts.faces.cache_clear()
    fonts.width.cache_clear()
    try:
        assert [run.face for run in fonts.runs("漢", bold=False)] == [None]
        assert 0 in _drawn("漢字")
    finally:
        fonts.faces.cache_clear()
        fonts.width.cache_clear()
