"""The scale at a bench: a weight is taken by itself, a kind of box by its barcode."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from station import events, weighing
from station.pack import Stage, Word

if TYPE_CHECKING:
    import threading

    from station.devices.weighing import Weight
    from station.events import Event
    from station.pack import Rules
    from station.pan import OnScale, Pan
    from station.reach import Reach
    from station.view import View, Work

_PACKING = frozenset({Stage.VERIFY, Stage.WEIGH})


class WeighingHere(ABC):
    """The part of the bench that weighs."""

    reach: Reach
    pan: Pan | None = None
    """What lies on the scale; None where there is none."""
    _lock: threading.RLock
    _rules: Rules
    _packer: str
    _open: dict[str, Work]
    _hand: str | None

    @abstractmethod
    def _say(self, word: Word, text: str, code: str = "") -> View: ...

    @abstractmethod
    def _take(self, event: Event, order_id: str | None = None, *, aloud: bool = False) -> View: ...

    def weight_waits(self) -> bool:
        """Tell whether a weight of the parcel in hand is to be judged; quick, asks nobody."""
        with self._lock:
            return self._weighed() is not None

    def take_weight(self) -> View | None:
        """Judge the weight of the parcel in hand; None when there is none to judge.

        Raises:
            JournalError: It could not be stored, and therefore did not happen.
        """
        with self._lock:
            found = self._weighed()
            if found is None or self.pan is None:
                return None
            event, weight = found
            self.pan.judged(weight)
            return self._take(event)

    def go_unweighed(self) -> View:
        """Let the parcel in hand go without a weight, while the scale is away."""
        work = self._open.get(self._hand or "")
        trouble = self.pan.trouble if self.pan else "this bench has no scale"
        if work and work.pack.stage == Stage.WEIGH and not work.pack.weight:
            if not trouble:
                return self._say(Word.REFUSED, "The scale answers: put the parcel on it.")
            if self._rules.weight_required:
                text = "No parcel leaves here unweighed: mend the scale, or park the order (F4)."
                return self._say(Word.REFUSED, text)
        return self._take(events.Unweighed(trouble))

    def _own_load(self) -> None:
        """After a start, take what lies on the scale for the parcel that waits for its weight."""
        work = self._open.get(self._hand or "")
        if self.pan and work and work.pack.stage == Stage.WEIGH:
            self.pan.own(_parcel(work))

    def _boxed(self, code: str) -> View:
        """Take the barcode of a kind of box."""
        box = weighing.box_of(self._rules, code)
        if box is None:
            text = f"Box {code} is not known here: [boxes.{code}] is missing in station.toml."
            return self._say(Word.UNKNOWN, text)
        view = self._take(events.Boxed(box.code, box.tare_g, box.name))
        if self.pan:
            self.pan.judge_again()
        return view

    def _on_scale(self, work: Work | None) -> OnScale | None:
        """Return what the scale shows, while that is what is waited for."""
        if self.pan is None or work is None or work.pack.stage != Stage.WEIGH:
            return None
        # At the latest now it is noticed what lies there while the parcel begins to wait.
        self.pan.look(_parcel(work), waits=True)
        wanted = weighing.weighed(work.lease, work.pack, self._rules, 0)
        required = self._rules.weight_required
        return self.pan.shows(_parcel(work), wanted, required=required)

    def _weighed(self) -> tuple[events.Weighed, Weight] | None:
        work = self._open.get(self._hand or "")
        if self.pan is None or work is None or work.pack.stage not in _PACKING:
            return None
        waits = work.pack.stage == Stage.WEIGH
        weight = self.pan.look(_parcel(work), waits=waits)
        busy = work.pack.question or not self._packer or self.reach.quarantined
        if weight is None or busy:
            return None
        event = weighing.weighed(work.lease, work.pack, self._rules, weight.grams)
        known = event.expected_g is not None
        is_early = self.pan.is_early(weight, known=known) and not (known and event.fits)
        return None if is_early else (event, weight)


def _parcel(work: Work) -> str:
    return f"{work.order.order_id}/{work.pack.package}"
