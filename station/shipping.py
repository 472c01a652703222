"""From a verified package to a label on it: buying, printing, and what the channel is told."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from station import events, weighing
from station.devices.kinds import kind_of
from station.devices.spool import JobState
from station.errors import StationError, StoreRefused, StoreUnreachable
from station.events import Bought, BuyRefused, Voided
from station.pack import HALTED, OVER, OWN, Due, Stage, due
from station.reach import Reach
from station.sync import purchase
from station.sync.carriers.prebought import Prebought

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.carrier_papers import Press
    from station.devices.spool import Spool
    from station.events import Event
    from station.model import Label, Lease
    from station.pack import Outcome, Pack
    from station.store.port import OrderStore
    from station.sync.carriers.port import Carrier
    from station.sync.purchase import Serials

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Printing:
    """How the label in hand is doing, for the packer."""

    sent: bool
    """The printer took all of it."""
    doubtful: bool
    """Nobody knows whether it came out: the packer is asked."""
    words: str
    stopped: bool = False
    """It must not be printed as it is: the packer reads why."""


class Shipping:
    """Performs what the rules say is due; every act may be repeated after a crash.

    Args:
        store: Remembers purchases.
        spool: Prints.
        carrier: Where a label of ours comes from.
        slip: Makes a packing slip of a lease, or None when the house prints none.
        serials: Numbers for labels of ours while the store is away; None where it never is.
        reach: Tells whether the store can be asked.
        suits: Tells whether a label that another bench made can be printed here as it is.
        press: Makes carriers' labels ready for the printer; None where they go as they are.
    """

    def __init__(
        self,
        store: OrderStore,
        spool: Spool,
        carrier: Carrier,
        slip: Callable[[Lease], bytes] | None = None,
        *,
        serials: Serials | None = None,
        reach: Reach | None = None,
        suits: Callable[[bytes], bool] = lambda _document: False,
        press: Press | None = None,
    ) -> None:
        self._store = store
        self._press = press
        self._stopped: dict[str, str] = {}
        self._suits = suits
        self._serials = serials
        self._reach = reach or Reach()
        self._spool = spool
        self._carrier = carrier
        self._slip = slip

    @property
    def own_label(self) -> bool:
        """Whether the house has what a label of ours needs."""
        return not self._carrier.missing

    def perform(self, what: Due, lease: Lease, pack: Pack) -> Bought | BuyRefused | Voided | None:
        """Do what is due and return the fact; None when the store is away and it stays due."""
        if self._reach.quarantined:
            return None
        try:
            return self._void(pack) if what == Due.VOID else self._buy(lease, pack)
        except StoreUnreachable as error:
            log.warning("%s stays due for %s: %s", what, pack.order_id, error.message)
            return None
        except StationError as error:
            if what == Due.VOID:
                log.error("The label of %s was not made void: %s", pack.order_id, error)  # noqa: TRY400 - the words say it
                return None
            return BuyRefused(str(self._shown(error, pack)))

    def _buy(self, lease: Lease, pack: Pack) -> Bought:
        chosen = pack.wanted
        at_hand = chosen is not None and chosen != OWN
        carrier: Carrier = Prebought(chosen) if at_hand and chosen else self._carrier
        label = self._bought(carrier, lease, pack)
        return Bought(
            label.carrier_code, label.carrier_name, label.tracking_id, label.service, carrier.prints
        )

    def _bought(self, carrier: Carrier, lease: Lease, pack: Pack) -> Label:
        key, weight_g = pack.purchase_key, pack.weight_g
        try:
            self._need_store()
            if self._serials is None or not self._made_here(key):
                return purchase.buy(self._store, carrier, lease, key, weight_g)
        except StoreUnreachable:
            if self._serials is None:
                raise
        return purchase.buy_here(self._serials, carrier, lease, key, weight_g)

    def _need_store(self) -> None:
        if self._reach.trouble:
            raise StoreUnreachable(self._reach.trouble)

    def _void(self, pack: Pack) -> Voided:
        try:
            self._need_store()
            self._store.void_purchase(pack.purchase_key, f"package {pack.stage}")
        except (StoreRefused, StoreUnreachable):
            if not self._made_here(pack.purchase_key):
                raise
            # The store hears of this label, and of its end, from the journal.
        self._cancel(pack)
        return Voided()

    def _made_here(self, key: str) -> bool:
        return self._serials is not None and self._serials.serial_of(key) is not None

    def ensure_printed(self, lease: Lease, pack: Pack) -> None:
        """Put the bought label, and the slip, into the spool unless they are there."""
        if not pack.label or not pack.label.ours or self._spool.job(pack.purchase_key):
            return
        if pack.purchase_key in self._stopped:
            return
        if not self._reach.quarantined and not _came_with_it(lease, pack):
            self._print(lease, pack)

    def _print(self, lease: Lease, pack: Pack) -> bool:
        """Put the papers into the spool; False while the label's picture cannot be had."""
        document = self._document(lease, pack)
        document = self._ready(document, pack) if document else b""
        if not document:
            return False
        if self._slip is not None:
            key = f"{pack.order_id}/{pack.package}/slip"
            title = "packing-slip"
            self._spool.put(key, title, self._slip(lease), order_id=pack.order_id)
        title = "label"
        self._spool.put(pack.purchase_key, title, document, order_id=pack.order_id)
        return True

    def _ready(self, document: bytes, pack: Pack) -> bytes:
        """Return a label as the printer takes it; empty where it must not be printed."""
        tracking_id = pack.label.tracking_id if pack.label else ""
        try:
            ready = self._fitted(document, tracking_id)
        except StationError as error:
            log.error("The label of %s was stopped: %s", pack.order_id, error)  # noqa: TRY400 - the words say it
            self._stopped[pack.purchase_key] = str(self._shown(error, pack))
            return b""
        self._stopped.pop(pack.purchase_key, None)
        return ready

    def _fitted(self, document: bytes, tracking_id: str) -> bytes:
        if self._press is None or self._carrier.serial_of(tracking_id) is not None:
            return document
        return self._press.fitted(document, tracking_id)

    def _shown(self, error: StationError, pack: Pack) -> StationError:
        """Return an error that says where a stopped label's picture is, if there is one."""
        return self._press.shown(error, pack.order_id, pack.package) if self._press else error

    def _document(self, lease: Lease, pack: Pack) -> bytes:
        """Return the label to print: the store's of one that came with the order and suits here.

        Else one of ours made again from its number, else the store's as it is.
        """
        tracking_id = pack.label.tracking_id if pack.label else ""
        kept = self.kept(pack) if _came_with_it(lease, pack) else b""
        if kept and self._suits(kept):
            return kept
        try:
            key, weight_g = pack.purchase_key, pack.weight_g
            made = purchase.made_again(self._carrier, lease, key, tracking_id, weight_g)
        except StationError as error:
            log.warning("the label of %s cannot be made again: %s", pack.order_id, error.message)
            made = b""
        return made or kept or self.kept(pack)

    def kept(self, pack: Pack) -> bytes:
        """Return the very bytes that the store keeps of a label; empty where they cannot be had."""
        try:
            self._need_store()
            known = self._store.label(pack.order_id, pack.package)
        except StationError as error:
            log.warning("the label of %s cannot be had: %s", pack.order_id, error.message)
            return b""
        return known.label.document if known and known.label else b""

    def printing(self, pack: Pack) -> Printing | None:
        """Return how the label's print job stands; None when there is none."""
        job = self._spool.job(pack.purchase_key) if pack.label and pack.label.ours else None
        if job is None:
            words = self._stopped.get(pack.purchase_key, "") if pack.label else ""
            return Printing(False, False, words, stopped=True) if words else None
        sent = job.state in {JobState.SENT, JobState.SEEN}
        return Printing(sent, job.state == JobState.UNKNOWN, job.words)

    def may_set_aside(self, pack: Pack) -> bool:
        """Tell whether a packed order only waits for its label to come out of the printer."""
        printing = self.printing(pack)
        return pack.stage == Stage.LABEL and printing is not None and not printing.sent

    def answer(self, pack: Pack, *, came_out: bool) -> str:
        """Take the packer's word on a doubtful label; say what is next."""
        self._spool.answer(pack.purchase_key, came_out=came_out)
        return "Scan the label's barcode." if came_out else "The label prints once more."

    def reprint(self, lease: Lease, pack: Pack, reason: str) -> str:
        """Print the same label again, or at once one that has not come yet; say which."""
        job = self._spool.job(pack.purchase_key)
        if job is None and self._stopped.pop(pack.purchase_key, ""):
            is_printing = self._print(lease, pack)
            return "The label prints now." if is_printing else "The label cannot be printed yet."
        if job is None and lease.entries:
            if self._print(lease, pack):
                return "The label prints here. Destroy one from elsewhere."
            return "The label cannot be printed here until the store is back."
        if job is None or job.state == JobState.QUEUED:
            self._spool.retry_now()
            return "The printer is tried again."
        self._spool.reprint(pack.purchase_key, reason)
        return "The label prints again. Destroy the other one."

    def print_again(self, label: Label) -> dict[str, object]:
        """Print the label of an order that is over and return what the journal keeps of that.

        Its document goes from here as soon as it came out; nothing is kept of one that is stopped.

        Raises:
            LabelStopped: It cannot or must not be printed here.
        """
        again = f"{label.order_id}/{label.package}/again/"
        before = [job for job in self._spool.jobs() if job.key.startswith(again)]
        for job in before:
            if job.state == JobState.UNKNOWN:  # whoever asks for another one has looked
                self._spool.cancel(job.key, "printed again")
        count = 1 + len(before)
        document = self._fitted(label.document, label.tracking_id)
        kind = kind_of(document)
        if self._press and kind not in {"prn", self._press.form.name}:
            # Ours, from a bench of another kind.
            document = self._press.fitted(document, label.tracking_id)
        self._spool.put(f"{again}{count}", "label", document, order_id=label.order_id)
        told = self.outlet(f"{again}{count}")
        self._spool.forget(label.order_id)
        return told | {"package": label.package, "count": count}

    def outlet(self, key: str) -> dict[str, object]:
        """Return where a print job comes out, how often it did here, and what its bytes are."""
        job = self._spool.job(key)
        if job is None:
            return {}
        digest = self._spool.digest(key)[:16]
        return {"printer": self._spool.outlet(job.title), "sha256": digest, "count": job.attempts}

    def tidy(self, open_orders: set[str]) -> None:
        """Delete papers of orders that are over, which a crash may have left."""
        left = {job.order_id for job in self._spool.jobs() if not job.forgotten}
        for order_id in left - open_orders:
            self._spool.forget(order_id)
        if self._press:
            self._press.keep_only(open_orders)

    def over(self, pack: Pack) -> None:
        """Tell the spool that the package is closed, or that its papers must not come any more."""
        if pack.stage in OVER:
            self._stopped.pop(pack.purchase_key, None)
            if self._press:
                self._press.forget(pack.order_id)
        if pack.stage == Stage.CLOSED:
            # A label that came out at another bench is none of this spool's.
            if pack.label and pack.label.ours and self._spool.job(pack.purchase_key):
                self._spool.seen(pack.purchase_key)
            self._spool.forget(pack.order_id)
        elif pack.stage in OVER:
            self._cancel(pack)

    def _cancel(self, pack: Pack) -> None:
        job = self._spool.job(pack.purchase_key)
        if job and job.state in {JobState.QUEUED, JobState.UNKNOWN}:
            self._spool.cancel(pack.purchase_key, f"package {pack.stage}")


