"""How a fault suite says what it really did."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable


class Say(Protocol):
    """Says one thing that was counted."""

    def __call__(self, what: str, value: object) -> None:
        """Show it at once, and keep it with the test's result."""


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str], record_property: Callable[[str, object], None]) -> Say:
    """Give the voice of a suite, heard although output is captured."""

    def spoken(what: str, value: object) -> None:
        record_property(what, value)
        with capsys.disabled():
            sys.stdout.write(f"\n  {what}: {value}\n")

    return spoken
