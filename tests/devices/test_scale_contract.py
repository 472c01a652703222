"""What every scale driver does, over a real pty, a real FIFO, a file, and in the air."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from devices.fake_scales import (
    FifoScale,
    PtyScale,
    Shown,
    displayed,
    emulated_sics,
    hid_report,
    mt_sics,
    nci,
    toledo_8217,
)

from station.devices.open_scale import open_scale
from station.devices.ports import Reading, ScaleState
from station.devices.scale_hid import HidScale
from station.devices.scale_port import Line, Port
from station.devices.scale_protocols import DIALECTS
from station.devices.scale_serial import Patience, SerialScale
from station.errors import DeviceAbsent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from station.devices.ports import Scale

PATIENT = Patience(answer_s=5.0, quiet_s=0.005, quiet_at_most_s=0.1)
MOVING = Shown(ScaleState.MOVING, "0.700", "kg")
OVERLOAD = Shown(ScaleState.OVERLOAD, "0.000", "kg")


@dataclass
class Bench:
    """A scale, with the hand that loads it."""

    open: Callable[[], Scale]
    show: Callable[[Shown], object]
    unplug: Callable[[], object]


def serial_bench(speak: Callable[[Shown], bytes], protocol: str) -> Bench:
    """Return a scale on a pty."""
    fake = PtyScale(speak)
    dialect = DIALECTS[protocol]
    line = Line(fake.device, 9600, dialect.bits, dialect.parity)

    def opened() -> Scale:
        return SerialScale(Port(line), dialect, unit="kg", name="bench", patience=PATIENT)

    return Bench(opened, lambda shown: setattr(fake, "shown", shown), fake.unplug)


class Streaming:
    """A HID scale that reports all the time."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.fake = FifoScale(path)
        self.shown = Shown()
        self.plugged = True
        self.lock = threading.Lock()
        threading.Thread(target=self._stream, daemon=True).start()

    def show(self, shown: Shown) -> None:
        """Report this from now on."""
        self.shown = shown

    def unplug(self) -> None:
        """Vanish."""
        with self.lock:
            if self.plugged:
                self.plugged = False
                self.fake.unplug()

    def _stream(self) -> None:
        pause = threading.Event()
        while not pause.wait(0.002):
            with self.lock:
                if not self.plugged:
                    return
                self.fake.send(hid_report(self.shown))


def hid_bench(folder: Path) -> Bench:
    """Return a scale on a FIFO."""
    stream = Streaming(folder / "hidraw0")
    return Bench(lambda: HidScale(str(stream.path), "bench", 5.0), stream.show, stream.unplug)


def file_bench(folder: Path) -> Bench:
    """Return a scale in a file."""
    path = folder / "weight.txt"
    path.write_text("0")
    words = {ScaleState.MOVING: "moving", ScaleState.OVERLOAD: "overload"}
    return Bench(
        open_scale("simulated:weight.txt", base=folder),
        lambda shown: path.write_text(words.get(shown.state, f"{shown.grams} g\n")),
        path.unlink,
    )


BENCHES: dict[str, Callable[[Path], Bench]] = {
    "mt-sics": lambda _: serial_bench(mt_sics, "mt-sics"),
    "mt-sics emulated": lambda _: serial_bench(emulated_sics, "mt-sics"),
    "nci": lambda _: serial_bench(nci, "nci"),
    "toledo-8217": lambda _: serial_bench(toledo_8217, "toledo-8217"),
    "hid": hid_bench,
    "file": file_bench,
}


@pytest.fixture(params=list(BENCHES))
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    """Give each scale in turn."""
    made = BENCHES[request.param](tmp_path)
    yield made
    made.unplug() if request.param != "file" else None


def after_a_while(scale: Scale) -> Reading:
    """Return what it shows once it has settled: some answers are thrown away on purpose."""
    reading = scale.read()
    for _ in range(4):
        reading = scale.read()
    return reading


def test_a_stable_load_is_told_in_grams(bench: Bench) -> None:
    """The number on the display comes back in grams, and stable."""
    scale = bench.open()
    bench.show(displayed(1250))
    assert after_a_while(scale) == Reading(ScaleState.STABLE, 1250)
    scale.close()


def test_motion_is_no_weight(bench: Bench) -> None:
    """While the load moves, the scale says so."""
    scale = bench.open()
    bench.show(MOVING)
    assert after_a_while(scale).state is ScaleState.MOVING
    scale.close()


def test_too_much_below_zero_and_nothing_are_told_apart(bench: Bench) -> None:
    """Overload, a negative load and an empty scale are three states."""
    scale = bench.open()
    bench.show(OVERLOAD)
    assert after_a_while(scale).state is ScaleState.OVERLOAD
    bench.show(Shown(ScaleState.NEGATIVE, "-0.020", "kg"))
    assert after_a_while(scale).state is ScaleState.NEGATIVE
    bench.show(Shown())
    assert after_a_while(scale).state is ScaleState.ZERO
    scale.close()


def test_a_scale_that_is_unplugged_is_absent(bench: Bench) -> None:
    """Once it is gone, reading says so within a few readings, with what to do."""
    scale = bench.open()
    bench.show(displayed(1250))
    after_a_while(scale)
    bench.unplug()
    with pytest.raises(DeviceAbsent) as caught:
        after_a_while(scale)
    assert caught.value.remedy
    scale.close()
    bench.unplug = lambda: None


def test_a_scale_that_is_not_there_cannot_be_opened(bench: Bench) -> None:
    """Opening a scale that is away is an absence, not a crash."""
    bench.unplug()
    bench.unplug = lambda: None
    with pytest.raises(DeviceAbsent):
        after_a_while(bench.open())


@pytest.mark.parametrize("unit", ["g", "kg", "oz", "lb"])
def test_the_unit_key_changes_nothing(unit: str, tmp_path: Path) -> None:
    """A scale that is switched to another unit while in use tells the same grams."""
    makers: list[Callable[[], Bench]] = [
        lambda: serial_bench(mt_sics, "mt-sics"),
        lambda: serial_bench(nci, "nci"),
        lambda: hid_bench(tmp_path),
    ]
    for make in makers:
        made = make()
        scale = made.open()
        made.show(displayed(5000))
        after_a_while(scale)
        made.show(displayed(5000, unit))
        assert after_a_while(scale) == Reading(ScaleState.STABLE, displayed(5000, unit).grams)
        scale.close()
        made.unplug()
