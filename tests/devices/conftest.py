"""One real CUPS for all tests of this folder that want one, and how suites say what they did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from devices import private_cups
from faults.conftest import Say, say

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Say", "say"]


@pytest.fixture(scope="session")
def cups() -> Iterator[private_cups.PrivateCups]:
    """Give a CUPS of our own, or skip with the reason why there is none."""
    if why := private_cups.missing():
        pytest.skip(why)
    with private_cups.PrivateCups() as running:
        yield running
