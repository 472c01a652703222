"""One package on the bench: its state, the verdicts on it, and what is due about it; pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from station import capturing
from station.model import OrderState
from station.tracking import Tracking

if TYPE_CHECKING:
    from station.capturing import Capture
    from station.counting import Line, Mark
    from station.events import Bought, Boxed, Stopped, Weighed


class Stage(StrEnum):
    """How far a package is."""

    VERIFY = "verify"
    WEIGH = "weigh"
    """Every unit is verified; the package waits for a weight that is right, or accepted."""
    LABEL = "label"
    """All is right with what is in the box; a label is wanted, or waits for its closing scan."""
    CLOSED = "closed"
    PARKED = "parked"
    RELEASED = "released"
    STOPPED = "stopped"
    GONE = "gone"
    """Another bench has the order now: nothing is told about it, and its label stays good."""


OVER = frozenset({Stage.CLOSED, Stage.PARKED, Stage.RELEASED, Stage.STOPPED, Stage.GONE})
"""Stages after which the bench has nothing more to do but what is due."""

HALTED = frozenset({Stage.STOPPED, Stage.GONE})
"""Stages that stay on the screen until the packer has read why."""


class Word(StrEnum):
    """The verdict's word, the biggest thing that a packer reads after a scan."""

    RIGHT = "RIGHT"
    WRONG = "WRONG"
    TOO_MANY = "TOO MANY"
    UNKNOWN = "UNKNOWN"
    OTHER_ORDER = "OTHER ORDER"
    AGAIN = "SCAN AGAIN"
    NOT_YET = "NOT YET"
    REFUSED = "REFUSED"
    QUESTION = "QUESTION"
    DONE = "DONE"
    NOTE = "NOTE"


GOOD = frozenset({Word.RIGHT, Word.DONE})
NEUTRAL = frozenset({Word.NOTE, Word.QUESTION})


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one event, in words."""

    word: Word
    text: str
    code: str = ""
    """What was scanned, safe to show."""
    got: str = ""
    """Title of the wrong thing, so that the screen can show which words differ."""
    needed: str = ""

    @property
    def good(self) -> bool | None:
        """True, False, or None where there is nothing to praise or to blame."""
        return None if self.word in NEUTRAL else self.word in GOOD


class Ask(StrEnum):
    """What a question is about."""

    CARRIER = "carrier"
    REPLACE = "replace"
    GIVE_BACK = "give back"


@dataclass(frozen=True, slots=True)
class Question:
    """Something only the packer knows; answered by YES or NO."""

    ask: Ask
    text: str
    options: tuple[Tracking, ...] = ()
    """For a carrier: what the number can still be, the one that is asked first."""


@dataclass(frozen=True, slots=True)
class Box:
    """A kind of box that the house uses."""

    code: str
    """What its barcode says after `BOX:`, in capitals."""
    tare_g: int = 0
    name: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """The house's choices; from the configuration."""

    label_when: str = "last_unit"
    """last_unit: our own label is wanted with the last unit; asked: only on DONE."""
    other_carriers: tuple[str, ...] = ()
    """Names offered for numbers that no known carrier claims."""
    weigh: bool = False
    """Whether a package waits for its weight before it gets a label."""
    weight_required: bool = False
    """Whether it may not leave unweighed while the scale is away."""
    tolerance_g: int = 20
    """Grams by which a weight may differ from the expected one …"""
    tolerance_percent: int = 3
    """… or so many hundredths of it, whichever is more."""
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """One package on the bench."""

    order_id: str
    fence: int
    package: int
    lines: tuple[Line, ...]
    stage: Stage = Stage.VERIFY
    marks: tuple[Mark, ...] = ()
    """What was counted, for undo; the last is the newest."""
    captures: tuple[Capture, ...] = ()
    """Transparency codes, serials and the like of the units counted so far."""
    question: Question | None = None
    wanted: Tracking | None = None
    """The label to get now: OWN, or one that the packer has at hand."""
    label: Bought | None = None
    stop: Stopped | None = None
    """Why it must not be packed on."""
    attempts: int = 0
    """Labels that were bought or void before; numbers the purchase key."""
    is_voiding: bool = False
    """Whether a supervisor signed that the label is void: it does not close the package."""
    box: Boxed | None = None
    """The kind of box that was scanned."""
    weight: Weighed | None = None
    """What it weighed last; accepted as soon as the stage is past WEIGH."""
    weight_signed: bool = False
    """Whether a supervisor accepted that weight."""
    unweighed: str = ""
    """Why it goes without a weight."""

    @property
    def left(self) -> int:
        """Units still to verify."""
        return sum(line.left for line in self.lines)

    @property
    def is_complete(self) -> bool:
        """Whether every unit is there, with every code that it needs."""
        return not self.left and capturing.waiting(self.captures) is None

    @property
    def missing(self) -> str:
        """What is missing, in words."""
        capture = capturing.waiting(self.captures)
        if capture is not None:
            return f"the {capture.need} code of {self.lines[capture.line].title} is missing."
        return f"{self.left} {'unit is' if self.left == 1 else 'units are'} missing."

    @property
    def current(self) -> int | None:
        """Index of the line to pack next: the one begun last, else the first that lacks units."""
        if self.marks and self.lines[last := self.marks[-1].shares[-1][0]].left:
            return last
        return next((i for i, line in enumerate(self.lines) if line.left), None)

    @property
    def current_sku(self) -> str:
        """The SKU of the line to pack next; empty when every unit is counted."""
        return "" if self.current is None else self.lines[self.current].sku

    @property
    def weight_g(self) -> int | None:
        """What the whole package weighed last, with its box; None where it was not weighed."""
        return self.weight.grams if self.weight else None

    @property
    def purchase_key(self) -> str:
        """The idempotency key of the label that is wanted now."""
        return f"{self.order_id}/{self.package}/{self.attempts}"


OWN = Tracking("", "own label", "")
"""Wanted: a label of ours."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an event led to."""

    pack: Pack
    verdict: Verdict


class Due(StrEnum):
    """What the bench must still do about a state."""

    BUY = "buy"
    RECORD = "record"
    VOID = "void"


def at_gate(pack: Pack) -> bool:
    """Tell whether a stop must be looked for now: at the first unit, the last, and the label."""
    return len(pack.marks) <= 1 or pack.stage != Stage.VERIFY


def due(pack: Pack) -> Due | None:
    """Return what is to be done about the state, with the world outside.

    It only depends on the state, so that it is found again after a crash; doing it twice is
    harmless because each purchase has a key.
    """
    if pack.stage == Stage.GONE:
        return None
    if pack.stage in OVER and pack.stage != Stage.CLOSED:
        return Due.VOID if pack.label else None
    if pack.label and pack.is_voiding:
        return Due.VOID
    if pack.wanted is None:
        return None
    if pack.label is not None:
        return Due.VOID
    return Due.BUY if pack.wanted == OWN else Due.RECORD


def order_state(pack: Pack) -> OrderState | None:
    """Return where the order stands in the store’s eyes; a stopped one goes back to it.

    None for one that another bench has: this one has no say about it any more.
    """
    if pack.stage == Stage.GONE:
        return None
    if pack.stage in {Stage.VERIFY, Stage.WEIGH}:
        return OrderState.PACKING if any(line.done for line in pack.lines) else OrderState.CLAIMED
    return {
        Stage.LABEL: OrderState.PACKED,
        Stage.CLOSED: OrderState.SHIPPED,
        Stage.PARKED: OrderState.PROBLEM,
        Stage.RELEASED: OrderState.WAITING,
        Stage.STOPPED: OrderState.WAITING,
    }[pack.stage]
