"""What serial scales answer, and what is no answer."""

from __future__ import annotations

import re

import pytest
from devices.fake_scales import Shown, displayed, emulated_sics, mt_sics, nci, toledo_8217
from hypothesis import given
from hypothesis import strategies as st

from station.devices.ports import Reading, ScaleState
from station.devices.scale_protocols import DIALECTS

SPOKEN = [("mt-sics", mt_sics), ("mt-sics", emulated_sics), ("nci", nci)]


def understood(name: str, answer: bytes, unit: str = "kg") -> Reading | None:
    """Return what an answer says in a protocol."""
    return DIALECTS[name].understand(answer, unit)


@pytest.mark.parametrize(
    ("name", "answer", "reading"),
    [
        ("mt-sics", b"S S     100.00 g\r\n", Reading(ScaleState.STABLE, 100)),
        ("mt-sics", b"S S       2.50 g\r\n", Reading(ScaleState.STABLE, 2)),
        ("mt-sics", b"S S       3.50 g\r\n", Reading(ScaleState.STABLE, 4)),
        ("mt-sics", b"SI S      1.250 kg\r\n", Reading(ScaleState.STABLE, 1250)),
        ("mt-sics", b"S D     100.00 g\r\n", Reading(ScaleState.MOVING, 100)),
        ("mt-sics", b"S S       0.00 g\r\n", Reading(ScaleState.ZERO, 0)),
        ("mt-sics", b"S S      -3.00 g\r\n", Reading(ScaleState.NEGATIVE, -3)),
        ("mt-sics", b"S S      16.00 oz\r\n", Reading(ScaleState.STABLE, 454)),
        ("mt-sics", b"S +\r\n", Reading(ScaleState.OVERLOAD)),
        ("mt-sics", b"S -\r\n", Reading(ScaleState.NEGATIVE)),
        ("mt-sics", b"S I\r\n", Reading(ScaleState.MOVING)),
        ("mt-sics", b"ES\r\n", Reading(ScaleState.FAULT)),
        ("mt-sics", b"EL\r\n", Reading(ScaleState.FAULT)),
        ("nci", b"\n001.25kg\r\n00\r\x03", Reading(ScaleState.STABLE, 1250)),
        ("nci", b"\n02.350LB\r\n00\r\x03", Reading(ScaleState.STABLE, 1066)),
        ("nci", b"\n  250g \r00\r\x03", Reading(ScaleState.STABLE, 250)),
        ("nci", b"\n001.25kg\r\n10\r\x03", Reading(ScaleState.MOVING, 1250)),
        ("nci", b"\n000.00kg\r\n20\r\x03", Reading(ScaleState.ZERO, 0)),
        ("nci", b"\n-00.02kg\r\n00\r\x03", Reading(ScaleState.NEGATIVE, -20)),
        ("nci", b"\n10\r\x03", Reading(ScaleState.MOVING)),
        ("nci", b"\nS10\r\x03", Reading(ScaleState.MOVING)),
        ("nci", b"\n^^^^^^\r\n02\r\x03", Reading(ScaleState.OVERLOAD)),
        ("nci", b"\n______kg\r\n01\r\x03", Reading(ScaleState.NEGATIVE)),
        ("nci", b"\n001.25kg\r\n40\r\x03", Reading(ScaleState.FAULT)),
        ("nci", b"\n001.25kg\r\n0p8\r\x03", Reading(ScaleState.FAULT)),
        ("toledo-8217", b"\x0201.250\r", Reading(ScaleState.STABLE, 1250)),
        ("toledo-8217", b"\x02 1.250N\r", Reading(ScaleState.STABLE, 1250)),
        ("toledo-8217", b"\x0200.000\r", Reading(ScaleState.ZERO, 0)),
        ("toledo-8217", b"\x02?A\r", Reading(ScaleState.MOVING)),
        ("toledo-8217", b"\x02?C\r", Reading(ScaleState.OVERLOAD)),
        ("toledo-8217", b"\x02?D\r", Reading(ScaleState.NEGATIVE)),
        ("toledo-8217", b"\x02?P\r", Reading(ScaleState.ZERO)),
        ("toledo-8217", b"\x02?H\r", Reading(ScaleState.FAULT)),
    ],
)
def test_an_answer_of_the_manual_means_what_the_manual_says(
    name: str, answer: bytes, reading: Reading
) -> None:
    """Every state and unit of the three protocols is told as it is."""
    assert understood(name, answer) == reading


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("mt-sics", b"S S     100.00 g"),
        ("mt-sics", b" S     100.00 g\r\n"),
        ("mt-sics", b"S S     100.00\r\n"),
        ("mt-sics", b"S S     100.00 ct\r\n"),
        ("mt-sics", b"S S     100.00 G\r\n"),
        ("mt-sics", b"S S     1O0.00 g\r\n"),
        ("mt-sics", b"S S     100.00 gS S     100.00 g\r\n"),
        ("mt-sics", b"S S     100.00 g\r\nS S     100.00 g\r\n"),
        ("mt-sics", b"S S 99999999 kg\r\n"),
        ("mt-sics", b'I4 A "B021002593"\r\n'),
        ("nci", b"\n?\r\x03"),
        ("nci", b"\n001.25\r\n00\r\x03"),
        ("nci", b"\n001.25kg\r\n00"),
        ("nci", b"\n001.25kg\r\n0\r\x03"),
        ("nci", b"\n1LB 02.5OZ\r\n00\r\x03"),
        ("nci", b"\n001.25kg\r\n20\r\x03"),
        ("nci", b"\n^^^^^^\r\n00\r\x03"),
        ("toledo-8217", b"\x0201250\r"),
        ("toledo-8217", b"01.250\r"),
        ("toledo-8217", b"\x0201.250"),
        ("toledo-8217", b"\x02?\x01\r"),
        ("toledo-8217", b"\x02-1.250\r"),
    ],
)
def test_what_is_not_whole_and_known_is_no_answer(name: str, answer: bytes) -> None:
    """Cut, glued, without unit, in an unknown one, or at odds with itself: nothing is read."""
    assert understood(name, answer) is None


