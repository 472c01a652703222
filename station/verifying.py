"""What this machine can tell of the two chains: its own journal, and the store's audit log.

The journal is compared with what the store was told of it, the audit log with what this bench was
told of it: each keeps for the other what a chain alone cannot show.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from station import compose
from station.acts import Anchors, Head
from station.chain import Finding
from station.errors import StationError
from station.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from station.compose import Place
    from station.journal_chain import Anchor, Look
    from station.store.audit import AuditLook
    from station.store.copies import Copy
    from station.store.port import OrderStore

_ASKED = 200
"""Lines of the audit log that the store is asked for at once."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of one chain."""

    name: str
    words: str
    """What was looked at, when nothing is wrong."""
    findings: tuple[str, ...] = ()
    """What is wrong, the first bad line first."""


@dataclass(frozen=True, slots=True)
class _Store:
    """What the store said; all of it is empty when it could not be asked."""

    trouble: str = ""
    journal: Head | None = None
    audit: tuple[Head, ...] = ()
    log: AuditLook | None = None
    """The whole log, where the store is on this machine."""


def verify(place: Place, report: Head | None = None) -> Iterator[Checked]:
    """Yield what is found of each chain; report: the last line of a report of a day.

    Raises:
        JournalError: The file is no journal, or that of a newer version.
    """
    if not place.journal_path.exists():
        yield Checked("journal", "0 entries: no bench has worked in this data folder")
        yield from _at_store(place, _ask(place, (), report), (), report)
        return
    journal = Journal(place.journal_path, read_only=True)
    anchors, epoch = journal.anchors(), journal.presence("").epoch
    # The store is asked first: what it was told of is in the journal by now.
    store = _ask(place, anchors, report)
    try:
        yield _journal(journal, store)
    except StationError as error:
        yield Checked("journal", "", (str(error),))
    journal.close()
    yield from _at_store(place, store, anchors, report, epoch)


def _at_store(
    place: Place,
    store: _Store,
    anchors: Sequence[Anchor],
    report: Head | None,
    epoch: int = 0,
) -> Iterator[Checked]:
    yield _audit(store, anchors, report, epoch)
    if not (place.is_far or store.trouble):
        near = compose.open_database(place)
        found = near.walk_copies()
        near.close()
        yield from _copies(found)


def _ask(place: Place, anchors: Sequence[Anchor], report: Head | None) -> _Store:
    seqs = {anchor.head.seq for anchor in anchors} | ({report.seq} if report else set())
    try:
        if place.is_far:
            far = compose.open_store(place)
            told = _told(far, place.settings.station.id, sorted(seqs))
            far.close()
            return _Store("", told.journal, told.audit)
        near = compose.open_database(place)
        told = _told(near, place.settings.station.id, sorted(seqs))
        found = _Store("", told.journal, told.audit, near.walk_audit())
        near.close()
    except StationError as error:
        return _Store(error.message.rstrip("."))
    return found


def _told(store: OrderStore, station: str, seqs: Sequence[int]) -> Anchors:
    told = store.anchors(station, seqs[:_ASKED])
    for at in range(_ASKED, len(seqs), _ASKED):
        more = store.anchors(station, seqs[at : at + _ASKED])
        told = replace(told, audit=told.audit + more.audit)
    return told


def _journal(journal: Journal, store: _Store) -> Checked:
    known = store.journal or Head()
    found = journal.look(known.seq)
    wrong = [found.wrong] if found.wrong else []
    if known.seq > found.head.seq and not wrong:
        words = f"Entry {found.head.seq + 1} is missing: the store was told of entry {known.seq}."
        wrong = [Finding(found.head.seq + 1, words)]
    elif found.asked not in {"", known.hash}:
        words = f"Entry {known.seq} is not the one that the store was told of."
        wrong.append(Finding(known.seq, words))
    words = f"{_entries(found.head.seq)}, none missing, none changed"
    return Checked(
        "journal",
        "; ".join((words, *_made(found), _compared(store, known))),
        (*_first(wrong), *_clock("Entry", found.back)),
    )


def _made(found: Look) -> tuple[str, ...]:
    if found.made_upto is None:
        return ("not chained yet: start this version of the bench once",)
    upto = found.made_upto
    return (f"entries to {upto} were chained when the program was upgraded",) if upto else ()


def _compared(store: _Store, known: Head) -> str:
    if store.trouble:
        return f"not compared with the store: {store.trouble}"
    return f"the store knows entry {known.seq}" if known.seq else "the store was told of none yet"


def _audit(store: _Store, anchors: Sequence[Anchor], report: Head | None, epoch: int) -> Checked:
    if store.trouble:
        findings = ("The line of the report was not compared.",) if report else ()
        return Checked("audit log", f"not compared: {store.trouble}", findings)
    wrong = [store.log.wrong] if store.log and store.log.wrong else []
    have = {head.seq: head.hash for head in store.audit}
    wrong += _strange(have, anchors, epoch)
    if report and have.get(report.seq) != report.hash:
        words = "not the one of the report" if report.seq in have else "missing: the report has it"
        wrong.append(Finding(report.seq, f"Audit entry {report.seq} is {words}."))
    back = store.log.back if store.log else ()
    words = _looked_at(store.log, len(anchors), report)
    return Checked("audit log", words, (*_first(wrong), *_clock("Audit entry", back)))


def _copies(found: Sequence[Copy]) -> Iterator[Checked]:
    if not found:
        return
    waiting = [copy.station for copy in found if copy.upto < copy.told.seq]
    later = f"; entries of {', '.join(waiting)} are still on the way" if waiting else ""
    journals = "1 journal" if len(found) == 1 else f"{len(found)} journals"
    words = f"the store's copies of {journals} are what the benches told{later}"
    yield Checked("copies", words, tuple(copy.wrong for copy in found if copy.wrong))


def _strange(have: dict[int, str], anchors: Iterable[Anchor], epoch: int) -> list[Finding]:
    return [
        Finding(anchor.head.seq, _not_told(anchor, have, epoch))
        for anchor in anchors
        if have.get(anchor.head.seq) != anchor.head.hash
    ]


def _not_told(anchor: Anchor, have: dict[int, str], epoch: int) -> str:
    when = f"{anchor.at.astimezone():%Y-%m-%d %H:%M}"
    strange = "not the one this bench was told"
    what = strange if anchor.head.seq in have else "missing: this bench was told of it"
    since = " The store was restored from a backup since." if anchor.epoch < epoch else ""
    return f"Audit entry {anchor.head.seq} is {what} on {when}.{since}"


def _looked_at(log: AuditLook | None, anchors: int, report: Head | None) -> str:
    whole = f"{_entries(log.head.seq)}, none missing, none changed; " if log else ""
    last = ", and the report's" if report else ""
    there = "" if log else "; the store's own machine can follow all of it"
    fit = "1 anchor of this bench fits" if anchors == 1 else f"{anchors} anchors of this bench fit"
    return f"{whole}{fit}{last}{there}"


def _entries(number: int) -> str:
    return "1 entry" if number == 1 else f"{number} entries"


def _first(found: Sequence[Finding]) -> tuple[str, ...]:
    if not found:
        return ()
    more = (f"{len(found) - 1} more do not fit.",) if len(found) > 1 else ()
    return (min(found).words, *more)


def _clock(word: str, back: Iterable[tuple[int, int]]) -> tuple[str, ...]:
    return tuple(
        f"{word} {seq} was written with the clock set back by {behind_s} s."
        for seq, behind_s in back
    )
