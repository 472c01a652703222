"""A serial scale that is mute, late, half, chatty, taken, forbidden, or set otherwise."""

from __future__ import annotations

import errno
import termios
import threading
from typing import TYPE_CHECKING

import pytest
from devices.fake_scales import PtyScale, Shown, displayed, honest, mt_sics, nci

from station.devices.ports import Reading, ScaleState
from station.devices.scale_port import Line, Port, _absent
from station.devices.scale_protocols import DIALECTS
from station.devices.scale_serial import Patience, SerialScale
from station.errors import DeviceAbsent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENT = Patience(answer_s=5.0, quiet_s=0.005, quiet_at_most_s=0.05)
IMPATIENT = Patience(answer_s=0.05, quiet_s=0.005, quiet_at_most_s=0.05)
FAULT = Reading(ScaleState.FAULT)


@pytest.fixture
def fake() -> Iterator[PtyScale]:
    """Give an MT-SICS scale with 1 kg on it."""
    scale = PtyScale(mt_sics, displayed(1000))
    yield scale
    scale.unplug()


@pytest.fixture
def scale(fake: PtyScale) -> Iterator[SerialScale]:
    """Give the driver of that scale, settled."""
    driver = SerialScale(Port(Line(fake.device)), DIALECTS["mt-sics"], patience=PATIENT)
    driver.read()
    driver.read()
    yield driver
    driver.close()


def say(fake: PtyScale, scale: SerialScale, words: bytes) -> None:
    """Send something unasked, and wait until it has arrived."""
    fake.say(words)
    while not scale._port._port.in_waiting:
        pass


def test_silence_is_a_fault_and_then_an_absence(fake: PtyScale, scale: SerialScale) -> None:
    """One missing answer is no weight; two in a row mean that the scale is away."""
    scale._patience = IMPATIENT
    fake.spoil = lambda _: b""
    assert scale.read() == FAULT
    with pytest.raises(DeviceAbsent, match="does not answer"):
        scale.read()


def test_half_an_answer_is_no_weight(fake: PtyScale, scale: SerialScale) -> None:
    """What stops before its end is thrown away, and so is the answer after it."""
    scale._patience = IMPATIENT
    fake.spoil = lambda answer: answer[:12]
    assert scale.read() == FAULT
    fake.spoil, scale._patience = honest, PATIENT
    assert scale.read() == FAULT
    assert scale.read() == Reading(ScaleState.STABLE, 1000)


def test_a_lost_byte_in_the_middle_is_no_weight(fake: PtyScale, scale: SerialScale) -> None:
    """1.000 kg that lost a digit would be 1.00 kg, or 1000 g as 100 g: its length betrays it."""
    fake.shown = displayed(1000, "g")
    assert [scale.read(), scale.read()] == [FAULT, Reading(ScaleState.STABLE, 1000)]
    fake.spoil = lambda answer: answer.replace(b"1000", b"100")
    assert scale.read() == FAULT
    fake.spoil = lambda answer: answer
    assert scale.read() == Reading(ScaleState.STABLE, 1000)


def test_a_late_answer_is_not_taken_for_the_next_one(fake: PtyScale, scale: SerialScale) -> None:
    """The weight of before, told after its question was given up, is never told as the weight."""
    scale._patience = IMPATIENT
    go_on = threading.Event()

    def wait_once() -> None:
        fake.before_answer = lambda: None
        late = mt_sics(fake.shown)
        go_on.wait(5)
        fake.say(late)

    fake.before_answer = wait_once
    assert scale.read() == FAULT
    fake.shown, scale._patience = displayed(2000), PATIENT
    timer = threading.Timer(0.02, go_on.set)
    timer.start()
    answers = [scale.read() for _ in range(6)]
    timer.join()
    assert Reading(ScaleState.STABLE, 1000) not in answers
    assert answers[-1] == Reading(ScaleState.STABLE, 2000)


def test_two_answers_glued_together_are_none(fake: PtyScale, scale: SerialScale) -> None:
    """Which of two would count is not guessed."""
    fake.spoil = lambda answer: answer + answer
    assert scale.read() == FAULT


def test_what_nobody_asked_for_throws_the_next_answer_away(
    fake: PtyScale, scale: SerialScale
) -> None:
    """Bytes that wait before the question make its answer doubtful."""
    say(fake, scale, mt_sics(displayed(4000)))
    assert scale.read() == FAULT
    assert scale.read() == Reading(ScaleState.STABLE, 1000)


def test_a_scale_that_talks_all_the_time_is_told_how_to_be_set(
    fake: PtyScale, scale: SerialScale
) -> None:
    """Continuous output is named as such, with the setting that ends it."""
    for _ in range(4):
        say(fake, scale, mt_sics(displayed(4000)))
        assert scale.read() == FAULT
    say(fake, scale, mt_sics(displayed(4000)))
    with pytest.raises(DeviceAbsent, match="without being asked") as caught:
        scale.read()
    assert "on request" in caught.value.remedy


def test_the_noise_of_a_wrong_baud_rate_is_named(fake: PtyScale, scale: SerialScale) -> None:
    """Answers that are never understood end in words about protocol, baud and parity."""
    scale._patience = IMPATIENT
    fake.spoil = lambda _: b"\xf8\x80\x9e\x00\xfe\x86\x1e\xe0\r\n"
    for _ in range(4):
        assert scale.read() == FAULT
    with pytest.raises(DeviceAbsent, match="not understood") as caught:
        scale.read()
    assert "baud" in caught.value.remedy


def test_an_endless_answer_ends(fake: PtyScale, scale: SerialScale) -> None:
    """A device that never stops talking is cut off."""
    scale._patience = IMPATIENT
    fake.spoil = lambda _: b"7" * 4000
    assert scale.read() == FAULT


def test_a_port_in_use_is_told(fake: PtyScale, scale: SerialScale) -> None:
    """Two programs on one scale would take each other's answers: the second is refused."""
    with pytest.raises(DeviceAbsent, match="used by another program"):
        Port(Line(fake.device))
    assert scale.read() == Reading(ScaleState.STABLE, 1000)


def test_a_port_without_the_right_names_the_group() -> None:
    """No right to use the port is told with the group that gives it."""
    absent = _absent("/dev/ttyUSB0", errno.EACCES)
    assert absent.message == "No right to use the scale on /dev/ttyUSB0."
    assert "dialout" in absent.remedy


def test_a_file_that_is_no_port_is_absent(tmp_path: Path) -> None:
    """An ordinary file in the port's place is told, not raised through."""
    file = tmp_path / "ttyUSB0"
    file.touch()
    with pytest.raises(DeviceAbsent):
        Port(Line(str(file)))


def test_parity_is_checked_by_the_kernel() -> None:
    """A port with parity turns its check on, which the library alone does not do."""
    fake = PtyScale(nci, Shown())
    port = Port(Line(fake.device, 9600, 7, "E"))
    flags = termios.tcgetattr(port._port.fileno())[0]
    assert flags & termios.INPCK
    assert not flags & termios.IGNPAR
    port.close()
    fake.unplug()