def test_grams_without_a_point_are_whole_in_8217() -> None:
    """A scale set to grams sends no point, and needs none."""
    assert understood("toledo-8217", b"\x02001250\r", "g") == Reading(ScaleState.STABLE, 1250)


@given(st.sampled_from(SPOKEN), st.integers(1, 30_000), st.sampled_from(["g", "kg", "lb"]))
def test_every_load_comes_back_in_grams(spoken: tuple[str, object], grams: int, unit: str) -> None:
    """What a scale displays is told in grams, half to even, in every unit."""
    name, speak = spoken
    shown = displayed(grams, unit)
    answer = speak(shown)  # type: ignore[operator]
    assert understood(name, answer) == Reading(ScaleState.STABLE, shown.grams)


@given(st.sampled_from([*SPOKEN, ("toledo-8217", toledo_8217)]), st.binary(max_size=70))
def test_no_bytes_harm_a_protocol(spoken: tuple[str, object], answer: bytes) -> None:
    """Whatever comes is an answer or none; nothing is raised."""
    reading = understood(spoken[0], answer)
    assert reading is None or isinstance(reading.state, ScaleState)


@given(st.integers(1, 30_000), st.data())
def test_a_cut_answer_is_never_a_weight(grams: int, data: st.DataObject) -> None:
    """An answer that lost its first or its last bytes says nothing."""
    for name, speak in [*SPOKEN, ("toledo-8217", toledo_8217)]:
        whole = speak(displayed(grams))
        place = data.draw(st.integers(1, len(whole) - 1))
        for part in (whole[:place], whole[place:]):
            reading = understood(name, part)
            assert reading is None or reading.state is not ScaleState.STABLE


def test_a_reader_that_looks_for_a_number_is_caught() -> None:
    """The negative control: a pattern for a number takes motion and half an answer for a weight."""
    moving = Shown(ScaleState.MOVING, "0.700", "kg")
    naive = re.search(rb"\d+\.\d+", mt_sics(moving))
    assert naive
    assert re.search(rb"\d+\.\d+", mt_sics(displayed(1250))[:-6])
    assert understood("mt-sics", mt_sics(moving)) == Reading(ScaleState.MOVING, 700)
