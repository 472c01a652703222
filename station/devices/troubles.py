"""What can be wrong with a printer, in the packer's words, whatever language the printer speaks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something at the printer that needs a hand."""

    words: str
    """As the packer says it: “paper out”."""
    remedy: str
    """What to do, in the imperative."""


PAPER_OUT = Trouble("paper out", "Load labels and close the printer.")
PAPER_JAM = Trouble("paper jam", "Open the printer and take the jammed labels out.")
HEAD_OPEN = Trouble("head open", "Close the printer's lid.")
RIBBON_OUT = Trouble("ribbon out", "Put a new ribbon in.")
PAUSED = Trouble("paused", "Press PAUSE on the printer.")
BUFFER_FULL = Trouble("buffer full", "Wait, or switch the printer off and on.")
HALF_LABEL = Trouble("half a label is in its memory", "Switch the printer off and on.")
NOT_TAKEN = Trouble("label waiting to be taken", "Take the label off the printer.")
TOO_HOT = Trouble("too hot", "Let the printer cool down.")
TOO_COLD = Trouble("too cold", "Let the printer warm up.")
CUTTER = Trouble("cutter jammed", "Free the cutter.")
MEMORY = Trouble("memory corrupt", "Switch the printer off and on, then calibrate it.")
DIAGNOSTICS = Trouble("in diagnostics mode", "Switch the printer off and on.")
OFFLINE = Trouble("offline", "Press FEED or ONLINE on the printer.")
DEFECT = Trouble("it reports a fault", "Switch it off and on; if it stays, have it serviced.")

LABELS_LOW = Trouble("labels nearly out", "Have the next roll ready.")
CLEAN_HEAD = Trouble("print head wants cleaning", "Clean the print head at the next roll.")
WORN_HEAD = Trouble("print head is worn", "Order a new print head.")
CALIBRATE = Trouble("wants to measure its labels", "Calibrate the printer.")


@dataclass(frozen=True, slots=True)
class Condition:
    """One answer of a printer to the question how it is."""

    before: tuple[Trouble, ...] = ()
    """For any of these no new label may be sent."""
    after: tuple[Trouble, ...] = ()
    """With any of these a label that was sent may not have come out."""
    is_done: bool = True
    """Nothing is left to be read or printed, as far as the printer tells."""
    warnings: tuple[Trouble, ...] = ()
    """Told, and printed all the same."""
    length_dots: int = 0
    """What the printer takes for the length of its labels; 0: it does not say."""


@dataclass(frozen=True, slots=True)
class Question:
    """Bytes that a printer answers at once, and how the answer is read."""

    asked: bytes
    read: Callable[[bytes], Condition | None]
    """Gives None for half an answer, for garbage and for silence."""


def in_words(troubles: tuple[Trouble, ...]) -> str:
    """Return “paper out, head open”."""
    return ", ".join(trouble.words for trouble in troubles)


def remedies(troubles: tuple[Trouble, ...]) -> str:
    """Return what to do about all of them."""
    return " ".join(trouble.remedy for trouble in troubles)
