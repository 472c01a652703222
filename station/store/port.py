"""The order store as stations, the dispatcher and the commands see it.

Every method is one transaction. A method may raise `StoreUnreachable`, after which the same call
may be made again with the same arguments, and `StoreRefused` with the reason in words.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from station.model import ConfirmationLine, Label  # noqa: TC001 - read by the wire forms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from station.acts import Act, Acted, Anchors, AuditEntry, Pass, Signature
    from station.model import (
        Counts,
        Entry,
        Lease,
        Order,
        OrderState,
        Presence,
        Product,
        QueueRow,
        Stop,
        Welcome,
    )
    from station.overview import Board, Echo, Pulse


@dataclass(frozen=True, slots=True)
class ImportResult:
    """What an import of orders or products changed."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    stopped: int = 0
    """Orders that somebody is packing and that changed or vanished: the bench was told."""
    held: int = 0
    """Waiting orders that the report no longer lists: held until somebody looks."""


@dataclass(frozen=True, slots=True)
class Applied:
    """How far a station's journal has been taken over."""

    upto: int
    """The highest seq that the store has; entries up to it may be forgotten by the link."""
    conflicts: tuple[int, ...] = ()
    """Seqs of this call that were kept but had no effect, because their fence was old."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """The store's memory of one label purchase, begun before the carrier is called."""

    key: str
    order_id: str
    package: int
    state: Literal["begun", "bought", "unknown", "void"]
    serial: int
    """A number never given twice; our own label makes its SSCC of it."""
    label: Label | None = None
    """There as soon as the state is bought."""


@dataclass(frozen=True, slots=True)
class Export:
    """A confirmation file that is written, or about to be."""

    export_id: int
    path: str
    sha256: str
    """Of the whole file, so that a file that got its name before a crash is known again."""
    lines: tuple[ConfirmationLine, ...] = ()


