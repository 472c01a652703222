"""`station demo` without a terminal: five orders from file to file."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from cli.station_command import Answer, Station


@pytest.fixture
def shown(station: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Answer:
    """Return what the demo prints."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return station("demo")


def test_packs_five_orders(shown: Answer, station: Station) -> None:
    """Five orders are packed, each to its DONE; the rows it prints are those of its file.

    Nothing is written into the owner's own data folder but the log.
    """
    assert (shown.code, shown.err) == (0, "")
    orders = re.findall(r"^order (\d)  (\S+)  \d+ units, \d+ lines$", shown.out, re.MULTILINE)
    assert [number for number, _ in orders] == ["1", "2", "3", "4", "5"]
    done = re.findall(r"DONE: Order (\S+) is packed\.", shown.out)
    assert done == [order_id for _, order_id in orders]
    told = re.search(r"wrote (\S+) with (\d+) rows:\n((?:  .*\n)+)", shown.out)
    assert told
    rows = [line[2:] for line in told[3].splitlines()]
    written = Path(told[1]).read_bytes().decode().split("\r\n")[:-1]
    assert rows == [line.replace("\t", " | ") for line in written]
    assert len(rows) - 1 == int(told[2])
    assert {row.split(" | ")[0] for row in rows[1:]} == set(done)
    _check_files(shown.out)
    assert not (station.home / "store.db").exists()


def _check_files(out: str) -> None:
    """Every printed file that is named is there and is a picture or a PDF."""
    files = [Path(line[6:]) for line in out.splitlines() if line.startswith("wrote ")]
    papers = [path for path in files if "printed" in path.parts]
    assert len(papers) == 10
    for path in papers:
        assert path.read_bytes().startswith((b"\x89PNG", b"%PDF-"))
