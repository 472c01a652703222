"""What a supervisor signs at a bench: the store checks and audits it, then the journal has it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from station import overrides, weighing
from station.acts import Act, ActKind
from station.errors import StoreRefused, StoreUnreachable
from station.events import Shorted, Taught, VoidSigned, WeightSigned
from station.pack import Verdict, Word

if TYPE_CHECKING:
    from station.acts import Acted, Signature
    from station.barcodes import Code
    from station.events import Event
    from station.journal import Journal
    from station.model import Label
    from station.reach import Reach
    from station.shipping import Shipping
    from station.store.port import OrderStore
    from station.view import View, Work

AWAY = "A supervisor's signature cannot be checked while the store is away."


class SignedActs(ABC):
    """The part of the bench that does what only a signature allows."""

    station_id: str
    store: OrderStore
    reach: Reach
    shipping: Shipping
    _journal: Journal
    _packer: str
    _open: dict[str, Work]
    _hand: str | None
    _verdict: Verdict | None

    @abstractmethod
    def read(self, text: str) -> Code:
        """Tell what a scanned text is, commands of this site included."""

    @abstractmethod
    def _say(self, word: Word, text: str, code: str = "") -> View: ...

    @abstractmethod
    def _take(self, event: Event, order_id: str | None = None, *, aloud: bool = False) -> View: ...

    @abstractmethod
    def _record(self, kind: str, work: Work, data: dict[str, object]) -> None: ...

    @abstractmethod
    def _refused(self) -> View | None: ...

    def _in_hand(self, order_id: str) -> Work:
        """Return the order that a signature is for, if it is still the one before the packer."""
        if refused := self._refused():
            raise StoreRefused(refused.verdict.text if refused.verdict else "")
        work = self._open.get(order_id)
        if work is None or order_id != self._hand:
            raise StoreRefused("Another order is in hand by now.")
        return work

    @property
    def unknown(self) -> str:
        """What a code that nobody knows would teach; empty when the last scan was none."""
        verdict = self._verdict
        if verdict is None or verdict.word != Word.UNKNOWN:
            return ""
        return overrides.taught_code(self.read(verdict.code))

    def why_not(self, kind: ActKind) -> str:
        """Return why something cannot be signed for the order in hand; '' when it can."""
        work = self._open.get(self._hand or "")
        if work is None:
            return "There is no order in hand."
        pack = work.pack
        if kind == ActKind.SHIP_SHORT:
            units = overrides.done_of(pack, pack.current_sku)
            return overrides.why_not_short(pack, pack.current_sku, units)
        if kind == ActKind.VOID:
            return overrides.why_not_void(pack)
        if kind == ActKind.WEIGHT:
            return weighing.why_not_signed(pack)
        if not self.unknown:
            return "First scan the code that is not known."
        return overrides.why_not_taught(pack, self.read(self.unknown), pack.current_sku)

    def ship_short(self, order_id: str, sku: str, signature: Signature) -> View:
        """Ship only the units of a SKU that are in the box."""
        work = self._in_hand(order_id)
        units = overrides.done_of(work.pack, sku)
        if why := overrides.why_not_short(work.pack, sku, units):
            return self._say(Word.REFUSED, why)
        acted = self._signed(self._act(ActKind.SHIP_SHORT, work, sku, units), signature)
        return self._take(Shorted(sku, units, acted.by, signature.reason), order_id, aloud=True)

    def teach(self, order_id: str, code: str, sku: str, signature: Signature) -> View:
        """Let a code stand for one unit of a SKU from now on."""
        work = self._in_hand(order_id)
        if why := overrides.why_not_taught(work.pack, self.read(code), sku):
            return self._say(Word.REFUSED, why)
        acted = self._signed(self._act(ActKind.TEACH, work, sku, 1, code), signature)
        return self._take(Taught(code, sku, 1, acted.by, signature.reason), order_id, aloud=True)

    def void(self, order_id: str, signature: Signature) -> View:
        """Make the label on the package in hand void; the order stays for another one."""
        work = self._in_hand(order_id)
        if why := overrides.why_not_void(work.pack):
            return self._say(Word.REFUSED, why)
        acted = self._signed(self._act(ActKind.VOID, work), signature)
        return self._take(VoidSigned(acted.by, signature.reason), order_id, aloud=True)

    def accept_weight(self, order_id: str, weight_g: int, signature: Signature) -> View:
        """Let the package go out with the weight that the supervisor was shown."""
        work = self._in_hand(order_id)
        if why := weighing.why_not_signed(work.pack, weight_g):
            return self._say(Word.REFUSED, why)
        acted = self._signed(self._act(ActKind.WEIGHT, work), signature)
        event = WeightSigned(weight_g, acted.by, signature.reason)
        return self._take(event, order_id, aloud=True)

    def propose(self) -> View:
        """Ask the supervisor, on the board, to teach the code that nobody knew."""
        if refused := self._refused():
            return refused
        work, code = self._open.get(self._hand or ""), self.unknown
        why = self.why_not(ActKind.TEACH)
        if work is None or why:
            return self._say(Word.REFUSED, why)
        self._record("proposed", work, {"code": code, "sku": work.pack.current_sku})
        text = "Proposed: the supervisor sees it on the board. Put the unit aside, or park (F4)."
        return self._say(Word.NOTE, text)

    def reprint_closed(self, order_id: str, signature: Signature) -> str:
        """Print the labels of an order that has left the bench once more; say how it went."""
        acted = self._signed(Act(ActKind.REPRINT, order_id), signature)
        if acted.label is None or not acted.label.document:
            return f"{acted.words} There is no picture of its label to print."
        count = 0
        label: Label | None = acted.label
        while label is not None and label.document:
            count += 1
            self._print_again(label, acted.by, signature.reason)
            label = self._label_after(label, signature)
        if count > 1:
            return f"{count} labels print again, one for each package. Destroy what is too many."
        return "The label prints again. Destroy the other one."

    def _print_again(self, label: Label, by: str, reason: str) -> None:
        data: dict[str, object] = {"order": label.order_id, "by": by, "reason": reason}
        data |= self.shipping.print_again(label)
        self._journal.append("reprinted", "", 0, self._packer, None, data)

    def _label_after(self, label: Label, signature: Signature) -> Label | None:
        """Return the label of the order's next package; None when that was the last."""
        act = Act(ActKind.REPRINT, label.order_id, label.package + 1)
        try:
            return self._signed(act, signature).label
        except (StoreRefused, StoreUnreachable):
            return None

    def _act(self, kind: ActKind, work: Work, sku: str = "", units: int = 0, code: str = "") -> Act:
        order_id, package = work.order.order_id, work.pack.package
        return Act(kind, order_id, package, sku=sku, units=units, code=code)

    def _signed(self, act: Act, signature: Signature) -> Acted:
        """Let the store check a signature, do its part and write it down.

        Raises:
            StoreUnreachable: Nobody can check it now.
            StoreRefused: It does not hold, or the act cannot be done.
        """
        if self.reach.quarantined:
            raise StoreUnreachable(self.reach.quarantined)
        if self.reach.trouble:
            raise StoreUnreachable(AWAY)
        try:
            return self.store.act(self.station_id, act, signature)
        except StoreUnreachable as error:
            raise StoreUnreachable(AWAY) from error
