"""The use cases of one bench: the only thing that screens call.

Every fact goes the same way: the journal has it, then the rules judge it, then the bench does
what is due about the new state. Calls are short; `settle` does the rest and may be called from
another thread.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from station import barcodes, events, labelling, looking, packing, shipping
from station.claiming import Claims
from station.errors import StoreRefused, StoreUnreachable
from station.pack import HALTED, OVER, Outcome, Rules, Stage, Verdict, Word, due, order_state
from station.reach import Reach
from station.view import View, Work

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.events import Event
    from station.journal import Journal
    from station.model import Entry, Lease, ProblemKind, Stop
    from station.shipping import Shipping
    from station.store.port import OrderStore


class Bench:
    """One packer's place: one order in hand, and packed ones that wait for a label."""

    def __init__(
        self,
        station_id: str,
        journal: Journal,
        store: OrderStore,
        shipping: Shipping,
        rules: Rules,
        site_key: bytes = b"",
        reach: Reach | None = None,
    ) -> None:
        self.station_id = station_id
        self.reach = reach or Reach()
        self.claims = Claims(station_id, journal, store, self.reach)
        self.store = store
        self.shipping = shipping
        self._journal = journal
        self._rules = rules
        self._site_key = site_key
        self._lock = threading.RLock()
        self._settling = threading.Lock()
        self._packer = ""
        self._open: dict[str, Work] = {}
        self._hand: str | None = None
        self._verdict: Verdict | None = None
        self._resume()

    # — what the screens see —
    @property
    def view(self) -> View:
        """The bench as it is now."""
        with self._lock:
            work = self._open.get(self._hand or "")
            printing = self.shipping.printing(work.pack) if work else None
            aside = tuple(order_id for order_id in self._open if order_id != self._hand)
            own = self.shipping.own_label
            reach = self.reach
            return View(
                self._packer,
                work,
                self._verdict,
                printing,
                aside,
                reach.trouble,
                reach.quarantined,
                own,
            )

    def leased(self) -> dict[str, int]:
        """Return the fences of the orders that this bench works on or keeps ready, by id."""
        with self._lock:
            at_work = {i: w.pack.fence for i, w in self._open.items() if w.pack.stage not in OVER}
            return at_work | self.claims.ready

    def read(self, text: str) -> barcodes.Code:
        """Tell what a scanned text is, commands of this site included."""
        return barcodes.read(text, self._site_key)

    def complain(self, text: str) -> View:
        """Say that something was not done; nothing else changes."""
        with self._lock:
            return self._say(Word.REFUSED, text)

    # — people —
    def sign_in(self, packer: str) -> View:
        """Take the name under which everything is recorded from now on."""
        with self._lock:
            self._journal.append("signed-in", "", 0, packer)
            self._packer = packer
            self._verdict = None
            return self.view

    def sign_out(self) -> View:
        """Let the next packer sign in; the order in hand stays."""
        with self._lock:
            self.claims.let_go(self._packer)
            self._journal.append("signed-out", "", 0, self._packer)
            self._packer = ""
            return self.view

    # — taking orders —
    def set_aside(self) -> View:
        """Put the packed order in hand aside until its label comes, and take the next one."""
        with self._lock:
            work = self._open.get(self._hand or "")
            if work and not self._may_set_aside(work):
                text = "Only a packed order whose label has not come can be set aside."
                return self._say(Word.REFUSED, text)
            self._hand = None
        return self.claim_next()

    def claim_next(self) -> View:
        """Take the most urgent waiting order."""
        if self._hand:
            return self._say(Word.REFUSED, "Finish or give back this order first.")
        return self._claimed(lambda: self.claims.next(self._packer, tuple(self._open)))

    def open_order(self, order_id: str) -> View:
        """Take one order by its id; one that its packer began elsewhere goes on from there."""
        with self._lock:
            if order_id in self._open:
                self._hand = order_id
                return self._say(Word.NOTE, "This order waits for its label.")
        return self._claimed(lambda: self.claims.named(self._packer, order_id))

    def keep_ready(self, wanted: int) -> None:
        """Lease so many orders ahead while somebody packs; asks the store."""
        if self._packer and self._hand and not self.reach.quarantined:
            self.claims.fill(self._packer, wanted)

    def _claimed(self, claim: Callable[[], Lease | None]) -> View:
        """Ask for an order without the bench's lock: the store may be slow to answer."""
        if self.reach.quarantined:
            return self._say(Word.REFUSED, self.reach.quarantined)
        try:
            lease = claim()
        except (StoreRefused, StoreUnreachable) as error:
            return self._say(Word.REFUSED, str(error))
        if lease is None:
            return self._say(Word.NOTE, "Nothing is waiting. Well done.")
        with self._lock:
            return self._opened(lease)

    def _opened(self, lease: Lease) -> View:
        self.claims.opened(lease, self._packer)
        order_id = lease.order.order_id
        self._open[order_id] = Work(lease, packing.start(lease, self._rules))
        self._hand = order_id
        self._verdict = None
        if lease.entries:
            pack = self._open[order_id].pack
            units = sum(line.done for line in pack.lines)
            return self._say(Word.NOTE, f"Go on here: {units} of {units + pack.left} are packed.")
        return self.view

    def _may_set_aside(self, work: Work) -> bool:
        printing = self.shipping.printing(work.pack)
        waits = printing is not None and not printing.sent
        return work.pack.stage == Stage.LABEL and work.pack.label is not None and waits

    # — scans and commands —
    def take_scan(self, text: str, *, whole: bool = True) -> View:
        """Judge one scan; when this returns, it is on the disk.

        Raises:
            JournalError: It could not be stored, and therefore did not happen.
        """
        work = self._open.get(self._hand or "")
        if work is None:
            return self._scan_at_queue(text) if whole else self._cut(text)
        if not whole:
            return self._take(events.CutShort(len(text)))
        code, order_id = self.read(text), work.order.order_id
        aside = self._labelled_with(code)
        if aside and aside != order_id:
            return self._take(events.Scanned(text[: looking.MAX_TEXT]), aside, aloud=True)
        event = looking.scanned(self._asked, work.pack, code, text)
        return self._take(event, order_id, aloud=True)

    def asks_store(self, text: str, *, whole: bool = True) -> bool:
        """Tell whether judging a scan needs an answer of the store, which may take its time."""
        if not whole or self._asked is None:
            return False
        work, code = self._open.get(self._hand or ""), self.read(text)
        if work is None:
            return self._labelled_with(code) is None
        return looking.asks(work.pack, code)

    @property
    def _asked(self) -> OrderStore | None:
        """The store, while it can be asked."""
        return None if self.reach.trouble else self.store

    def undo(self) -> View:
        """Take back the last unit."""
        return self._take(events.Undone())

    def count_unscanned(self) -> View:
        """Count one unit of an item that has no barcode on file."""
        return self._take(events.Unscanned())

    def ask_label(self) -> View:
        """Want our own label now."""
        return self._take(events.LabelAsked())

    def give_back(self) -> View:
        """Put the order in hand back into the queue."""
        return self._take(events.GivenBack())

    def park(self, problem: ProblemKind, note: str = "") -> View:
        """Put the order in hand on the problem shelf."""
        with self._lock:
            work = self._open.get(self._hand or "")
            current = work.pack.current if work else None
            sku = work.pack.lines[current].sku if work and current is not None else ""
            return self._take(events.Parked(problem, sku, note))

    def answer(self, *, yes: bool) -> View:
        """Answer the question on the screen: the rules' one, or whether a label came out."""
        with self._lock:
            work = self._open.get(self._hand or "")
            printing = self.shipping.printing(work.pack) if work else None
            if work and not work.pack.question and printing and printing.doubtful:
                return self._answer_printed(work, came_out=yes)
            return self._take(events.Answered(yes))

    def _answer_printed(self, work: Work, *, came_out: bool) -> View:
        self._record("print-answered", work, {"came_out": came_out})
        self.shipping.answer(work.pack, came_out=came_out)
        text = "Scan the label's barcode." if came_out else "The label prints once more."
        return self._say(Word.NOTE, text)

    def reprint(self) -> View:
        """Print the same label again; the journal knows who asked."""
        with self._lock:
            work = self._open.get(self._hand or "")
            if not work or not work.pack.label or not work.pack.label.ours:
                return self._say(Word.REFUSED, "There is no label of ours to print.")
            words = self.shipping.reprint(work.lease, work.pack, f"asked by {self._packer}")
            self._record("reprinted", work, {"words": words})
            return self._say(Word.NOTE, words)

    # — stops —
    def take_stop(self, stop: Stop) -> None:
        """Take in what the store says about an order of this bench."""
        with self._lock:
            work = self._open.get(stop.order_id)
            if work is None or work.pack.stage in OVER:
                self.claims.take_stop(stop, self._packer)
                return
            self._hand = stop.order_id
            self._take(events.Stopped(stop.reason, stop.kind), stop.order_id, aloud=True)

    def dismiss(self) -> View:
        """Leave an order that is over; the packer has read why."""
        with self._lock:
            work = self._open.get(self._hand or "")
            if work and work.pack.stage in OVER:
                self._hand = None
                self._verdict = None
                if due(work.pack) is None:
                    del self._open[work.order.order_id]
            return self.view

    # — what is due —
    def settle(self) -> View:
        """Do what is due about every open order: buy, void, print. Safe to call at any time.

        The carrier is called without the bench's lock, so that scans go on.
        """
        with self._settling:
            with self._lock:
                order_ids = tuple(self._open)
            for order_id in order_ids:
                self._settle(order_id)
        return self.view

    def _settle(self, order_id: str) -> None:
        while work := self._open.get(order_id):
            what = due(work.pack)
            if what is None:
                break
            event = self.shipping.perform(what, work.lease, work.pack)
            if event is None:
                return
            with self._lock:
                self._take(event, order_id)
        if work and work.pack.label and work.pack.stage == Stage.LABEL:
            self.shipping.ensure_printed(work.lease, work.pack)

    # — the one way of every fact —
    def _take(self, event: Event, order_id: str | None = None, *, aloud: bool = False) -> View:
        with self._lock:
            work = self._open.get(order_id or self._hand or "")
            if work is None:
                return self._say(Word.NOTE, "Take an order first: scan NEXT or press Enter.")
            if self.reach.quarantined and (order_id is None or aloud):
                return self._say(Word.REFUSED, self.reach.quarantined)
            outcome = packing.apply(work.pack, event, self._rules)
            self._keep(event, work, outcome)
            after = replace(work, pack=outcome.pack)
            self._open[work.order.order_id] = after
            self._hear(outcome.verdict, None if aloud else order_id)
            self._leave(after)
            return self.view

    def _hear(self, verdict: Verdict, order_id: str | None) -> None:
        """Show a verdict; what happens behind the screen only speaks up when it must."""
        if order_id is None or (order_id == self._hand and verdict.word != Word.NOTE):
            self._verdict = verdict

    def _keep(self, event: Event, work: Work, outcome: Outcome) -> Entry:
        kind, data = events.to_data(event)
        before, after = work.pack, outcome.pack
        data["verdict"] = outcome.verdict.word
        if kind in {"bought", "voided"}:
            data |= {"key": before.purchase_key, "package": before.package}
        if after.stage == Stage.CLOSED:
            data |= shipping.confirmation(after)
        state = order_state(after)
        changed = state if state != order_state(before) else None
        over = after.stage in OVER and due(after) is None
        order_id = work.order.order_id
        return self._journal.append(
            kind, order_id, after.fence, self._packer, changed, data, over=over
        )

    def _leave(self, work: Work) -> None:
        """Let go of an order that is over; a stop stays on the screen until it was read."""
        order_id, pack = work.order.order_id, work.pack
        if pack.stage not in OVER:
            return
        if pack.stage == Stage.RELEASED:
            self.claims.gave_back(order_id)
        self.shipping.over(pack)
        if pack.stage not in HALTED:
            self._hand = None if self._hand == order_id else self._hand
            if due(pack) is None:
                del self._open[order_id]

    def _record(self, kind: str, work: Work, data: dict[str, object]) -> None:
        order_id = work.order.order_id
        self._journal.append(kind, order_id, work.pack.fence, self._packer, None, data)

    def _say(self, word: Word, text: str, code: str = "") -> View:
        self._verdict = Verdict(word, text, code)
        return self.view

    # — at the queue —
    def _cut(self, text: str) -> View:
        return self._say(Word.AGAIN, f"The code broke off after {len(text)} signs.")

    def _scan_at_queue(self, text: str) -> View:
        code = self.read(text)
        if code.kind == barcodes.Kind.BAD:
            return self._say(Word.AGAIN, code.reason, code.text)
        if order_id := self._labelled_with(code):
            self._hand = order_id
            return self.take_scan(text)
        if self._asked is None:
            return self._say(Word.REFUSED, f"{self.reach.trouble}: it cannot be looked up.")
        found = looking.at_queue(self._asked, code)
        if found.order_id:
            view = self.open_order(found.order_id)
            return self.take_scan(text) if found.count_it and view.work else view
        return self._say(Word.UNKNOWN, found.words, code.text)

    def _labelled_with(self, code: barcodes.Code) -> str | None:
        for order_id, work in tuple(self._open.items()):
            if work.pack.label and labelling.is_label(code, work.pack.label):
                return order_id
        return None

    # — after a crash —
    def _resume(self) -> None:
        for opened in self._journal.open_orders():
            pack = packing.start(opened.lease, self._rules)
            for entry in opened.entries:
                event = events.from_data(entry.kind, entry.data)
                if event is not None:
                    pack = packing.apply(pack, event, self._rules).pack
            order_id = opened.lease.order.order_id
            self._open[order_id] = Work(opened.lease, pack)
            if pack.stage not in OVER:
                self._hand = order_id
        self.shipping.tidy(set(self._open))
