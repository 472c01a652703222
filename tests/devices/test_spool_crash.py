"""Killed processes and full disks: nothing is sent twice, nothing is lost, all is told in words."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from devices.fake_printer import HOST, FakePrinter

from station.devices.file_printer import FilePrinter
from station.devices.jobs import JobState
from station.devices.printer import TcpPrinter
from station.devices.simulated import SimulatedPrinter
from station.devices.spool import Spool
from station.devices.transport import Timeouts
from station.errors import DeviceRefused, JournalError

if TYPE_CHECKING:
    from collections.abc import Iterator

LABEL = b"^XA^FO50,50^FDone^FS^XZ"
ROOT = Path(__file__).parents[2]
FAST = Timeouts(connect_s=1.0, send_s=0.3, receive_s=2.0)

STATION = """
import sys
from pathlib import Path
from station.devices.printer import TcpPrinter
from station.devices.spool import Spool
from station.devices.transport import Timeouts

patient = Timeouts(receive_s=60.0)
printer = TcpPrinter("127.0.0.1", int(sys.argv[2]), status=sys.argv[3], deadline_s=60,
                     timeouts=patient)
spool = Spool(Path(sys.argv[1]), printer)
for key in ("one", "two"):
    spool.put(key, "label", b"^XA^FO50,50^FD" + key.encode() + b"^FS^XZ", order_id=key)
print("stored", flush=True)
while spool.run_once():
    pass
"""

LIMITED = """
import resource, sys
from pathlib import Path
from station.devices.file_printer import FilePrinter
from station.devices.simulated import SimulatedPrinter
from station.devices.spool import Spool
from station.errors import DeviceRefused, JournalError

folder = Path(sys.argv[1])
spool = Spool(folder / "spool.db", SimulatedPrinter())
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
kept = 0
try:
    for number in range(100):
        spool.put(f"{number}", "label", b"^XA" + b"x" * 10_000, order_id="1")
        kept += 1
except JournalError as error:
    print(kept, error, sep="|")
try:
    FilePrinter(folder / "labels").print("key", "label", b"^XA" + b"x" * 300_000)
except DeviceRefused as error:
    print(len(list((folder / "labels").iterdir())), error, sep="|")
"""


def station(script: str, *words: object) -> subprocess.Popen[str]:
    """Start a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *map(str, words)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )


@pytest.mark.parametrize(
    ("status", "fault", "labels"),
    [("off", "stalled", 0), ("on", "stalled", 0), ("off", "keeps_open", 1), ("on", "print_s", 1)],
)
def test_a_kill_in_the_middle_makes_it_unknown(
    tmp_path: Path, status: str, fault: str, labels: int
) -> None:
    """A job that was being sent when the process was killed is unknown, and the next one queued."""
    with FakePrinter() as fake:
        setattr(fake, fault, 0.3 if fault == "print_s" else True)
        process = station(STATION, tmp_path / "spool.db", fake.port, status)
        with process:
            assert process.stdout
            assert process.stdout.readline() == "stored\n"
            assert fake.wait_for(lambda: fake.struck["stall"] or fake.document_bytes)
            process.send_signal(signal.SIGKILL)
        spool = Spool(tmp_path / "spool.db", TcpPrinter(HOST, fake.port, timeouts=FAST))
        assert {job.key: job.state for job in spool.jobs()} == {
            "one": JobState.UNKNOWN,
            "two": JobState.QUEUED,
        }
        fake.mend()
        assert fake.wait_idle()
        assert fake.count(LABEL) == labels
        while spool.run_once():
            pass
        assert [job.key for job in spool.doubtful()] == ["one"]
        assert fake.count(LABEL) == labels
        spool.answer("one", came_out=labels > 0)
        while spool.run_once():
            pass
        assert fake.wait_idle()
        assert (fake.count(LABEL), len(fake.labels)) == (1, 2)
        spool.close()


