"""No key opens a shell, a file or another program, and the program ends only when it is told."""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING

import pytest
from samples import CARD, MUG, order
from screens.test_commands import reach
from textual.events import Key

from station.commands import Screen
from station.messages import BenchChanged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from screens.shop import Packer, Shop

STARTS = {"subprocess.Popen", "os.fork", "os.forkpty", "os.posix_spawn", "os.exec", "os.system"}
"""Audit events of a child process (Python's table of audit events)."""

FUNCTION_KEYS = [f"{mod}f{n}" for mod in ("", "shift+", "ctrl+") for n in range(1, 13)]
TEXTUALS_OWN = ("ctrl+backslash", "super+c", "shift+tab", "ctrl+@", "alt+q")
LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Watch:
    """Notes what a program does to the outside, while it is told to look."""

    def __init__(self) -> None:
        self.home: Path | None = None
        self.written: list[str] = []
        self.started: list[str] = []

    def __call__(self, event: str, args: tuple[object, ...]) -> None:
        """Take one audit event."""
        if self.home is None:
            return
        if event in STARTS or event == "webbrowser.open":
            self.started.append(f"{event} {args}")
        if event == "open" and isinstance(args[0], str | os.PathLike):
            flags = args[2] if isinstance(args[2], int) else 0
            path = os.fspath(args[0])
            if flags & (os.O_WRONLY | os.O_RDWR) and not path.startswith(str(self.home)):
                self.written.append(path)


WATCH = Watch()


@pytest.fixture(scope="module", autouse=True)
def _hooked() -> None:
    """Hang the watch into the interpreter; a hook cannot be taken out again, only put to sleep."""
    sys.addaudithook(WATCH)


@pytest.fixture
def watched(shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """Return a stocked shop whose working folder, home and temporary folder are watched."""
    shop.news = False
    shop.stock(*(order(f"111-{n}", (MUG, 2), (CARD, 1)) for n in range(30)))
    for name in ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "TMPDIR"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    WATCH.written, WATCH.started = [], []
    yield shop
    WATCH.home = None


@pytest.mark.parametrize("screen", list(Screen))
async def test_no_key_reaches_the_outside(watched: Shop, tmp_path: Path, screen: Screen) -> None:
    """Function keys and Ctrl letters write no file elsewhere, start nothing, and end nothing.

    Textual's own keys (quit, palette, copy, screenshot) do not even change the screen.
    """
    async with watched.open(name="" if screen == Screen.SIGN_IN else "Ana") as ana:
        await reach(ana, screen)
        WATCH.home = watched.home
        before = ana.screen, ana.app.screen_stack
        for letter in LETTERS:
            ana._key(Key(f"ctrl+{letter}", chr(ord(letter) - 96)), 0.5)
            ana._key(Key(f"ctrl+{letter}", None), 0.5)
        for key in TEXTUALS_OWN:
            ana._key(Key(key, None), 0.5)
        await ana.settle()
        assert (ana.screen, ana.app.screen_stack) == before
        await every_function_key(ana, screen)
        WATCH.home = None
        assert not ana.app._exit
        assert ana.app.is_running
    assert (WATCH.written, WATCH.started) == ([], [])
    assert list((tmp_path / "elsewhere").iterdir()) == []


async def every_function_key(ana: Packer, screen: Screen) -> None:
    """Press each of them on the screen, coming back to it when one leads away."""
    for key in FUNCTION_KEYS:
        if (screen, key) != (Screen.SIGN_IN, "f10"):
            await reach(ana, screen)
            await ana.press(key)


def test_watch_sees_what_it_looks_for(watched: Shop, tmp_path: Path) -> None:
    """A file written elsewhere and a child process are noticed: the watch is awake."""
    import subprocess

    WATCH.home = watched.home
    (tmp_path / "elsewhere" / "leak").write_text("x")
    subprocess.run(["true"], check=True)
    WATCH.home = None
    assert len(WATCH.written) >= 1
    assert len(WATCH.started) >= 1


async def test_doors_themselves_are_closed(watched: Shop, tmp_path: Path) -> None:
    """Even called by name, a screenshot, a browser or a suspension do nothing."""
    async with watched.open() as ana:
        WATCH.home = watched.home
        await ana.app.run_action("screenshot")
        await ana.app.run_action("suspend_process")
        ana.app.open_url("https://example.invalid/")
        await ana.settle()
        WATCH.home = None
    assert (WATCH.written, WATCH.started) == ([], [])
    assert list((tmp_path / "elsewhere").iterdir()) == []


async def test_end_of_the_program_is_quiet(watched: Shop) -> None:
    """A tick of the clock or news that come when the screens are gone already are no error."""
    async with watched.open() as ana:
        await ana.press("enter")
        stack, ana.app._screen_stacks = ana.app._screen_stacks, {ana.app.current_mode: []}
        ana.app.post_message(BenchChanged())
        await asyncio.sleep(0.25)  # more than a tick of the app's clock
        ana.app._screen_stacks = stack
        assert ana.app._exception is None
