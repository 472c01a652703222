"""Which terminals get less than colours and UTF-8, and what they get instead."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from station import plain_terminal
from station.driver import Decoder
from station.wedge import MAX_BUFFER


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, True),
        ({"LANG": "de_DE.utf8"}, True),
        ({"LANG": "C.UTF-8", "LC_ALL": ""}, True),
        ({"LANG": "C"}, False),
        ({"LANG": "POSIX"}, False),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, False),
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, True),
        ({"LANG": "de_DE.ISO-8859-1"}, False),
        ({"LANG": "en_US.UTF-8", "TERM": "vt100"}, False),
        ({"LANG": "en_US.UTF-8", "TERM": "dumb"}, False),
    ],
)
def test_utf8_is_what_the_locale_says(environment: dict[str, str], *, expected: bool) -> None:
    """LC_ALL goes before LC_CTYPE before LANG, and old terminals have none whatever they say."""
    assert plain_terminal.is_utf8(environment) == expected


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"TERM": "xterm-256color"}, True),
        ({"TERM": "linux"}, True),
        ({"TERM": "xterm", "NO_COLOR": ""}, True),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False),
        ({"TERM": "vt100"}, False),
        ({"TERM": "vt220"}, False),
        ({"TERM": "dumb"}, False),
        ({"TERM": "xterm-mono"}, False),
        ({"TERM": "linux-m"}, False),
    ],
)
def test_colours_are_asked_for_by_name(environment: dict[str, str], *, expected: bool) -> None:
    """Terminals without colours, and people who want none, get none."""
    assert plain_terminal.has_colours(environment) == expected


@given(st.text())
def test_ascii_is_as_wide_as_before(text: str) -> None:
    """Whatever is written becomes ASCII; controls and escape sequences stay as they are."""
    told = plain_terminal.ascii_of(text)
    assert told.isascii()
    assert [char for char in told if char < " "] == [char for char in text if char < " "]


@pytest.mark.parametrize(
    "text", ["╭──╮│▸ ✓ ✗ • … ×", "█▒░▁▂▃▄▅▆▇█", "茶 mug", "Zoë Ångström ß", "↑↓ “x”"]
)
def test_signs_keep_their_cells(text: str) -> None:
    """Drawings, wide characters and accents take the cells that they took."""
    assert len(plain_terminal.ascii_of(text)) == cell_len(text)


def test_levels_of_a_chart_are_different() -> None:
    """The eight heights of a bar are eight signs."""
    assert len(set(plain_terminal.ascii_of("▁▂▃▄▅▆▇█"))) == 8


def test_what_python_changed_is_not_believed() -> None:
    """The variables that the process began with count, where the kernel tells them."""
    began = plain_terminal.began_with(b"LANG=C\0TERM=xterm\0", {"LC_CTYPE": "C.UTF-8"})
    assert began == {"LANG": "C", "TERM": "xterm"}
    assert plain_terminal.began_with(b"", {"LANG": "C"}) == {"LANG": "C"}


def test_textuals_variables_are_dropped() -> None:
    """Nothing that begins with TEXTUAL is left but what we set; all else stays."""
    environment = {"TEXTUAL": "x", "TEXTUAL_DRIVER": "os:system", "TERM": "xterm"}
    plain_terminal.set_textual(environment)
    assert environment == {"TERM": "xterm", "TEXTUAL_DISABLE_KITTY_KEY": "1"}


@given(st.lists(st.integers(1, 5000), max_size=6), st.integers(1, 4096))
def test_long_runs_are_cut_and_short_ones_never(runs: list[int], size: int) -> None:
    """However the bytes come, runs of a code’s length are whole, and longer ones stay too long."""
    data = b"".join(b"%c" % (65 + n) * length + b"\r" for n, length in enumerate(runs))
    decoder = Decoder()
    text = "".join(decoder.decode(data[at : at + size]) for at in range(0, len(data), size))
    lines = text.split("\r")[:-1]
    assert len(lines) == len(runs)
    for line, length in zip(lines, runs, strict=True):
        assert len(line) == length or MAX_BUFFER < len(line) < length