def _came_with_it(lease: Lease, pack: Pack) -> bool:
    """Tell whether the label was there when the order was taken over: it came out elsewhere."""
    keys = (entry.data.get("key") for entry in lease.entries if entry.kind == "bought")
    return pack.purchase_key in keys


def facts(event: Event, before: Pack, outcome: Outcome) -> tuple[str, dict[str, object]]:
    """Return the journal's kind of an event and all that must be kept of it."""
    kind, data = events.to_data(event)
    data["verdict"] = outcome.verdict.word
    if kind in {"bought", "voided"}:
        data |= {"key": before.purchase_key, "package": before.package}
    if outcome.pack.stage == Stage.CLOSED:
        data |= confirmation(outcome.pack)
    return kind, data


def parting_words(before: Pack, after: Pack, reach: Reach) -> str:
    """Return what to do with the label of an order that has just left unfinished, '' if none."""
    over = after.stage in OVER - HALTED and before.stage not in OVER
    if not over or due(after) != Due.VOID or after.label is None:
        return ""
    number = after.label.tracking_id[-6:]
    when = "it is made void when the store is back" if reach.trouble else "it is made void"
    return f" Destroy label …{number}: {when}."


def confirmation(pack: Pack) -> dict[str, object]:
    """Return what the store needs to confirm a closed package to the channel."""
    label = pack.label
    if label is None:
        return {}
    return {
        "package": pack.package,
        "carrier_code": label.carrier_code,
        "carrier_name": label.carrier_name,
        "tracking_id": label.tracking_id,
        "ship_method": label.service,
        "items": [[line.item_id, line.needed] for line in pack.lines if line.needed],
        "transparency": _values(pack, "transparency"),
        "captured": {need: _values(pack, need) for need in ("serial", "lot", "expiry")},
        "unscanned": {line.item_id: line.unscanned for line in pack.lines if line.unscanned},
        **weighing.facts(pack),
    }


def _values(pack: Pack, need: str) -> dict[str, list[str]]:
    """Return the captured values of one kind by order item."""
    found: dict[str, list[str]] = {}
    for capture in pack.captures:
        if capture.need == need and capture.value:
            found.setdefault(pack.lines[capture.line].item_id, []).append(capture.value)
    return found
