"""`python tests/benchmarks [NAME …] [--quick]`: speeds as ratios to a floor of the same run.

Nothing is asserted: a number is for a person who compares it with the machine above it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.report import Result

NAMES = ("journal", "label", "import", "queue", "scan", "bytes", "claims", "board", "line", "acts")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run some benchmarks, all by default, and print them; return 1 when one could not be run."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"no benchmark is named {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory(dir=options.folder, prefix="station-bench-") as name:
        folder = Path(name)
        return _run(options.names or NAMES, folder, quick=options.quick)


def _run(names: Sequence[str], folder: Path, *, quick: bool) -> int:
    from benchmarks.pty_app import NotShownError
    from benchmarks.report import tell, tell_machine

    tell_machine(folder, _say)
    code = 0
    for name in dict.fromkeys(names):
        began = perf_counter()
        try:
            results = _benchmark(name)(folder, quick=quick)
        except NotShownError as failure:
            _say(f"\n{name}: not measured. {failure}")
            code = 1
            continue
        for result in results:
            tell(result, _say)
        _say(f"  ({name} took {perf_counter() - began:.0f} s)")
    return code


def _benchmark(name: str) -> Callable[..., tuple[Result, ...]]:
    from benchmarks import acts_heard as acts
    from benchmarks import board, claims, importing, journal_commit, label, queue_open, scan
    from benchmarks import board_terminal as line
    from benchmarks import terminal_bytes as spoken

    modules = (
        journal_commit,
        label,
        importing,
        queue_open,
        scan,
        spoken,
        claims,
        board,
        line,
        acts,
    )
    measure: Callable[..., tuple[Result, ...]] = modules[NAMES.index(name)].measure
    return measure


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python tests/benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}")
    parser.add_argument("--quick", action="store_true", help="few samples: it only shows it works")
    parser.add_argument("--folder", type=Path, default=_disk(), help="where data is written")
    return parser


def _disk() -> Path | None:
    """Return a folder that is on a disk where /tmp is often memory: commits must cost something."""
    usual = Path("/var/tmp")
    return usual if usual.is_dir() else None


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    tests = Path(__file__).resolve().parents[1]
    sys.path[:1] = [str(tests.parent), str(tests)]
    sys.exit(main())
