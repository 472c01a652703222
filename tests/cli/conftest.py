"""A data folder for each test, and no settings of the machine that runs it."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

import pytest
from cli.station_command import Station

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def _logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close the log file that each command opens: a process would end there."""
    opened: list[logging.Handler] = []

    def adopt(*, handlers: list[logging.Handler], **_more: object) -> None:
        opened.extend(handlers)

    monkeypatch.setattr(logging, "basicConfig", adopt)
    yield
    for handler in opened:
        handler.close()


@pytest.fixture
def station(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    _logs: None,
) -> Station:
    """Return the command, with STATION_HOME in a folder that does not exist yet."""
    for name in os.environ:
        if name.startswith("STATION_") and name != "STATION_HYPOTHESIS":
            monkeypatch.delenv(name)
    for name, value in {"TERM": "xterm-256color", "COLUMNS": "80", "LINES": "24"}.items():
        monkeypatch.setenv(name, value)
    home = tmp_path / "home"
    monkeypatch.setenv("STATION_HOME", str(home))
    monkeypatch.chdir(tmp_path)
    return Station(home, capsys)
