"""Words that are too long: smaller, then on more lines, then cut, and never out of their box."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from label_reader import ink, printed
from PIL import ImageOps

from labels import Label, render
from labels.fitting import LINE, fit
from labels.layout import Align, Box, Text
from labels.printer_font import width
from labels.sheet import PlacedText

_ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=120)


def _text(value: str, **changes: object) -> Text:
    fields = {"x": 5, "y": 5, "width": 60, "height": 12, "size_mm": 8, "min_mm": 3} | changes
    return Text(value=value, **fields)  # type: ignore[arg-type]


def test_short_words_keep_their_size() -> None:
    """A text that fits is printed as large as was wished."""
    assert fit(_text("NEXT")).size_mm == 8


def test_long_words_become_smaller_first() -> None:
    """A text that is a little too long stays on one line."""
    fitted = fit(_text("Margaret O'Donnell", max_lines=2, height=20))
    assert fitted.lines == ("Margaret O'Donnell",)
    assert 3 <= fitted.size_mm < 8


def test_longer_words_are_wrapped() -> None:
    """A text that would become tiny goes onto the lines that it may have, at its blanks."""
    value = "one two three four five six seven eight nine ten eleven twelve"
    fitted = fit(_text(value, max_lines=3))
    assert 1 < len(fitted.lines) <= 3
    assert " ".join(fitted.lines) == value


def test_what_cannot_fit_is_cut_and_says_so() -> None:
    """Only what does not fit at the smallest size ends in an ellipsis."""
    fitted = fit(_text("word " * 200, max_lines=2))
    assert fitted.size_mm >= 3
    assert len(fitted.lines) == 2
    assert fitted.lines[-1].endswith("…")


def test_a_word_without_blanks_is_broken() -> None:
    """A number of 100 digits is wrapped like any text, and no digit is lost."""
    fitted = fit(_text("1234567890" * 5, max_lines=3, width=40))
    assert "".join(fitted.lines) == "1234567890" * 5


@settings(deadline=None)
@given(_ANY_TEXT, st.integers(1, 4))
def test_the_result_keeps_within_the_box(value: str, lines: int) -> None:
    """Whatever the text, its lines are no wider than the box and no more than it has room for."""
    text = _text(value, max_lines=lines)
    fitted = fit(text)
    assert len(fitted.lines) <= lines
    assert len(fitted.lines) * fitted.size_mm * LINE <= text.height + 1e-6
    assert all(
        len(line) == 1 or width(line) * fitted.size_mm <= text.width + 1e-6 or line == "…"
        for line in fitted.lines
    )


@settings(max_examples=60, deadline=None)
@given(_ANY_TEXT, st.sampled_from(Align), st.booleans(), st.integers(1, 3))
def test_ink_stays_in_its_box(value: str, align: Align, bold: bool, lines: int) -> None:
    """Alone on a label, no dot of a text lies outside its box, and words leave ink."""
    text = _text(value, align=align, bold=bold, max_lines=lines)
    label = Label(80, 30, (text,))
    (placed,) = render.sheet(label, 203).elements
    assert isinstance(placed, PlacedText)
    box = ink(render.image(label, 203))
    if not placed.lines:
        assert box is None
        return
    assert box is not None, "a text without ink"
    assert (placed.x, placed.y) <= box[:2]
    assert placed.y <= box[1]
    assert box[2] <= placed.x + placed.width
    assert box[3] <= placed.y + placed.height


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.sampled_from(list(map(chr, range(32, 127)))), max_size=80),
    st.sampled_from(Align),
    st.integers(1, 3),
)
def test_the_printers_own_font_stays_in_its_box(value: str, align: Align, lines: int) -> None:
    """What a printer makes of native text is within the box that the layout gave it."""
    label = Label(80, 30, (_text(value, align=align, max_lines=lines),))
    page = render.sheet(label, 203)
    (placed,) = page.elements
    box = ink(printed(render.zpl(label, 203), page.width, page.height, 203))
    assert isinstance(placed, PlacedText)
    assert (box is not None) == bool(placed.lines)
    if box is not None:
        assert placed.x <= box[0]
        assert placed.y <= box[1]
        assert box[2] <= placed.x + placed.width
        assert box[3] <= placed.y + placed.height


def test_endless_text_ends() -> None:
    """Ten thousand characters of any kind make one short label."""
    hostile = (
        "x" * 10_000,
        "漢" * 10_000,
        "a" + "\u0301" * 500,
        "\u200d" * 9_999,
        "👩\u200d" * 3_000,
    )
    for value in hostile:
        label = Label(100, 100, (_text(value, max_lines=3),))
        assert len(render.zpl(label, 203)) < 10_000


def test_white_words_are_white_upon_black() -> None:
    """White words on a black box are the negative of the same words in black."""
    black = Label(60, 12, (_text("GO", x=0, y=0),))
    white = Label(60, 12, (Box(0, 0, 60, 12), _text("GO", x=0, y=0, white=True)))
    negative = ImageOps.invert(render.image(black, 203).convert("L"))
    assert negative.tobytes() == render.image(white, 203).convert("L").tobytes()
