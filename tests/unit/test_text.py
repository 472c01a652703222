"""Outside text made safe."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from station.text import BIDI, plain, visible


@given(st.text(max_size=2000), st.integers(5, 100))
def test_plain_text_cannot_act_on_a_terminal(text: str, limit: int) -> None:
    """No control, no direction mark, no line break, and never longer than allowed."""
    safe = plain(text, limit)

    assert len(safe) <= limit
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Cs"} or c in BIDI for c in safe)


@given(st.text(max_size=300))
def test_plain_is_stable(text: str) -> None:
    """Cleaning clean text changes nothing."""
    assert plain(plain(text)) == plain(text)


def test_known_attacks() -> None:
    """Escape sequences lose what makes them one; accents in piles are thinned out."""
    assert plain("\x1b]52;c;aGk=\x07") == "]52;c;aGk="
    assert plain("a\u202eb\x9bc") == "abc"
    assert len(plain("e" + "\u0301" * 400)) == 4
    assert visible("A\x1dB\x7f") == "A␝B␡"
