"""`station journal show ORDER`, `station journal verify` and `station journal renew`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from station import compose, upkeep, verifying
from station.text import plain, visible
from station.verbs import FAILED, OK

if TYPE_CHECKING:
    from station.acts import Head
    from station.compose import Place
    from station.model import Entry


def show(place: Place, order_id: str) -> int:
    """Print every entry about an order, in words."""
    entries = upkeep.journal_entries(place, order_id) or _of_store(place, order_id)
    if not entries:
        print(f"Nothing is written about {plain(order_id, 80)}.")
        return FAILED
    for entry in entries:
        print(_row(entry))
    return OK


def _of_store(place: Place, order_id: str) -> tuple[Entry, ...]:
    """Return what all benches told the store about an order."""
    store = compose.open_store(place)
    found = store.history(order_id)
    store.close()
    return tuple(entry for _station, entry in found)


def _row(entry: Entry) -> str:
    when = f"{entry.at.astimezone():%Y-%m-%d %H:%M:%S}"
    told = ", ".join(f"{key} {visible(str(value), 60)}" for key, value in entry.data.items())
    state = f" → {entry.state}" if entry.state else ""
    return f"{entry.seq:>7}  {when}  {plain(entry.packer, 20):<12} {entry.kind:<12}{state}  {told}"


def verify(place: Place, report: Head | None) -> int:
    """Follow the journal and the audit log, and name the first bad line of each."""
    code = OK
    for chain in verifying.verify(place, report):
        for words in chain.findings or (chain.words,):
            print(f"{'LOOK' if chain.findings else 'ok  '}  {chain.name:<10} {words}", flush=True)
        code = FAILED if chain.findings else code
    return code


def renew(place: Place) -> int:
    """Begin a new journal where the store does not trust the old one; nothing of it is lost."""
    kept, waiting, orders = upkeep.renew_journal(place)
    print(f"The old journal is kept as {kept.name}.")
    print(f"{waiting} entries that the store had not taken go to it when the bench starts.")
    if orders:
        print(f"Open at that time: {', '.join(orders)}. Look for their boxes first,")
        print("then scan the order: what the store knows of it counts.")
    return OK
