"""The use cases of one bench: the only thing that screens call.

Every fact goes the same way: the journal has it, then the rules judge it, then the bench does
what is due about the new state. Calls are short; `settle` does the rest and may be called from
another thread.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from station import barcodes, claiming, events, labelling, looking, packing, shipping
from station.claiming import Claims
from station.errors import StoreError
from station.pack import HALTED, OVER, Outcome, Rules, Stage, Verdict, Word, due, order_state
from station.people_here import PeopleHere
from station.proofs import Proofs
from station.reach import Reach
from station.signed_acts import SignedActs
from station.stops_here import StopsHere
from station.view import View, Work
from station.weighing_here import WeighingHere

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from station.events import Event
    from station.journal import Journal
    from station.model import Lease, ProblemKind
    from station.pan import Pan
    from station.shipping import Shipping
    from station.store.port import OrderStore


class Bench(PeopleHere, SignedActs, WeighingHere, StopsHere):
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
        proofs: Proofs | None = None,
        pan: Pan | None = None,
    ) -> None:
        self.station_id = station_id
        self.reach = reach or Reach()
        self.proofs = proofs or Proofs()
        self.claims = Claims(station_id, journal, store, self.reach)
        self.store = store
        self.shipping = shipping
        self.pan = pan
        self._journal = journal
        self._rules = rules
        self._site_key = site_key
        self._lock = threading.RLock()
        self._settling = threading.Lock()
        self._open: dict[str, Work] = {}
        self._hand: str | None = None
        self._behind: str | None = None
        self._read: set[str] = set()
        self.scanned: datetime | None = None
        """When something was scanned here last."""
        self._verdict: Verdict | None = None
        self._resume()

    # — what the screens see —
    @property
    def view(self) -> View:
        """The bench as it is now."""
        with self._lock:
            work = self._open.get(self._hand or "")
            printing = self.shipping.printing(work.pack) if work else None
            aside = tuple(i for i in self._open if i != self._hand and self._is_live(i))
            here = (self._packer, work, self._verdict, printing, aside)
            away, halt = self.reach.trouble, self.reach.quarantined
            door = (bool(self.reach.badges), bool(self._pin_for), bool(self._locked))
            made = (len(self.claims.ready), self.shipping.own_label)
            return View(*here, away, halt, *made, *door, self._on_scale(work))

    def leased(self) -> dict[str, int]:
        """Return the fences of the orders that this bench works on or keeps ready, by id."""
        with self._lock:
            at_work = {i: w.pack.fence for i, w in self._open.items() if self._is_live(i)}
            return at_work | self.claims.ready

    def read(self, text: str) -> barcodes.Code:
        """Tell what a scanned text is, commands of this site included."""
        return barcodes.read(text, self._site_key)

    def complain(self, text: str, word: Word = Word.REFUSED) -> View:
        """Say that something was not done, or another word; nothing else changes."""
        return self._say(word, text)

    # — taking orders —
    def set_aside(self) -> View:
        """Put the packed order in hand aside until its label comes, and take the next one."""
        with self._lock:
            if refused := self._refused():
                return refused
            work = self._open.get(self._hand or "")
            if work and not self.shipping.may_set_aside(work.pack):
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
            if self._is_live(order_id):
                self._hand = order_id
                return self._say(Word.NOTE, "This order waits for its label.")
            if order_id in self._open:
                return self._say(Word.REFUSED, "Its label is not void yet: the store is away.")
        return self._claimed(lambda: self.claims.named(self._packer, order_id))

    def keep_ready(self, wanted: int) -> None:
        """Lease so many orders ahead while somebody packs; asks the store."""
        packer = self._packer
        if packer and wanted and not self.reach.quarantined:
            self.claims.look(tuple(self._open))
        if packer and self._hand and not self.reach.quarantined:
            self.claims.fill(packer, wanted, tuple(self._open))
            with self._lock:
                if not self._packer:  # he signed out while the store was asked
                    self.claims.let_go(packer)

    def _claimed(self, claim: Callable[[], Lease | None]) -> View:
        """Ask for an order without the bench's lock: the store may be slow to answer."""
        if refused := self._refused():
            return refused
        try:
            lease = claim()
        except StoreError as error:
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

    # — scans and commands —
    def take_scan(self, text: str, *, whole: bool = True) -> View:
        """Judge one scan; when this returns, it is on the disk.

        Raises:
            JournalError: It could not be stored, and therefore did not happen.
        """
        self.scanned = self.reach.now()
        if refused := self._refused():
            return refused
        work = self._open.get(self._hand or "")
        if not whole:
            words = f"The code broke off after {len(text)} signs."
            return self._take(events.CutShort(len(text))) if work else self._say(Word.AGAIN, words)
        code = self.read(text)
        if code.kind == barcodes.Kind.BOX:
            return self._boxed(code.word)
        if work is None:
            return self._scan_at_queue(text)
        order_id = work.order.order_id
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
        return looking.asks(work.pack, code) if work else self._labelled_with(code) is None

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
        work = self._open.get(self._hand or "")
        return self._take(events.Parked(problem, work.pack.current_sku if work else "", note))

    def answer(self, *, yes: bool) -> View:
        """Answer the question on the screen: the rules' one, or whether a label came out."""
        with self._lock:
            work = self._open.get(self._hand or "")
            printing = self.shipping.printing(work.pack) if work else None
            if refused := self._refused():
                return refused
            if work and not work.pack.question and printing and printing.doubtful:
                self._record("print-answered", work, {"came_out": yes})
                words = self.shipping.answer(work.pack, came_out=yes)
                return self._say(Word.NOTE, words)
            return self._take(events.Answered(yes))

    def reprint(self) -> View:
        """Print the same label again; the journal knows who asked. It may ask the store."""
        work = self._open.get(self._hand or "")
        if not work or not work.pack.label or not work.pack.label.ours:
            return self._say(Word.REFUSED, "There is no label of ours to print.")
        if refused := self._refused():
            return refused
        words = self.shipping.reprint(work.lease, work.pack, f"asked by {self._packer}")
        outlet = self.shipping.outlet(work.pack.purchase_key)
        self._record("reprinted", work, {"words": words} | outlet)
        return self._say(Word.NOTE, words)

    # — what is due —
    def settle(self) -> View:
        """Do what is due about every open order: buy, void, print. Safe to call at any time.

        The carrier is called without the bench's lock, so that scans go on.
        """
        with self._settling:
            for order_id in tuple(self._open):
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
            self._take(event, order_id)
        if work and work.pack.label and work.pack.stage == Stage.LABEL:
            self.shipping.ensure_printed(work.lease, work.pack)

    # — the one way of every fact —
    def _take(self, event: Event, order_id: str | None = None, *, aloud: bool = False) -> View:
        with self._lock:
            work = self._open.get(order_id or self._hand or "")
            if work is None:
                return self._say(Word.NOTE, "Take an order first: scan NEXT or press Enter.")
            if order_id is None and (refused := self._refused()):
                return refused
            outcome = packing.apply(work.pack, event, self._rules)
            self._keep(event, work, outcome)
            after, verdict = replace(work, pack=outcome.pack), outcome.verdict
            self._open[work.order.order_id] = after
            words = shipping.parting_words(work.pack, outcome.pack, self.reach)
            self._hear(replace(verdict, text=verdict.text + words), None if aloud else order_id)
            self._leave(after)
            self.shipping.over(outcome.pack)
            return self.view

    def _hear(self, verdict: Verdict, order_id: str | None) -> None:
        """Show a verdict; what happens behind the screen only speaks up when it must."""
        if order_id is None or (order_id == self._hand and verdict.word != Word.NOTE):
            self._verdict = verdict

    def _keep(self, event: Event, work: Work, outcome: Outcome) -> None:
        before, after = work.pack, outcome.pack
        kind, data = shipping.facts(event, before, outcome)
        state = order_state(after)
        moved = state if state != order_state(before) else None
        over = after.stage in OVER and due(after) is None
        order_id, packer = work.order.order_id, self._packer or self._locked
        self._journal.append(kind, order_id, after.fence, packer, moved, data, over=over)

    def _leave(self, work: Work) -> None:
        """Let go of an order that is over; a stop stays on the screen until it was read."""
        order_id, pack = work.order.order_id, work.pack
        if pack.stage not in OVER:
            return
        if pack.stage == Stage.RELEASED:
            self.claims.gave_back(order_id)
        if pack.stage in HALTED and order_id not in self._read:
            return
        self._hand = None if self._hand == order_id else self._hand
        if due(pack) is None:
            del self._open[order_id]
            self._read.discard(order_id)

    def _record(self, kind: str, work: Work, data: dict[str, object]) -> None:
        self._journal.append(kind, work.order.order_id, work.pack.fence, self._packer, None, data)

    def _say(self, word: Word, text: str, code: str = "") -> View:
        self._verdict = Verdict(word, text, code)
        return self.view

    def _refused(self) -> View | None:
        """Say why nothing is accepted here at all; None while it is."""
        nobody = bool(self.reach.badges) and not self._packer
        why = self.reach.quarantined or ("Scan your badge first." if nobody else "")
        return self._say(Word.REFUSED, why) if why else None

    # — at the queue —
    def _scan_at_queue(self, text: str) -> View:
        code = self.read(text)
        if code.kind == barcodes.Kind.BAD:
            return self._say(Word.AGAIN, code.reason, code.text)
        if order_id := self._labelled_with(code):
            self._hand = order_id
            return self.take_scan(text)
        try:
            found = looking.at_queue(self._asked, code, self.reach.trouble)
        except StoreError as error:
            return self._say(Word.REFUSED, str(error), code.text)
        if found.order_id:
            view = self.open_order(found.order_id)
            return self.take_scan(text) if found.count_it and view.work else view
        return self._say(Word.UNKNOWN, found.words, code.text)

    def _labelled_with(self, code: barcodes.Code) -> str | None:
        labelled = ((i, w.pack.label) for i, w in tuple(self._open.items()) if w.pack.label)
        return next((i for i, label in labelled if labelling.is_label(code, label)), None)

    # — after a crash —
    def _resume(self) -> None:
        for lease, pack in claiming.resumed(self._journal, self._rules):
            self._open[lease.order.order_id] = Work(lease, pack)
        self._hand = next((i for i in reversed(self._open) if self._is_live(i)), None)
        self._show_halted(self._unread())
        self._own_load()
        self.shipping.tidy(set(self._open))
