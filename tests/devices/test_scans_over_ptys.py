"""Scanners over pseudo terminals: nothing wrong is ever taken, nothing good is lost."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from devices.scan_storm import FAULTS, CountingScanner, HandClock, NaiveLine, storm

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

COUNT = 5000


@pytest.mark.parametrize("seed", [1])
def test_no_wrong_scan_is_accepted_and_no_good_one_lost(tmp_path: Path, seed: int) -> None:
    """Of thousands of scans on three scanners exactly the good ones are taken, in order."""
    wires = storm(tmp_path, COUNT, seed)

    done = sum((wire.done for wire in wires), Counter[str]())
    good = sum(len(wire.good) for wire in wires)
    print(f"{COUNT} steps, {good} good scans; {dict(done)}")  # noqa: T201 - how much was tried
    assert all(done[fault] for fault in FAULTS)
    for wire in wires:
        assert wire.accepted == wire.good, wire.kind


def test_a_reader_that_trusts_pauses_fails(tmp_path: Path) -> None:
    """The same storm makes a reader that splits on pauses alone lose good scans."""

    def hurt(clock: HandClock) -> Callable[[CountingScanner], object]:
        def replace(scanner: CountingScanner) -> None:
            scanner._line = NaiveLine(clock)  # type: ignore[assignment]  # in its place

        return replace

    wires = storm(tmp_path, 300, 1, hurt)

    assert any(wire.accepted != wire.good for wire in wires)
