"""What a supervisor may decide about a row of the board, and the words for it; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from station import board_words
from station.acts import Act, ActKind
from station.model import OrderState, QueueRow
from station.overview import BenchRow, Proposal, Refusal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

Subject = QueueRow | BenchRow | Refusal | Proposal


@dataclass(frozen=True, slots=True)
class Words:
    """How a kind of act is told."""

    label: str
    """Two or three words."""
    help: str
    """What it does, in at most 63 signs."""
    reasons: tuple[str, ...]


_ASKED = "the buyer asked for it"
_MISTAKE = "a mistake"

WORDS = {
    ActKind.HOLD: Words(
        "hold",
        "Nobody packs it until it is off hold; its bench is stopped.",
        ("the address is asked for", "the buyer may cancel", "the goods are checked first"),
    ),
    ActKind.UNHOLD: Words(
        "off hold", "It goes back to the queue.", ("it is settled", _ASKED, _MISTAKE)
    ),
    ActKind.CANCEL: Words(
        "cancel",
        "Nobody packs it any more. Cancel it at the channel too.",
        (_ASKED, "out of stock", "the address is wrong"),
    ),
    ActKind.PRIORITISE: Words(
        "put first",
        "It is packed before all others.",
        (_ASKED, "the carrier comes earlier", "it was forgotten"),
    ),
    ActKind.RELEASE: Words(
        "take away",
        "Its bench is stopped, and it goes back to the queue.",
        ("the packer is gone", "the bench is broken", "another order comes first"),
    ),
    ActKind.REASSIGN: Words(
        "to another bench",
        "Another bench gets it with the work so far.",
        ("the packer is gone", "the bench is broken", "its printer is broken"),
    ),
    ActKind.REQUEUE: Words(
        "to the queue",
        "It goes back to the queue as it is.",
        ("the goods are there now", "it was damaged and is replaced", _MISTAKE),
    ),
    ActKind.SHIP_SHORT: Words(
        "ship short",
        "Of one SKU only so many units are shipped; tell the buyer.",
        ("out of stock", "the buyer agreed", "damaged, no other is there"),
    ),
    ActKind.TEACH: Words(
        "it is right",
        "From now on the barcode stands for this SKU.",
        ("seen on the product", "the maker has a new code"),
    ),
    ActKind.REJECT: Words(
        "it is wrong",
        "The barcode stays unknown.",
        ("another product", "no barcode of the product"),
    ),
    ActKind.VOID: Words(
        "void the label",
        "Its label is void: the parcel must not leave with it.",
        ("the parcel did not leave", "the wrong service", "the label is lost"),
    ),
    ActKind.RETRY: Words(
        "tell it again",
        "The channel is told of the parcel once more.",
        ("mended at the channel", "the channel was down"),
    ),
    ActKind.DISMISS: Words(
        "settled by hand",
        "The channel is not told of it any more.",
        ("confirmed at the channel by hand", "refunded"),
    ),
    ActKind.UNLOCK: Words(
        "unlock", "He may try his PIN again.", ("he is here with me", "he knows it again")
    ),
}
"""Acts that the board offers; reprint and weight need the bench."""

_OF_STATE = {
    OrderState.WAITING: (
        ActKind.PRIORITISE,
        ActKind.REASSIGN,
        ActKind.HOLD,
        ActKind.CANCEL,
    ),
    OrderState.HELD: (ActKind.UNHOLD, ActKind.PRIORITISE, ActKind.CANCEL),
    OrderState.PROBLEM: (ActKind.REQUEUE, ActKind.SHIP_SHORT, ActKind.CANCEL),
    OrderState.CLAIMED: (ActKind.RELEASE, ActKind.REASSIGN, ActKind.HOLD, ActKind.CANCEL),
    OrderState.PACKING: (
        ActKind.RELEASE,
        ActKind.REASSIGN,
        ActKind.SHIP_SHORT,
        ActKind.HOLD,
        ActKind.CANCEL,
    ),
    OrderState.PACKED: (
        ActKind.RELEASE,
        ActKind.REASSIGN,
        ActKind.VOID,
        ActKind.HOLD,
        ActKind.CANCEL,
    ),
    OrderState.SHIPPED: (ActKind.VOID,),
}


BACK = Words(
    "not first",
    "It goes back to its usual place.",
    ("it is settled", _MISTAKE),
)


def words(kind: ActKind, subject: Subject | None = None) -> Words:
    """Return how an act is told about something."""
    is_back = kind == ActKind.PRIORITISE and getattr(subject, "rank", 1) == 0
    return BACK if is_back else WORDS[kind]


def kinds(subject: Subject) -> tuple[ActKind, ...]:
    """Return what can be decided about something, the usual first."""
    if isinstance(subject, QueueRow):
        return _OF_STATE.get(subject.state, ())
    if isinstance(subject, Refusal):
        return ActKind.RETRY, ActKind.DISMISS
    if isinstance(subject, Proposal):
        return ActKind.TEACH, ActKind.REJECT
    return _OF_STATE[OrderState.PACKING] if subject.pulse.order_id else ()


def order_of(subject: Subject) -> str:
    """Return the order that something is about, '' for none."""
    return subject.pulse.order_id if isinstance(subject, BenchRow) else subject.order_id


def name(subject: Subject) -> str:
    """Return what something is called on the screen."""
    if isinstance(subject, Proposal):
        return f"BARCODE {subject.code or 'of'} {subject.sku}".strip()
    return f"ORDER {order_of(subject)}"


def whole(subject: Subject, now: datetime) -> str:
    """Return all that is known of a row, for where its own row is too short."""
    if isinstance(subject, BenchRow):
        parts = [subject.station, subject.pulse.packer, board_words.bench_state(subject, now)]
    elif isinstance(subject, Refusal):
        parts = [subject.order_id, subject.channel, subject.reason]
    elif isinstance(subject, Proposal):
        parts = [subject.code, subject.sku, subject.title, subject.station, subject.packer]
    else:
        parts = [subject.order_id, subject.state, subject.title, subject.holder]
    return " · ".join(part for part in parts if part)


def act(kind: ActKind, subject: Subject) -> Act:
    """Return a decision about something, without what must still be asked."""
    if isinstance(subject, Refusal):
        return Act(kind, subject.order_id, subject.package)
    if isinstance(subject, Proposal):
        return Act(kind, subject.order_id, sku=subject.sku, units=1, code=subject.code)
    first = kind == ActKind.PRIORITISE and words(kind, subject) is not BACK
    return Act(kind, order_of(subject), units=int(first))


def stations(benches: Iterable[BenchRow], subject: Subject) -> tuple[str, ...]:
    """Return the benches that an order can be given to."""
    order = order_of(subject)
    return tuple(
        bench.station for bench in benches if bench.pulse.order_id != order and not bench.silent
    )
