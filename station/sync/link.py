"""The way between a station and the store: its journal up, stops and numbers down.

Entries go in order and have their effect once, whatever is lost on the way. It runs in a thread
of its own, never waits for the screen, and the screen never for it.
"""

from __future__ import annotations

import logging
import random
import secrets
import threading
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol

from station.errors import Quarantined, StationError, StoreRefused
from station.model import Stop, StopKind
from station.sync.pulsing import Pulsing

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.journal import Journal
    from station.model import Welcome
    from station.overview import Pulse
    from station.reach import Reach
    from station.store.port import OrderStore

log = logging.getLogger(__name__)

RENEW_S = 60.0
"""Seconds between two renewals of the leases; a lease lasts ten times as long."""
LOOK_S = 1.0
"""Seconds between two looks for stops while orders are on the bench."""
IDLE_S = 5.0
"""Seconds between two looks while none is: also how soon a lost store is noticed then."""
GATHER_S = 0.25
"""Seconds in which entries are gathered, so that a run of scans is one transaction."""
SERIALS = 50
"""Numbers for own labels that a station of a far store keeps for a cut of the network."""
_PAUSES_S = (1.0, 15.0)

LOST_WORDS = "The store gave this order away."


def greet(store: OrderStore, station_id: str, journal: Journal, run: str) -> Welcome:
    """Come to the store: it tells how far it has the journal, and whether it is this one.

    Raises:
        Quarantined: This memory is a copy or an old image of the one that the store knows.
    """
    welcome = store.hello(station_id, journal.presence(run))
    if journal.welcomed(welcome):
        log.warning("the store was restored: entries after %s go again", welcome.upto)
    return welcome


def deliver(store: OrderStore, station_id: str, journal: Journal) -> int:
    """Hand over everything that waits; return how many entries the store took.

    Raises:
        StationError: The store is away or refuses; nothing is lost, the rest stays.
    """
    taken = 0
    while entries := journal.pending():
        applied = store.apply(station_id, entries, journal=journal.id)
        if applied.conflicts:
            log.warning("the store kept %s without effect", applied.conflicts)
        journal.sent(applied.upto)
        taken += len(entries)
    return taken


class Listener(Protocol):
    """What the link tells about, and asks about the orders on the bench."""

    def leased(self) -> dict[str, int]:
        """Return the fences of the orders on the bench, by id."""
        ...

    def take_stop(self, stop: Stop) -> None:
        """Take in that an order must not be packed on."""
        ...

    def keep_ready(self, wanted: int) -> None:
        """Lease so many orders ahead; may ask the store."""
        ...


