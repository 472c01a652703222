"""The wizard: three codes, what arrived, what is to be set, and the lines in station.toml."""

from __future__ import annotations

import tomllib
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest
from textual.events import Key, Paste

from station.config import Settings
from station.device_settings import ScannerSettings
from station.errors import ConfigError, InputError
from station.learning import PAUSE_S, ScannerLessons
from station.messages import Ticked, Typed
from station.place import Place
from station.verbs import scanners

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from textual.pilot import Pilot

GOOD = (']C0yZ-:/"#]', "]E00614141234561", "]C1101234\x1d215678")
GERMAN = ("+C=zYßÖ-Ä§+", "+E=0614141234561", "+C1101234\x1d215678")


@dataclass
class Owner:
    """Who learns a scanner: what he sees, and what he scans."""

    app: ScannerLessons
    pilot: Pilot[None]
    learnt: list[bool]
    written: list[dict[str, str]]
    at: float = 100.0
    rows: list[str] = field(default_factory=list)

    async def scan(self, *codes: str, end: str = "\r") -> None:
        """Scan codes, each followed by silence."""
        for code in codes:
            for char in code + end:
                self.at += 0.005
                self._type(Key(char, char))
            await self.wait(2 * PAUSE_S)

    async def wait(self, seconds: float) -> None:
        """Let time pass."""
        tick = Ticked()
        self.at += seconds
        tick.time = self.at
        self.app.post_message(tick)
        await self.look()

    async def press(self, key: str) -> None:
        """Press a function key."""
        self._type(Key(key, None))
        await self.look()

    def _type(self, key: Key | Paste) -> None:
        key.time = self.at
        self.app.post_message(Typed((key,)))

    async def look(self) -> None:
        """Let the app do everything, and read the screen."""
        await self.pilot.pause(0)
        await self.pilot.pause(0)
        strips = self.app.screen._compositor.render_strips()
        self.rows = [strip.text.rstrip() for strip in strips]

    @property
    def screen(self) -> str:
        """The whole screen."""
        return "\n".join(self.rows)


@asynccontextmanager
async def wizard(columns: int = 80, refuses: str = "") -> AsyncIterator[Owner]:
    """Run the wizard."""
    learnt: list[bool] = []
    written: list[dict[str, str]] = []

    def write(values: Mapping[str, str]) -> str:
        if refuses:
            raise InputError(refuses)
        written.append(dict(values))
        return "station.toml"

    app = ScannerLessons(write, lambda: learnt.append(True))
    async with app.run_test(size=(columns, 24)) as pilot:
        owner = Owner(app, pilot, learnt, written)
        await owner.look()
        yield owner


async def test_three_codes_fit_on_a_small_terminal() -> None:
    """At 80 columns each code stands there with its bars and its text."""
    async with wizard() as owner:
        for number, (code, text) in enumerate(
            zip(GOOD, ('yZ-:/"#]', "0614141234561", "101234␝215678"), strict=True), 1
        ):
            assert f"{number} of 3" in owner.screen
            assert text in owner.screen
            assert sum("█" in row for row in owner.rows) >= 7
            await owner.scan(code)
        assert "This scanner is good as it is." in owner.screen


async def test_a_narrow_terminal_names_the_sheet() -> None:
    """Where a code does not fit, the wizard says what to print."""
    async with wizard(60) as owner:
        assert "station print scanner-sheet" in owner.screen
        assert "█" not in owner.screen


async def test_findings_and_settings_are_shown_and_written() -> None:
    """What arrived is shown with its separators; F2 writes the lines, and nothing before."""
    async with wizard() as owner:
        await owner.scan(*(f"~{code}" for code in GOOD))
        assert "]C1101234␝215678␍" in owner.screen
        assert 'suffix = "enter"  pause_ms = 300  prefix = "~"' in owner.screen
        assert owner.learnt == [True]
        assert owner.written == []
        await owner.press("f2")
        assert owner.written == [{"suffix": '"enter"', "pause_ms": "300", "prefix": '"~"'}]
        assert "Written to station.toml." in owner.screen


async def test_a_wrong_keyboard_is_told_and_nothing_is_offered() -> None:
    """With the language wrong there are no settings to write; Esc begins again."""
    async with wizard() as owner:
        await owner.scan(*GERMAN)
        assert "Set the scanner's keyboard language to German." in owner.screen
        await owner.press("f2")
        assert owner.written == []
        await owner.press("escape")
        assert "1 of 3" in owner.screen
        await owner.scan(*GOOD)
        assert "good as it is" in owner.screen


async def test_no_suffix_is_heard_all_the_same() -> None:
    """Silence ends what a scanner without a suffix sends."""
    async with wizard() as owner:
        await owner.scan(*GOOD, end="")
        assert 'suffix = "none"' in owner.screen


async def test_a_file_that_cannot_be_written_is_told() -> None:
    """The lines stay on the screen, with the reason."""
    async with wizard(refuses="The file cannot be changed.") as owner:
        await owner.scan(*GOOD)
        await owner.press("f2")
        assert "The file cannot be changed." in owner.screen
        assert 'suffix = "enter"' in owner.screen


# — the file and the commands —
def test_the_file_is_replaced_whole(tmp_path: Path) -> None:
    """Other lines and the file's rights stay; a file that is missing is made for its owner."""
    file = tmp_path / "station.toml"
    scanners.write_values(file, {"pause_ms": "400"})
    assert file.stat().st_mode & 0o777 == 0o600
    file.write_text("# mine\n" + file.read_text())
    file.chmod(0o640)
    scanners.write_values(file, {"pause_ms": "500"})
    assert tomllib.loads(file.read_text()) == {"scanner": {"pause_ms": 500}}
    assert file.read_text().startswith("# mine")
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_that_is_not_ours_is_left(tmp_path: Path) -> None:
    """Where nothing can be written the owner is told to write the lines himself."""
    with pytest.raises(InputError, match="cannot be written"):
        scanners.write_values(tmp_path / "no" / "station.toml", {"pause_ms": "400"})


def test_scanners_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each scanner has one row; one that is away makes the exit code 3."""
    ports = ("simulated://hand", "serial:///dev/ttyNONE0")
    house = replace(Settings(), scanner=ScannerSettings(ports=ports))
    assert scanners.show(Place(house, tmp_path)) == 3
    rows = capsys.readouterr().out.splitlines()
    assert rows[1].startswith("ok    hand")
    assert rows[2] == "LOOK  ttyNONE0  unplugged. Plug it in: /dev/ttyNONE0 is not there."


def test_the_wizard_needs_a_terminal(tmp_path: Path) -> None:
    """Without a terminal the command says what it needs."""
    with pytest.raises(ConfigError, match="terminal into which the scanner types"):
        scanners.learn(Place(Settings(), tmp_path), None)
