"""Confirmation files on the disk: each shipment in exactly one, whatever dies in between."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sync.channels import crashing_export
from sync.channels.crashing_export import STEPS
from sync.channels.fake_store import FakeStore

from station.errors import InputError, StoreRefused
from station.model import ConfirmationLine
from station.sync.channels.confirmations import export_confirmations, recover_exports
from station.sync.channels.exclusive import part_of, reserved

ROOT = Path(__file__).parents[3]


def store_with(count: int) -> FakeStore:
    """Return a store with so many pending lines."""
    shipped = datetime(2026, 11, 23, 15, tzinfo=UTC)
    return FakeStore(
        pending=[
            ConfirmationLine(f"111-{n:07d}-0", str(n), 1, shipped, "UPS", "", f"1Z{n:06d}")
            for n in range(count)
        ]
    )


def ids_in(folder: Path) -> list[str]:
    """Return the item ids of all finished confirmation files, sorted."""
    lines = [line for path in folder.glob("*.txt") for line in path.read_text().split("\n")[1:]]
    return sorted(line.split("\t")[1] for line in lines if line)


def names_in(folder: Path) -> list[str]:
    """Return the names of everything in a folder, sorted."""
    return sorted(path.name for path in folder.iterdir())


def refuse(*_: object) -> None:
    """Fail as a full disk does."""
    raise OSError(errno.ENOSPC, "No space left on device")


def test_every_pending_line_is_written_once(tmp_path: Path) -> None:
    """A second export has nothing left, and leaves no file."""
    store = store_with(3)
    export = export_confirmations(store.port, tmp_path / "a.txt", zone=UTC)
    assert export is not None
    assert export.sha256 == store.finished[1].sha256
    assert export_confirmations(store.port, tmp_path / "b.txt") is None
    assert ids_in(tmp_path) == ["0", "1", "2"]
    assert names_in(tmp_path) == ["a.txt"]
    assert len(store.exported) == 3


def test_an_export_can_be_written_again(tmp_path: Path) -> None:
    """Asked again, the same lines make the same file, and no state changes."""
    store = store_with(2)
    export_confirmations(store.port, tmp_path / "a.txt", zone=UTC)
    store.pending = store_with(5).pending[4:]
    export_confirmations(store.port, tmp_path / "again.txt", again=1, zone=UTC)
    assert (tmp_path / "again.txt").read_bytes() == (tmp_path / "a.txt").read_bytes()
    assert (len(store.exported), len(store.pending)) == (2, 1)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A file, folder or dangling link of that name is left alone, and no line is taken."""
    store = store_with(1)
    (tmp_path / "a.txt").write_text("mine")
    (tmp_path / "b.txt").mkdir()
    (tmp_path / "c.txt").symlink_to("nowhere")
    for name in ("a.txt", "b.txt", "c.txt"):
        with pytest.raises(InputError, match="is there already"):
            export_confirmations(store.port, tmp_path / name)
    assert (tmp_path / "a.txt").read_text() == "mine"
    assert names_in(tmp_path) == ["a.txt", "b.txt", "c.txt"]
    assert len(store.pending) == 1


@pytest.mark.parametrize("call", ["ftruncate", "write", "fsync"])
def test_a_full_disk_gives_the_lines_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """Whatever step of the disk fails: words, no file, every line pending, and the next works."""
    store = store_with(2)
    with monkeypatch.context() as patch:
        patch.setattr(os, call, refuse)
        with pytest.raises(InputError, match="No space") as caught:
            export_confirmations(store.port, tmp_path / "a.txt")
    assert "Nothing is lost" in caught.value.remedy
    assert names_in(tmp_path) == []
    assert (len(store.pending), store.open) == (2, {})
    assert export_confirmations(store.port, tmp_path / "a.txt") is not None