class Link:
    """Carries journal entries to the store, keeps the leases alive, and brings stops.

    Args:
        station_id: The station's name at the store.
        journal: What the station remembers.
        store: Where the entries go.
        bench: Is told of stops.
        reach: Where everybody reads how the way is.
        changed: Called in the link's thread when something changed that a screen shows.
        ahead: Orders to keep ready for a cut of the network.
        is_far: Whether the store is on another machine.
        pulse: Returns how the bench is, for the board; None: nobody is told.
    """

    def __init__(
        self,
        station_id: str,
        journal: Journal,
        store: OrderStore,
        bench: Listener,
        reach: Reach,
        changed: Callable[[], object] = lambda: None,
        *,
        ahead: int = 0,
        is_far: bool = False,
        pulse: Callable[[], Pulse] | None = None,
    ) -> None:
        self._station_id = station_id
        self._journal = journal
        self._store = store
        self._bench = bench
        self._reach = reach
        self._changed = changed
        self._ahead = ahead
        self._is_far = is_far
        self._pulsing = pulse and Pulsing(station_id, store, journal, reach, pulse)
        self._run_id = secrets.token_hex(8)
        self._known = False
        self._awake = threading.Event()
        self._urgent = threading.Event()
        self._stopping = threading.Event()
        self._draining = threading.Lock()
        self._failed = 0
        self._renewed = float("-inf")  # what was leased before may be lost by now
        self._thread = threading.Thread(target=self._run, name="link", daemon=True)

    def start(self) -> None:
        """Begin in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; nothing depends on it being called."""
        self._stopping.set()
        self._urgent.set()
        self._awake.set()
        if self._thread.is_alive():
            self._thread.join(2)

    def wake(self, *, urgent: bool = False) -> None:
        """Say that the journal has something new; urgent when an order left the bench."""
        if urgent:
            self._urgent.set()
        self._awake.set()

    def drain(self) -> int:
        """Hand over everything that waits; return how many entries the store took.

        Raises:
            StationError: The store is away or refuses; nothing is lost, the rest stays.
        """
        with self._draining:
            if not self._known:
                welcome = greet(self._store, self._station_id, self._journal, self._run_id)
                self._reach.heard_time(welcome.at)
                self._known = True
            return deliver(self._store, self._station_id, self._journal)

    def renew(self) -> None:
        """Keep the leases of the orders on the bench, and tell it of those that are lost."""
        held = self._bench.leased()
        fences = self._store.renew(self._station_id, list(held)) if held else {}
        # Only what is still on the bench now: it may have left meanwhile, by our own word.
        for order_id, fence in self._bench.leased().items():
            if order_id in held and fences.get(order_id) != fence and self._is_known(order_id):
                self._bench.take_stop(Stop(0, order_id, LOST_WORDS, StopKind.LOST))

    def _is_known(self, order_id: str) -> bool:
        # A store that was restored gives the order back to this bench as soon as it hears of it.
        return self._store.order(order_id) is not None

    def hear_stops(self) -> int:
        """Bring the store's stops to the bench; return how many there were."""
        stops = self._store.stops(self._station_id)
        for stop in stops:
            self._bench.take_stop(stop)
            self._store.answer_stop(stop.stop_id)
        return len(stops)

    def provide(self) -> None:
        """Get what the bench needs to go on when the network is cut."""
        try:
            self._bench.keep_ready(self._ahead)
        except Quarantined:
            raise
        except StoreRefused as error:  # it gives out none now; all else goes on
            log.info("no order is kept ready: %s", error)
        if self._is_far and self._journal.serials_left < SERIALS // 2:
            first = self._store.serials(self._station_id, SERIALS)
            self._journal.stock_serials(first, SERIALS)

    def once(self) -> None:
        """Do all of it once, and write down how it went; raises nothing."""
        try:
            heard = self._attempt()
            # Last of all, so that nothing waits for it.
            if self._pulsing and not self._failed and self._pulsing.once():
                heard = True
            if heard:
                self._changed()
        except Exception:  # a thread that dies would leave orders unconfirmed without a word
            log.exception("the link failed")

    def _attempt(self) -> bool:
        """Do all of it once; return whether a screen shows something else now."""
        try:
            taken = self._exchange()
        except Quarantined as error:
            log.error("quarantined: %s", error)  # noqa: TRY400 - the words say it
            self._reach.quarantined = str(error)
            self._journal.quarantine(str(error))
            return self._fail("QUARANTINED")
        except StationError as error:
            return self._fail(error.message.rstrip("."))
        except Exception:  # what is wrong with one answer may be right with the next
            log.exception("the link failed")
            return self._fail("a fault of the program, see station.log")
        return self._succeed(taken)

    def _exchange(self) -> int:
        is_due = time.monotonic() - self._renewed > RENEW_S or bool(self._failed)
        if is_due:
            # A store that was restored, or a copy that came, is not always noticed as a failure.
            self._known = False
        taken = self.drain()
        if is_due:
            self.renew()
            self._renewed = time.monotonic()
        taken += self.hear_stops()
        self.provide()
        return taken

    def _succeed(self, taken: int) -> bool:
        was, self._failed = self._reach.trouble, 0
        self._journal.quarantine("")
        self._reach.trouble = self._reach.quarantined = ""
        self._reach.since = self._reach.oldest = None
        self._reach.waiting = 0
        if was:
            log.info("the store is back")
        return bool(taken or was)

    def _fail(self, words: str) -> bool:
        # Whoever comes back says hello first: the store may not be the one that it was.
        self._known = False
        self._failed += 1
        before = (self._reach.trouble, self._reach.waiting)
        if not self._reach.trouble:
            log.warning("the store is away: %s", words)
            self._reach.since = datetime.now(UTC)
        self._reach.trouble = words
        self._reach.waiting = self._journal.backlog()
        self._reach.oldest = self._journal.oldest_pending()
        return before != (words, self._reach.waiting)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._awake.clear()
            self.once()
            if self._awake.wait(self._pause()) and not self._urgent.is_set():
                self._urgent.wait(GATHER_S)
            self._urgent.clear()

    def _pause(self) -> float:
        """Return seconds to wait: longer with each failure, never the same for two stations."""
        if not self._failed:
            owed = self._pulsing and self._pulsing.is_owed
            look_s = LOOK_S if owed or self._bench.leased() else IDLE_S
            return random.uniform(0.8, 1.2) * look_s
        first, longest = _PAUSES_S
        return random.uniform(0.5, 1) * min(longest, first * 2.0 ** min(self._failed - 1, 10))