def test_kills_at_any_moment_lose_and_double_nothing(tmp_path: Path) -> None:
    """Killed again and again while it prints, the spool never sends by itself what it sent."""
    with FakePrinter() as fake:
        fake.print_s = 0.03
        interrupted = 0
        for number in range(6):
            path = tmp_path / f"{number}.db"
            fake.labels.clear()
            process = station(STATION, path, fake.port, "on")
            with process:
                assert process.stdout
                process.stdout.readline()
                time.sleep(0.012 * number)
                process.kill()
            assert fake.wait_idle()
            before = list(fake.labels)
            spool = Spool(path, TcpPrinter(HOST, fake.port, timeouts=FAST))
            interrupted += len(spool.jobs({JobState.QUEUED, JobState.UNKNOWN}))
            while spool.run_once():
                pass
            for job in spool.doubtful():
                assert fake.wait_idle()
                text = f"FD{job.key}^FS".encode()
                spool.answer(job.key, came_out=any(text in label for label in before))
            while spool.run_once():
                pass
            assert fake.wait_idle()
            assert len(fake.labels) == len(set(fake.labels)) == 2
            spool.close()
        assert interrupted


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """Give a disk of 400 kB, where one can be mounted."""
    folder = Path(tempfile.mkdtemp(prefix="small-disk-"))
    mount = shutil.which("mount")
    made = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=400k", "tmpfs", folder],
        check=False,
        capture_output=True,
    )
    if not made or made.returncode:
        folder.rmdir()
        pytest.skip("no right to mount a small disk here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)
    folder.rmdir()


def fill(folder: Path) -> Path:
    """Leave no free byte on the disk."""
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (4096, 1):
            try:
                while file.write(b"x" * size):
                    pass
            except OSError:
                continue
    return ballast


def test_a_full_disk_is_told_and_loses_nothing(small_disk: Path) -> None:
    """What was put before is kept; what does not fit is refused; with room again it is printed."""
    printer = SimulatedPrinter()
    spool = Spool(small_disk / "spool.db", printer)
    spool.put("kept", "label", LABEL, order_id="1")
    ballast = fill(small_disk)
    with pytest.raises(JournalError, match="disk is full"):
        spool.put("lost", "label", LABEL * 1000, order_id="1")
    with pytest.raises(JournalError):
        spool.run_once()
    assert printer.came_out == []
    ballast.unlink()
    while spool.run_once():
        pass
    assert [slip.job for slip in printer.came_out] == ["kept"]
    spool.close()


def test_a_full_disk_refuses_the_file(small_disk: Path) -> None:
    """The file printer says that the disk is full, leaves nothing, and works with room again."""
    printer = FilePrinter(small_disk / "labels")
    printer.folder.mkdir()
    ballast = fill(small_disk)
    with pytest.raises(DeviceRefused, match=r"disk is full.*Free some space"):
        printer.print("key", "label", LABEL)
    assert list(printer.folder.iterdir()) == []
    ballast.unlink()
    printer.print("key", "label", LABEL)


def test_a_read_only_disk_is_told(small_disk: Path) -> None:
    """On a disk that became read-only both say in words that they may not write."""
    (small_disk / "labels").mkdir()
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    printer = FilePrinter(small_disk / "labels")
    assert not printer.health().ok
    with pytest.raises(DeviceRefused, match="may not be written to"):
        printer.print("key", "label", LABEL)
    with pytest.raises(JournalError) as caught:
        Spool(small_disk / "spool.db", SimulatedPrinter())
    assert caught.value.remedy


def test_a_file_size_limit_is_a_full_disk(tmp_path: Path) -> None:
    """Where nothing can be mounted, the system's limit shows the same: all or nothing, in words."""
    with station(LIMITED, tmp_path) as process:
        assert process.stdout
        spool_line, file_line = process.stdout.read().splitlines()
    kept, words = spool_line.split("|")
    assert "print spool" in words
    left, words = file_line.split("|")
    assert (left, "disk is full" in words) == ("0", True)
    spool = Spool(tmp_path / "spool.db", SimulatedPrinter())
    assert len(spool.jobs()) == int(kept) > 0
    spool.close()
