"""That the benchmarks run; what they measure is for a person."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from benchmarks.pty_app import RAW_LOOP, PtyApp
from benchmarks.report import Ratio, Series, file_system
from benchmarks.scan import ECHOED, READY, Lane

if TYPE_CHECKING:
    from pathlib import Path

main = import_module("benchmarks.__main__").main


def test_runs_what_was_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The named benchmarks run, print their machine, tables and ratios, and leave no file."""
    assert main(["--quick", "--folder", str(tmp_path), "journal", "import"]) == 0
    printed = capsys.readouterr().out
    assert "CPUs" in printed
    assert "Journal: one fact stored durably [µs]" in printed
    assert "Import of 2,000 order rows [s]" in printed
    assert printed.count("  ratio ") >= 4
    assert "Queue" not in printed
    assert not list(tmp_path.iterdir())


def test_knows_its_names(capsys: pytest.CaptureFixture[str]) -> None:
    """A name that no benchmark has is wrong usage, told with the name."""
    with pytest.raises(SystemExit) as ended:
        main(["scna"])
    assert ended.value.code == 2
    assert "scna" in capsys.readouterr().err


def test_counts_what_was_lost() -> None:
    """Scans that a program in a pty has counted are told from those that it has lost."""
    with PtyApp([str(RAW_LOOP)]) as app:
        app.wait(READY)
        lane = Lane("raw", app, ECHOED)
        assert lane.scan() is not None
        assert lane.scan(20) is not None
        assert lane.series([1.0]).lost == 0
        lane.sent += 1
        assert lane.series([1.0]).lost == 1


def test_quantiles_lie_between_samples() -> None:
    """A quantile is interpolated, and a ratio to nothing is not a number."""
    some, none = Series("some", [3.0, 1.0, 2.0]), Series("none", [0.0])
    assert some.quantile(0.5) == 2.0
    assert some.quantile(0.75) == 2.5
    assert Ratio(some, some, "").at(0.99) == "1.00"
    assert Ratio(some, none, "").at(0.5) == "–"


def test_names_the_file_system(tmp_path: Path) -> None:
    """The file system of a folder has a name, whatever it is."""
    assert file_system(tmp_path)
