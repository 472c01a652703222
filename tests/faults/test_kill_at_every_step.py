"""SIGKILL before, inside and after every named step of one pack: nothing lost, nothing twice."""

from __future__ import annotations

import os
import random
from typing import TYPE_CHECKING

import pytest
from faults.killing import Driver, copied, furnish, papers_kept, violations
from faults.steps import STEPS, Point, points

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from faults.conftest import Say

LONG = bool(os.environ.get("STATION_LONG"))
SLICE = 13
"""Every so-manieth point is run in the short suite."""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a data folder to copy."""
    return furnish(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="module")
def driver() -> Iterator[Driver]:
    """Give the process that forks packers."""
    with Driver() as started:
        yield started


def found_by_dry_run(driver: Driver, home: Path, *, folder: bool = False) -> list[Point]:
    """Return every point of a run that nobody kills, which must break no promise itself."""
    run = driver.pack(home, folder=folder)
    assert violations(run) == []
    assert papers_kept(home) == 0
    return points(run.calls)


def killed_at(
    driver: Driver,
    template: Path,
    tmp_path: Path,
    plans: Sequence[tuple[Point, ...]],
    *,
    folder: bool = False,
) -> tuple[int, dict[str, list[str]]]:
    """Return how many kills there were, and for each plan the promises that were broken."""
    kills, broken = 0, {}
    for number, plan in enumerate(plans):
        home = copied(template, tmp_path / str(number))
        run = driver.pack(home, *plan, folder=folder)
        kills += run.kills
        if found := violations(run):
            broken[" then ".join(map(str, plan))] = found
    return kills, broken


@pytest.mark.long
@pytest.mark.parametrize("folder", [False, True], ids=["printer", "folder"])
def test_a_kill_at_any_step_loses_and_doubles_nothing(
    driver: Driver,
    template: Path,
    tmp_path: Path,
    say: Say,
    folder: bool,
) -> None:
    """Killed at a point and started again, the order is packed, labelled, and told once."""
    every = found_by_dry_run(driver, copied(template, tmp_path / "dry"), folder=folder)
    chosen = every if LONG else every[:: SLICE * (4 if folder else 1)]
    kills, broken = killed_at(
        driver, template, tmp_path, [(point,) for point in chosen], folder=folder
    )
    say(f"kills at {len(every)} points found", kills)
    assert broken == {}
    assert kills == len(chosen) > 0


def test_every_named_step_is_reached(driver: Driver, template: Path, tmp_path: Path) -> None:
    """Each name in the list of steps is called in a pack to a printer or to a folder."""
    found = found_by_dry_run(driver, copied(template, tmp_path / "printer"))
    found += found_by_dry_run(driver, copied(template, tmp_path / "folder"), folder=True)
    assert {point.step for point in found} == set(STEPS)


@pytest.mark.long
def test_two_kills_lose_and_double_nothing(
    driver: Driver, template: Path, tmp_path: Path, say: Say
) -> None:
    """Killed again at a seeded point of the next start, the same holds."""
    every = found_by_dry_run(driver, copied(template, tmp_path / "dry"))
    dice = random.Random(23)
    plans = [(dice.choice(every), dice.choice(every)) for _ in range(100 if LONG else 4)]
    kills, broken = killed_at(driver, template, tmp_path, plans)
    say(f"kills in {len(plans)} packs", kills)
    assert broken == {}
    assert kills > len(plans) > 0


@pytest.mark.parametrize(
    ("spoilt", "point", "words"),
    [
        ("a journal in memory", Point("bench.take_scan", "after", 3), "acknowledged"),
        ("a purchase key that changes", Point("store.finish_purchase", "after", 1), "not finished"),
    ],
)
def test_a_broken_promise_is_noticed(
    driver: Driver, template: Path, tmp_path: Path, spoilt: str, point: Point, words: str
) -> None:
    """The negative controls: a bench without its promise does not pass these tests."""
    home = copied(template, tmp_path / "control")
    run = driver.pack(home, point, spoilt=spoilt, patience_s=2.0)
    assert run.kills == 1
    assert any(words in found for found in violations(run))


@pytest.mark.parametrize(
    "point", [Point("store.claim", "after", 1), Point("journal.open", "before", 1)], ids=str
)
def test_next_shows_an_order_that_was_claimed_just_before_the_kill(
    driver: Driver, template: Path, tmp_path: Path, point: Point
) -> None:
    """NEXT gives the order that this bench holds in the store, not “Nothing is waiting”."""
    run = driver.pack(copied(template, tmp_path / "home"), point)
    assert run.kills == 1
    assert run.hidden == 0


@pytest.mark.parametrize(
    "point", [Point("spool.seen", "before", 1), Point("spool.forget", "before", 1)], ids=str
)
def test_the_label_of_a_closed_package_is_forgotten_after_a_kill(
    driver: Driver, template: Path, tmp_path: Path, point: Point
) -> None:
    """A label, which holds an address, does not stay in the spool because the process died."""
    home = copied(template, tmp_path / "home")
    assert driver.pack(home, point).kills == 1
    assert papers_kept(home) == 0