def test_a_rename_or_a_folder_that_fails_gives_the_lines_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its name, or with a name that the disk may forget, the file does not count."""
    store = store_with(2)
    for target in ("pathlib.Path.replace", "station.sync.channels.exclusive.sync_folder"):
        with monkeypatch.context() as patch:
            patch.setattr(target, refuse)
            with pytest.raises(InputError):
                export_confirmations(store.port, tmp_path / "a.txt")
        assert names_in(tmp_path) == []
        assert len(store.pending) == 2


def test_a_place_that_cannot_be_written_is_refused_before_anything_is_taken(
    tmp_path: Path,
) -> None:
    """A folder that is absent or no folder, and names no disk takes, are refused in words."""
    store = store_with(1)
    (tmp_path / "file").touch()
    for name in ("gone/a.txt", "file/a.txt", "x" * 300, "nul\0", "half\udcff"):
        with pytest.raises(InputError, match="cannot be written"):
            export_confirmations(store.port, tmp_path / name)
    assert (len(store.pending), store.open) == (1, {})


def test_two_exports_at_once_do_not_meet(tmp_path: Path) -> None:
    """While one export is at work, another takes neither its file nor its lines."""
    store = store_with(2)
    with reserved(tmp_path / "a.txt"):
        store.begin_export(str(tmp_path / "a.txt"))
        assert [each.outcome for each in recover_exports(store.port)] == ["busy"]
        with pytest.raises(InputError, match="another export"):
            export_confirmations(store.port, tmp_path / "a.txt")
        assert export_confirmations(store.port, tmp_path / "b.txt") is None
    assert [each.outcome for each in recover_exports(store.port)] == ["dropped"]
    assert len(store.pending) == 2


def test_lines_that_somebody_gave_back_do_not_stay_in_a_file(tmp_path: Path) -> None:
    """When the store no longer knows the export, its file is taken away again."""

    class Forgetful(FakeStore):
        def finish_export(self, export_id: int) -> None:
            self.drop_export(export_id)
            super().finish_export(export_id)

    store = Forgetful(pending=store_with(2).pending)
    with pytest.raises(StoreRefused):
        export_confirmations(store.port, tmp_path / "a.txt")
    assert names_in(tmp_path) == []
    assert len(store.pending) == 2


def test_a_file_that_was_changed_after_a_crash_is_not_taken_for_the_export(
    tmp_path: Path,
) -> None:
    """Only the digest proves a file; anything else gives the lines back."""
    store = store_with(1)
    path = tmp_path / "a.txt"
    export_confirmations(store.port, path)
    store.open = {1: replace(store.finished.pop(1))}
    store.exported = []
    path.write_text("changed")
    assert [each.outcome for each in recover_exports(store.port)] == ["dropped"]
    assert (len(store.pending), path.read_text()) == (1, "changed")


def killed(home: Path, name: str, step: str) -> int:
    """Export in a process of its own that kills itself at the step; return its exit code."""
    script = str(Path(crashing_export.__file__))
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    command = [sys.executable, script, str(home), name, step]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": paths}, check=False)
    return done.returncode


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_loses_and_doubles_nothing(tmp_path: Path, step: str) -> None:
    """After SIGKILL at any step, the next export completes: every line in exactly one file."""
    store_with(4).save(tmp_path / "store")
    assert killed(tmp_path, "a.txt", step) == -signal.SIGKILL
    store = FakeStore.load(tmp_path / "store")
    if step in {"finishing", "finished"}:
        with pytest.raises(InputError, match=r"a crash had interrupted|is there already"):
            export_confirmations(store.port, tmp_path / "a.txt", zone=UTC)
    else:
        export_confirmations(store.port, tmp_path / "a.txt", zone=UTC)
    assert ids_in(tmp_path) == ["0", "1", "2", "3"]
    assert (len(store.exported), store.pending, store.open) == (4, [], {})
    assert not part_of(tmp_path / "a.txt").exists()


def test_the_kills_are_real(tmp_path: Path) -> None:
    """Without a step to die at, the same script ends by itself: the control of the test above."""
    store_with(2).save(tmp_path / "store")
    assert killed(tmp_path, "a.txt", "never") == 0
    assert ids_in(tmp_path) == ["0", "1"]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.sampled_from(["write", "fsync", "ok", "more"]), max_size=8))
def test_any_run_of_failures_ends_with_every_line_in_one_file(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    """However often the disk fails in between, at the end each line stands in exactly one file."""
    folder = tmp_path_factory.mktemp("exports")
    store, made = store_with(2), 2
    for at, step in enumerate([*steps, "ok"]):
        if step == "more":
            store.pending += store_with(made + 1).pending[made:]
            made += 1
            continue
        with pytest.MonkeyPatch.context() as patch:
            if step != "ok":
                patch.setattr(os, step, refuse)
            try:
                export_confirmations(store.port, folder / f"{at}.txt", zone=UTC)
            except InputError:
                assert step != "ok"
    assert ids_in(folder) == sorted(str(n) for n in range(made))
