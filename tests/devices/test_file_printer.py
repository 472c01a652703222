"""The folder as a printer: whole files, safe names, nothing overwritten, refusals in words."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from station.devices.file_printer import FilePrinter, file_name
from station.devices.kinds import kind_of
from station.devices.ports import Delivery
from station.errors import DeviceDoubtful, DeviceRefused

if TYPE_CHECKING:
    from pathlib import Path

LABEL = b"^XA^FDone^FS^XZ"


@pytest.mark.parametrize(
    ("document", "kind"),
    [
        (LABEL, "zpl"),
        (b"\r\n ^XA^XZ", "zpl"),
        (b"\xef\xbb\xbf^XA^XZ", "zpl"),
        (b"\x89PNG\r\n\x1a\n...", "png"),
        (b"%PDF-1.7", "pdf"),
        (b"N\nA50,50", "prn"),
        (b"", "prn"),
    ],
)
def test_the_first_bytes_tell_the_kind(tmp_path: Path, document: bytes, kind: str) -> None:
    """A file ends as its first bytes say, whatever its title says."""
    assert kind_of(document) == kind
    FilePrinter(tmp_path).print("key", "label.exe", document)
    assert [file.name for file in tmp_path.iterdir()] == [f"label.exe-key.{kind}"]


def test_the_same_job_makes_one_file(tmp_path: Path) -> None:
    """The same job with the same bytes is seen again and writes no second file."""
    printer = FilePrinter(tmp_path)
    assert printer.print("key", "label", LABEL) is Delivery.SEEN
    before = [(file.name, file.stat().st_mtime_ns) for file in tmp_path.iterdir()]
    assert printer.print("key", "label", LABEL) is Delivery.SEEN
    assert [(file.name, file.stat().st_mtime_ns) for file in tmp_path.iterdir()] == before


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A file of that name with other content stays, and the job is refused in words."""
    printer = FilePrinter(tmp_path)
    (tmp_path / "label-key.zpl").write_bytes(b"mine")
    with pytest.raises(DeviceRefused, match="not overwritten"):
        printer.print("key", "label", LABEL)
    assert (tmp_path / "label-key.zpl").read_bytes() == b"mine"


def test_files_are_for_the_owner_only(tmp_path: Path) -> None:
    """A label holds an address: neither the file nor a new folder can be read by others."""
    printer = FilePrinter(tmp_path / "new" / "labels")
    printer.print("key", "label", LABEL)
    file = next(printer.folder.iterdir())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(printer.folder.stat().st_mode) == 0o700


def test_what_a_crash_left_beside_is_written_anew(tmp_path: Path) -> None:
    """A half-written file of a killed station is replaced and never taken for a document."""
    (tmp_path / ".label-key.zpl.part").write_bytes(b"^XA half")
    FilePrinter(tmp_path).print("key", "label", LABEL)
    assert [file.name for file in tmp_path.iterdir()] == ["label-key.zpl"]
    assert (tmp_path / "label-key.zpl").read_bytes() == LABEL


def test_formats_can_be_limited(tmp_path: Path) -> None:
    """A folder for PDF refuses ZPL before it writes."""
    with pytest.raises(DeviceRefused, match="takes pdf"):
        FilePrinter(tmp_path, formats=["pdf"]).print("key", "label", LABEL)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EDQUOT, "disk is full"),
        (errno.EROFS, "may not be written"),
        (errno.EACCES, "may not be written"),
        (errno.EIO, "cannot be used"),
    ],
)
def test_a_disk_that_fails_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    """Every failure before the file has its name is a refusal with a remedy and leaves nothing."""

    def fail(_file: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(DeviceRefused, match=words) as caught:
        FilePrinter(tmp_path).print("key", "label", LABEL)
    assert caught.value.remedy
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_may_be_lost_is_doubtful(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When only the folder cannot be made safe, the file is there and a person must look."""
    printer = FilePrinter(tmp_path)
    printer.print("key", "label", LABEL)
    monkeypatch.setattr(os, "fsync", lambda _file: os.close(-1))
    with pytest.raises(DeviceDoubtful, match="does not confirm"):
        printer.print("key", "label", LABEL)


def test_health_sees_a_file_in_the_way(tmp_path: Path) -> None:
    """A folder that is a file cannot be written to; one that is still missing can."""
    assert FilePrinter(tmp_path / "a" / "b").health().ok
    (tmp_path / "a").write_bytes(b"")
    assert not FilePrinter(tmp_path / "a" / "b").health().ok


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(), st.text())
def test_any_words_make_a_safe_name(job: str, title: str) -> None:
    """A file's name has only safe characters, is short, and does not begin with a dot."""
    name = file_name(job, title, "zpl")
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")
    assert len(name) < 160
    assert name[0] not in ".-"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=5), st.text(max_size=5))
def test_two_jobs_never_share_a_name(one: str, other: str) -> None:
    """Different keys make different names, also where upper and lower case are the same."""
    names = {file_name(key, "label", "zpl").lower() for key in (one, other)}
    assert len(names) == len({one, other})


def test_a_folder_that_cannot_be_looked_at_is_told(tmp_path: Path) -> None:
    """Asking how it is never raises, whatever the system says of the folder's name."""
    health = FilePrinter(tmp_path / ("x" * 300), name="folder").health()
    assert (health.ok, health.words) == (False, "folder cannot be written to")
