"""What the bench says to the packer: one thing to do, in the imperative; pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from station import capturing, scale_words
from station.devices.printed import reason
from station.model import ServiceClass, StopKind
from station.pack import HALTED, Stage

if TYPE_CHECKING:
    from station.counting import Line
    from station.reach import Reach
    from station.shipping import Printing
    from station.view import View, Work


_TITLE = 40
"""Characters of a title in a sentence; the whole of it stands above."""


@dataclass(frozen=True, slots=True)
class Next:
    """The biggest thing on the screen."""

    number: str
    """Units still to scan; empty where nothing is counted."""
    title: str
    detail: str = ""
    place: str = ""
    mind: str = ""
    """What must be done with this item beyond packing it."""
    unit: str = "MORE"
    """What the number counts."""


def next_thing(view: View) -> Next:
    """Return what the packer reaches for now."""
    work = view.work
    if view.quarantined:
        return Next("", "STOP: THIS BENCH IS QUARANTINED", mind=view.quarantined)
    if work is None:
        return Next("", "SCAN NEXT")
    if work.pack.stage in HALTED:
        why = work.pack.stop.reason if work.pack.stop else ""
        return Next("", _stop_title(work), _put_back(work), mind=why)
    if capture := capturing.waiting(work.pack.captures):
        return Next("", f"SCAN ITS {capture.need} CODE", work.pack.lines[capture.line].title)
    if work.pack.current is None:
        return _label(view, work)
    line = work.pack.lines[work.pack.current]
    place = f"bin {line.bin}" if line.bin else ""
    return Next(str(line.left), line.title, line.sku, place, mind(line))


def mind(line: Line) -> str:
    """Return what the packer must do with an item beyond packing it; '' for nothing."""
    return ", ".join(word.partition(":")[2] for word in line.requires if word.startswith("ack:"))


def _weigh(view: View, work: Work) -> Next:
    scale, title = view.scale, scale_words.title(view.scale, work.pack.weight)
    if scale is None:
        return Next("", title, "It was weighed at another bench.")
    if scale.trouble:
        return Next("", title, scale.remedy, mind=scale.trouble)
    number, wanted = scale_words.number(scale), scale.wanted
    detail, box = scale_words.detail(wanted), scale_words.box(wanted)
    return Next(number, title, detail, box, unit="GRAMS")


def _label(view: View, work: Work) -> Next:
    if work.pack.stage == Stage.WEIGH:
        return _weigh(view, work)
    if work.pack.is_voiding:
        return Next("", "DESTROY THE LABEL", "It is being made void.", mind=view.away)
    return _new_label(view, work)


def _new_label(view: View, work: Work) -> Next:
    pack = work.pack
    if pack.label and pack.wanted and view.away:
        old = f"Label …{pack.label.tracking_id[-6:]} is made void when it is back."
        return Next("", "THE STORE IS AWAY", old, mind=view.away)
    if pack.label and pack.label.ours:
        if view.printing and not view.printing.sent:
            what, _, remedy = view.printing.words.partition(". ")
            unsure = "DID THE LABEL COME OUT?"
            title = unsure if view.printing.doubtful else "LABEL BOUGHT, NOT PRINTED"
            return Next("", title, remedy, mind=what)
        known = pack.label.carrier_code != "Other"
        name = pack.label.carrier_name if known else "SSCC"
        return Next("", "SCAN THE LABEL", f"{name} …{pack.label.tracking_id[-6:]}")
    if pack.wanted and view.away:
        return Next("", "THE STORE IS AWAY", "The label is bought when it is back.", mind=view.away)
    if pack.wanted:
        return Next("", "LABEL IS COMING", pack.wanted.carrier_name)
    return Next("", "SCAN THE CARRIER LABEL", "All units are in the box.")


def sentence(view: View) -> str:
    """Return what to do next, in one sentence."""
    work = view.work
    if view.quarantined:
        out = " Enter signs you out." if work else ""
        return f"Call the supervisor: this bench may not pack.{out}"
    if work is None:
        return _queue_sentence(view)
    pack = work.pack
    if pack.stage in HALTED:
        return _stop_sentence(work)
    return _working_sentence(view, work)


def locked(view: View) -> str:
    """Return what waits behind a locked screen; nothing of what is in the box."""
    work = view.work
    if work is None:
        return "Locked: scan your badge."
    done = sum(line.done for line in work.pack.lines)
    units = done + work.pack.left
    return f"Locked: {done} of {units} packed in order {work.order.order_id}; scan your badge."


def _queue_sentence(view: View) -> str:
    if not view.away:
        return "Scan NEXT or press Enter; or scan an order, or an order’s only item."
    if view.ready:
        return "Scan NEXT or press Enter: an order is kept ready."
    return "No order can be taken until the store is back."


def _working_sentence(view: View, work: Work) -> str:
    pack = work.pack
    if pack.question:
        return f"{pack.question.text} YES F7 · NO F8"
    if capture := capturing.waiting(pack.captures):
        return f"Scan the {capture.need} code of this {_short(pack.lines[capture.line].title)}."
    if pack.current is not None:
        return _scan(pack.lines[pack.current])
    if pack.stage == Stage.WEIGH:
        return scale_words.sentence(view.scale, pack.weight)
    if pack.is_voiding:
        return "Take the label off the box and destroy it; another one can be made then."
    return _label_sentence(view, work)


def _label_sentence(view: View, work: Work) -> str:
    if work.pack.wanted and view.away:
        return "Close the box and keep it here: its label waits for the store."
    if work.pack.wanted:
        return "Close the box; the label is being made."
    if not work.pack.label:
        ours = ", or press Enter to print one" if view.own_label else ""
        return f"Scan the tracking barcode of the carrier label{ours}."
    return _printing_sentence(view.printing)


def _printing_sentence(printing: Printing | None) -> str:
    if printing and printing.doubtful:
        return "Look at the printer: did this label come out whole? YES F7 · NO F8"
    if printing and printing.stopped:
        return "F5 tries again; or scan a label from elsewhere; or F6: set aside and go on."
    if printing and not printing.sent:
        return "Mend the printer, the label comes then; or F6: set aside and go on."
    return "Stick the label on the box and scan its big barcode at the bottom."


def _scan(line: Line) -> str:
    if not line.has_barcode:
        return "No barcode on file: check it by eye, then press F12 for each unit."
    return f"Scan the {'next' if line.done else 'first'} {_short(line.title)}."


def _short(title: str) -> str:
    return title if len(title) <= _TITLE else title[: _TITLE - 1].rstrip() + "…"


_STOPS = {
    StopKind.HELD: "STOP: ON HOLD",
    StopKind.CANCELLED: "STOP: CANCELLED",
    StopKind.TAKEN_OVER: "STOP: NOT HERE ANY MORE",
    StopKind.LOST: "STOP: NOT HERE ANY MORE",
    StopKind.RELEASED: "STOP: NOT HERE ANY MORE",
}
_BRING = frozenset({StopKind.TAKEN_OVER, StopKind.RELEASED})
"""Stops whose reason says where the box goes, as it is."""


def _stop_title(work: Work) -> str:
    return _STOPS.get(work.pack.stop.kind, "STOP") if work.pack.stop else "STOP"


def _stop_sentence(work: Work) -> str:
    then, short = "then press Enter or scan YES.", "Enter or scan YES."
    stop, pack = work.pack.stop, work.pack
    if stop and stop.kind in _BRING:
        return f"Bring the box there, with its label; {then}"
    if pack.label and pack.stage == Stage.STOPPED:
        number = pack.label.tracking_id[-6:]
        return f"Put units back, destroy label …{number} (void requested); {short}"
    if pack.attempts:
        return f"Put every unit back, destroy the label (it is void); {short}"
    return f"Put every unit back and destroy any label; {then}"


def _put_back(work: Work) -> str:
    stop = work.pack.stop
    if stop and stop.kind in _BRING:
        packed = sum(line.done for line in work.pack.lines)
        return f"{packed} {'unit is' if packed == 1 else 'units are'} in the box."
    units = [
        f"{line.done} × {line.sku} to {line.bin or 'its bin'}"
        for line in work.pack.lines
        if line.done
    ]
    return f"Put back: {', '.join(units)}." if units else "Nothing is in the box yet."


def printer_words(words: str, waiting: int) -> str:
    """Return why labels wait in a few words, for the status row.

    >>> printer_words("The printer at 10.0.0.5:9100 is not reachable (timed out). Switch it on.", 2)
    '2 wait: not reachable (timed out)'
    """
    return f"{waiting} {'waits' if waiting == 1 else 'wait'}: {reason(words)}"


def store_words(reach: Reach, now: datetime) -> str:
    """Return how the way to the store is, for the status row."""
    if not reach.trouble:
        return f"ok, {clock_words(reach.skew)}" if reach.skew else "ok"
    if reach.quarantined:
        return "QUARANTINED"
    since = f" since {clock(reach.since)}" if reach.since else ""
    if not reach.waiting or reach.oldest is None:
        return f"AWAY{since}"
    minutes = max(0, int((now - reach.oldest).total_seconds() // 60))
    count = f"{reach.waiting} {'waits' if reach.waiting == 1 else 'wait'}"
    return f"AWAY{since}, {count} (oldest {minutes} min)"


def clock_words(skew: timedelta) -> str:
    """Return how wrong this machine's clock is.

    >>> clock_words(timedelta(days=-1))
    'clock 24 h fast'
    """
    minutes = int(abs(skew).total_seconds() // 60)
    size = f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
    return f"clock {size} {'slow' if skew > timedelta(0) else 'fast'}"


def due_in(ship_by: datetime, now: datetime) -> str:
    """Return the time to a deadline in a few signs, late ones first of all as a word.

    >>> due_in(datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2026, 1, 1, 10, 30, tzinfo=UTC))
    '1 h 30'
    """
    left = ship_by - now
    minutes = int(abs(left).total_seconds() // 60)
    words = f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02}"
    if minutes >= 48 * 60:
        words = f"{minutes // 1440} days"
    return f"LATE {words}" if left < timedelta(0) else words


def service_word(service: ServiceClass) -> str:
    """Return a service class for a column of nine signs; nothing for the usual one."""
    return "" if service == ServiceClass.STANDARD else service.name


def clock(at: datetime) -> str:
    """Return the local time of day."""
    return at.astimezone().strftime("%H:%M")


def day_end(now: datetime, ends: str) -> datetime:
    """Return today's last pick-up in UTC; an hour later than now where it has passed."""
    local = now.astimezone()
    hour, _, minute = ends.partition(":")
    end = local.replace(hour=int(hour), minute=int(minute or 0), second=0, microsecond=0)
    return max(end, local + timedelta(hours=1)).astimezone(UTC)