class OrderStore(Protocol):
    """Orders, leases, products, purchases and confirmations of one seller."""

    # — bringing in —
    def put_orders(self, orders: Iterable[Order], *, channel: str) -> ImportResult:
        """Insert or update orders; an order under work that changed gets a stop.

        An order is never doubled, and never moved back: what is packed, shipped or confirmed
        stays so. An update that only repeats what is known counts as unchanged.
        """
        ...

    def check_missing(
        self, channel: str, listed: set[str], since: datetime, until: datetime
    ) -> ImportResult:
        """Hold waiting orders, and stop packed ones, that a full report no longer lists.

        Only orders of the channel purchased between since and until are looked at. An order
        held for this reason goes back to waiting when a later report lists it again.
        """
        ...

    def put_products(self, products: Iterable[Product]) -> ImportResult:
        """Insert or update products; empty fields do not overwrite, barcodes are added."""
        ...

    # — the queue —
    def queue(
        self,
        limit: int,
        *,
        after: QueueRow | None = None,
        before: QueueRow | None = None,
        last: bool = False,
        states: Sequence[OrderState] = (),
    ) -> tuple[QueueRow, ...]:
        """Return up to limit (≤ 200) rows in queue order, right after or right before a row.

        Queue order is what was put first, ship_by, service class, purchase time, order id. Without
        after and before: the first rows, or with last the last ones. Rows always come in queue
        order; with before they are the ones nearest to it. States default to waiting alone. The
        cost is that of the rows returned, however many orders there are.
        """
        ...

    def counts(self, now: datetime, day_end: datetime) -> Counts:
        """Count orders by state, and the waiting ones as overdue, due by day_end, and later."""
        ...

    def due_by_hour(self, now: datetime, day_end: datetime) -> tuple[tuple[datetime, int], ...]:
        """Count waiting orders for each hour of ship_by until day_end; overdue ones excluded."""
        ...

    # — packing —
    def claim(
        self,
        station: str,
        packer: str,
        *,
        order_id: str | None = None,
        skip: Sequence[str] = (),
    ) -> Lease | None:
        """Lease the most urgent waiting order not in skip, or the named one; None if there is none.

        Claiming an order that this station holds already renews its lease with the same fence. A
        named order that the same packer has on another station is taken over from there, at the
        same unit: the lease brings the entries so far, and the other station gets a stop. One
        that is held, taken, shipped or unknown raises StoreRefused saying so.
        """
        ...

    def claimed(self, station: str) -> tuple[str, ...]:
        """Return ids of orders that a station was given and did not begin, most urgent first.

        One that the station does not know of was claimed just before it died, or a supervisor
        gave it to the station.
        """
        ...

    def renew(self, station: str, order_ids: Sequence[str]) -> dict[str, int]:
        """Extend this station's leases; return the fence of each order it still holds."""
        ...

    def hello(self, station: str, presence: Presence) -> Welcome:
        """Let a station come to work and say how far the store has its journal.

        Raises:
            Quarantined: Another memory speaks under this station's name: a clone, or a disk put
                back from an old image.
        """
        ...

    def apply(self, station: str, entries: Sequence[Entry], *, journal: str = "") -> Applied:
        """Take over journal entries, each once whatever is sent twice, in order without gaps.

        Entries with an old fence are kept and marked as conflicts, without effect on the order.
        A gap raises StoreRefused and names the seq that is needed next.

        Raises:
            Quarantined: The journal is not this station's, or tells another story than before.
        """
        ...

    def serials(self, station: str, count: int) -> int:
        """Reserve up to 1,000 numbers for labels that are made while the store is away.

        Returns the first; they follow one another, and nobody is given them again.
        """
        ...

    def stops(self, station: str) -> tuple[Stop, ...]:
        """Return unanswered stops of orders that this station holds."""
        ...

    def answer_stop(self, stop_id: int) -> None:
        """Mark a stop as shown to the packer."""
        ...

    def resolve(self, order_id: str, state: OrderState) -> None:
        """Take an order out of problem or held: back to waiting, or cancelled.

        Any other order, and an unknown one, is refused.
        """
        ...

    def halt(self, order_id: str, state: OrderState, reason: str) -> bool:
        """Hold or cancel an order; return whether a bench works on it and must be stopped first.

        Such an order gets that state when its bench has answered the stop, or its lease lapses.
        What has shipped, and an unknown order, is refused.
        """
        ...

    # — people, and what they decide —
    def sign_in(self, station: str, badge: str, pin: str = "") -> Pass:
        """Let somebody in at a station, with the number on his badge and his PIN.

        Without a PIN he is let in again where he has a pass that still holds: with one scan.
        A wrong PIN, an unknown or disabled person and one who is locked out raise StoreRefused.
        """
        ...

    def act(self, station: str, act: Act, signature: Signature) -> Acted:
        """Do what somebody decided and write it into the audit log, in one transaction.

        StoreRefused, and nothing is done: a wrong PIN, a role that may not (`acts.RIGHTS`), no
        reason, or an order that is not in a state for it. What was refused for the first two
        stands in the audit log too.
        """
        ...

    def pulse(self, station: str, pulse: Pulse) -> Echo:
        """Say how a station is, for the board; hear what it must know of people and the audit."""
        ...

    def board(self, now: datetime, day_end: datetime, *, known: str = "") -> Board | None:
        """Return the floor as it is; None when it is still the one with the digest known.

        Another machine's store may wait some seconds for a change before it says None. The cost
        does not grow with the number of orders.
        """
        ...

    def audit(self, after: int = 0, limit: int = 200) -> tuple[AuditEntry, ...]:
        """Return up to limit (≤ 200) lines of the audit log after a seq, oldest first."""
        ...

    def anchors(self, station: str, seqs: Sequence[int] = ()) -> Anchors:
        """Return how far the store knows a station's journal, and the audit lines of seqs."""
        ...

    # — finding —
    def order(self, order_id: str) -> tuple[Order, OrderState, str] | None:
        """Return an order, its state, and who holds it or why it is held ('' if nobody)."""
        ...

    def find_product(self, texts: Sequence[str]) -> tuple[tuple[Product, int], ...]:
        """Return products with a barcode, SKU or ASIN equal to one of texts, and units per scan.

        Texts are `barcodes.keys()`; a product stands once, first match first.
        """
        ...

    def single_unit_orders(self, skus: Sequence[str], limit: int = 2) -> tuple[str, ...]:
        """Return ids of waiting orders for exactly one unit of one of the SKUs, urgent first."""
        ...

    def search(self, text: str, limit: int = 20) -> tuple[QueueRow, ...]:
        """Return orders whose id, SKU or tracking id starts with the text, newest first."""
        ...

    def history(self, order_id: str) -> tuple[tuple[str, Entry], ...]:
        """Return (station, entry) of all journal entries about an order, oldest first."""
        ...

    # — labels —
    def begin_purchase(
        self, key: str, order_id: str, package: int, fence: int, carrier: str
    ) -> Purchase:
        """Write down that a label is about to be bought; the same key returns what is known.

        A second live purchase for the package, or an old fence, raises StoreRefused.
        """
        ...

    def finish_purchase(self, key: str, label: Label) -> Purchase:
        """Store tracking id and label bytes in one commit; a tracking id used before is refused.

        Finishing again with the same tracking id changes nothing.
        """
        ...

    def void_purchase(self, key: str, reason: str) -> None:
        """Mark a purchase void, so that the package may have another label."""
        ...

    def label(self, order_id: str, package: int = 1) -> Purchase | None:
        """Return the live purchase of a package."""
        ...

    def tracking_used(self, tracking_id: str) -> str | None:
        """Return the id of the order that has used this tracking id on a live label."""
        ...

    # — confirmations —
    def begin_export(self, path: str, *, again: int | None = None) -> Export | None:
        """Gather all pending confirmations under a new export; None when there are none.

        With again: the lines of that earlier export once more, their states untouched.
        """
        ...

    def seal_export(self, export_id: int, sha256: str) -> None:
        """Remember the digest of the file that is about to get its name."""
        ...

    def finish_export(self, export_id: int) -> None:
        """Mark the export written: its lines are exported, its orders confirmed."""
        ...

    def drop_export(self, export_id: int) -> None:
        """Give the lines of an export that was never written back to pending."""
        ...

    def open_exports(self) -> tuple[Export, ...]:
        """Return exports that were begun and neither finished nor dropped: a crash lies between."""
        ...

    def close(self) -> None:
        """Close connections; nothing depends on it being called."""
        ...
