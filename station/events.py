"""What can happen to an order at the bench, as facts that the journal keeps and replays; pure.

A fact holds everything that its verdict needs, also what was looked up in the store at the time,
so that a replay gives the same answers without asking anybody.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from station.model import ProblemKind, StopKind

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Scanned:
    """A whole code was read."""

    text: str
    other_sku: str = ""
    """SKU of a known product that is not in the order."""
    other_title: str = ""
    other_order: str = ""
    """An order that the code names: by its id, or by the tracking id of its label."""
    used_by: str = ""
    """The order that has this tracking id on a live label."""
    unasked: bool = False
    """Whether the store could not be asked what the code is."""


@dataclass(frozen=True, slots=True)
class CutShort:
    """A code broke off or ran over; only its length is kept."""

    length: int


@dataclass(frozen=True, slots=True)
class Undone:
    """The packer took back the last unit."""


@dataclass(frozen=True, slots=True)
class Unscanned:
    """The packer counted one unit of an item that has no barcode on file."""


@dataclass(frozen=True, slots=True)
class LabelAsked:
    """The packer asked for our own label."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The packer answered the open question."""

    yes: bool


@dataclass(frozen=True, slots=True)
class Bought:
    """The store has a live label for the package."""

    carrier_code: str
    carrier_name: str
    tracking_id: str
    service: str = ""
    ours: bool = True
    """Whether we print it; False for a label that the packer had at hand."""


@dataclass(frozen=True, slots=True)
class BuyRefused:
    """No label was bought, for a reason in words."""

    reason: str


@dataclass(frozen=True, slots=True)
class Voided:
    """The package's label is void."""


@dataclass(frozen=True, slots=True)
class Parked:
    """The packer put the order aside."""

    problem: ProblemKind
    sku: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class GivenBack:
    """The packer asked to put the order back into the queue."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """The store said that the order must not be packed on."""

    reason: str
    kind: StopKind = StopKind.CHANGED


@dataclass(frozen=True, slots=True)
class Shorted:
    """A supervisor signed that of one SKU only so many units are shipped."""

    sku: str
    units: int
    by: str = ""
    """His name."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Taught:
    """A supervisor signed what a barcode stands for."""

    code: str
    sku: str
    units: int = 1
    """Units that one scan of it counts."""
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class VoidSigned:
    """A supervisor signed that the package needs another label."""

    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Boxed:
    """The packer scanned the kind of box that the goods go into."""

    code: str
    tare_g: int = 0
    """What the empty box weighs."""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Weighed:
    """The whole package came to rest on the scale."""

    grams: int
    """With its box."""
    box: str = ""
    tare_g: int = 0
    expected_g: int | None = None
    """What the goods should weigh, without the box; None: nobody knows."""
    tolerance_g: int = 0
    """By how much it may differ."""
    learnt: bool = False
    """Whether any of what is expected was learnt from earlier packages."""
    boxed: bool = True
    """Whether it is known what the empty box weighs, or the house has no kinds of boxes."""

    @property
    def net_g(self) -> int:
        """What the goods weigh."""
        return self.grams - self.tare_g

    @property
    def off_g(self) -> int:
        """By how much it is too heavy; below zero: too light."""
        return 0 if self.expected_g is None else self.net_g - self.expected_g

    @property
    def fits(self) -> bool:
        """Whether nothing speaks against it."""
        return abs(self.off_g) <= self.tolerance_g


@dataclass(frozen=True, slots=True)
class WeightSigned:
    """A supervisor signed that the package is right although its weight is another."""

    grams: int
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Unweighed:
    """The packer goes on without a weight, because the scale is away."""

    reason: str = ""


Override = Shorted | Taught | VoidSigned
"""What only a signature makes true."""

Event = (
    Scanned
    | CutShort
    | Undone
    | Unscanned
    | LabelAsked
    | Answered
    | Bought
    | BuyRefused
    | Voided
    | Parked
    | GivenBack
    | Stopped
    | Shorted
    | Taught
    | VoidSigned
    | Boxed
    | Weighed
    | WeightSigned
    | Unweighed
)

KINDS: dict[str, type[Any]] = {
    "scanned": Scanned,
    "cut-short": CutShort,
    "undone": Undone,
    "unscanned": Unscanned,
    "label-asked": LabelAsked,
    "answered": Answered,
    "bought": Bought,
    "buy-refused": BuyRefused,
    "voided": Voided,
    "parked": Parked,
    "given-back": GivenBack,
    "stopped": Stopped,
    "shorted": Shorted,
    "taught": Taught,
    "void-signed": VoidSigned,
    "boxed": Boxed,
    "weighed": Weighed,
    "weight-signed": WeightSigned,
    "unweighed": Unweighed,
}
"""The journal's word for each event."""

_WORDS = {cls: word for word, cls in KINDS.items()}


def to_data(event: Event) -> tuple[str, dict[str, object]]:
    """Return the journal's kind and the event's fields as JSON values, defaults left out."""
    defaults = {f.name: f.default for f in fields(event)}
    data = {name: value for name, value in asdict(event).items() if value != defaults[name]}
    return _WORDS[type(event)], data


def from_data(kind: str, data: Mapping[str, object]) -> Event | None:
    """Return the event that was kept, or None for kinds that are no packing events.

    Fields of a later version are ignored, so that an older program can still read the past.
    """
    cls = KINDS.get(kind)
    if cls is None:
        return None
    known = {f.name for f in fields(cls)}
    values = {name: value for name, value in data.items() if name in known}
    if cls is Parked:
        values["problem"] = ProblemKind(str(values["problem"]))
    if cls is Stopped:
        values["kind"] = StopKind(str(values.get("kind", StopKind.CHANGED)))
    event: Event = cls(**values)
    return event
