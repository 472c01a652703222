"""What the scale asks of the packer, in words; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from station.devices.ports import ScaleState
from station.weighing import LEAST_G, grams

if TYPE_CHECKING:
    from station.devices.ports import Reading
    from station.events import Weighed
    from station.pan import OnScale

_TITLES = {
    ScaleState.ZERO: "PUT THE PARCEL ON THE SCALE",
    ScaleState.MOVING: "IT MOVES",
    ScaleState.STABLE: "ONE MOMENT",
    ScaleState.NEGATIVE: "THE SCALE IS BELOW ZERO",
    ScaleState.OVERLOAD: "TOO HEAVY FOR THE SCALE",
    ScaleState.FAULT: "THE SCALE SHOWS NO WEIGHT",
}
_SENTENCES = {
    ScaleState.ZERO: "Put the parcel on the scale.",
    ScaleState.MOVING: "Put everything into the box and let go of it.",
    ScaleState.STABLE: "Put everything into the box and let go of it.",
    ScaleState.NEGATIVE: "Take everything off the scale, press ZERO on it, put the parcel on.",
    ScaleState.OVERLOAD: "Take it off at once: too much can break the scale. Then F4.",
    ScaleState.FAULT: "Switch the scale off and on; it must show g, kg, oz or lb.",
}
_NUMBERED = frozenset({ScaleState.STABLE, ScaleState.MOVING, ScaleState.NEGATIVE})


def number(scale: OnScale) -> str:
    """Return the weight in big digits; empty while there is none."""
    state, shown = _state(scale.reading), scale.reading.grams
    return "" if shown is None or state not in _NUMBERED else f"{shown:,}"


def _state(reading: Reading) -> ScaleState:
    """Return what it says, and a load that is no parcel yet as nothing."""
    light = reading.state == ScaleState.STABLE and 0 <= (reading.grams or 0) <= LEAST_G
    return ScaleState.ZERO if light else reading.state


def _is_judged(scale: OnScale, wrong: Weighed | None) -> bool:
    """Tell whether what lies there is what was found to be wrong."""
    reading = scale.reading
    if wrong is None or reading.state != ScaleState.STABLE or reading.grams is None:
        return False
    return abs(reading.grams - wrong.grams) <= LEAST_G


def title(scale: OnScale | None, wrong: Weighed | None) -> str:
    """Return what the scale, or the weight on it, is."""
    if scale is None:
        return "ITS WEIGHT IS WRONG"
    if scale.trouble:
        return "THE SCALE IS AWAY"
    if scale.is_other:
        return "ANOTHER PARCEL"
    if wrong is not None and _is_judged(scale, wrong):
        return f"{abs(wrong.off_g):,} TOO {'MUCH' if wrong.off_g > 0 else 'LITTLE'}"
    return _TITLES[_state(scale.reading)]


def sentence(scale: OnScale | None, wrong: Weighed | None) -> str:
    """Return what to do at the scale, in one sentence."""
    if scale is None:
        return "Look into the box; then F4: a supervisor signs, or park the order."
    if scale.trouble:
        return _away(scale, wrong)
    if scale.is_other:
        return "Take the other parcel off the scale, then put this one on it."
    if _is_judged(scale, wrong):
        return "Take out what is too much, put in what lacks; or F4: a supervisor signs."
    return _SENTENCES[_state(scale.reading)]


def _away(scale: OnScale, wrong: Weighed | None) -> str:
    if wrong is not None:
        return "Plug the scale in and weigh it again; or F4: a supervisor signs."
    if scale.required:
        return "Plug the scale in: no parcel leaves here unweighed. Or F4: park it."
    return "Plug the scale in, it goes on by itself; or F2: go on without a weight."


def detail(wanted: Weighed) -> str:
    """Return what the scale should show."""
    if wanted.expected_g is None:
        return "What it should weigh is not known yet."
    learnt = ", as it weighed before" if wanted.learnt else ""
    return f"Expected {grams(wanted.expected_g + wanted.tare_g)}{learnt}"


def box(wanted: Weighed) -> str:
    """Return the box and what it weighs empty; what to do where it must be chosen."""
    if wanted.box:
        return f"box {wanted.box} {grams(wanted.tare_g)}"
    return "" if wanted.boxed else "scan the box"
