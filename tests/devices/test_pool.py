"""Several printers as one: who takes a paper, who stands in, and how they are meanwhile."""

from __future__ import annotations

import threading

import pytest

from station.devices import watching
from station.devices.pool import PAPERS, Pool
from station.devices.ports import Delivery, Health
from station.devices.printed import Printed
from station.devices.simulated import Fault, SimulatedPrinter
from station.devices.watching import Watch
from station.errors import DeviceAbsent, DeviceDoubtful, DeviceRefused

RULES = {
    "label": ("main", "spare"),
    "packing_slip": ("office",),
    "pick_list": ("office", "main"),
    "small": ("spare",),
}


class Room:
    """Three simulated printers, their pool, and seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.main, self.spare = Counted("main"), Counted("spare")
        self.office = Counted("office")
        printers = {"main": self.main, "spare": self.spare, "office": self.office}
        self.pool = Pool(printers, RULES, rest_s=(10.0, 40.0), ticks=lambda: self.seconds)

    def print(self, job: str, title: str = "label") -> Delivery:
        """Print a document of this title."""
        return self.pool.print(job, title, b"^XA^XZ")


class Counted(SimulatedPrinter):
    """A simulated printer that counts how often it was tried, and asked."""

    tries = 0
    asked = 0
    breaks = False
    """Raises where the port says that it never does."""

    def print(self, job: str, title: str, document: bytes) -> Delivery:
        """Count, and print."""
        self.tries += 1
        return super().print(job, title, document)

    def health(self) -> Health:
        """Count, and say how it is."""
        self.asked += 1
        if self.breaks:
            raise ValueError
        return super().health()


def printed_by(room: Room, job: str) -> str:
    """Return the name of the printer that a job went to."""
    printed = room.pool.printed(job)
    return printed.printer if printed else ""


@pytest.fixture
def room() -> Room:
    """Give a room where all is well."""
    return Room()


@pytest.mark.parametrize(
    ("title", "printer"),
    [
        ("label", "main"),
        ("packing-slip", "office"),
        ("pick-list wave 7", "office"),
        ("item", "spare"),
        ("bin", "spare"),
        ("tote", "spare"),
        ("return-label", "main"),
        ("", "main"),
    ],
)
def test_the_title_chooses_the_printer(room: Room, title: str, printer: str) -> None:
    """The first word of a title is the kind of paper; what is none goes where labels go."""
    assert room.print("a", title) is Delivery.SENT
    assert printed_by(room, "a") == printer
    assert room.pool.printed("a") == Printed(printer)
    assert set(PAPERS.values()) == set(RULES)


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault.ABSENT, "printed on spare: main is not reachable"),
        (Fault.REFUSED, "printed on spare: main has paper out"),
    ],
)
def test_another_printer_stands_in_where_nothing_was_sent(
    room: Room, fault: Fault, words: str
) -> None:
    """What the first printer does not take comes out of the next one, and that is told."""
    room.main.standing = fault
    room.print("a")
    assert room.spare.labels("a") == 1
    printed = room.pool.printed("a")
    assert printed is not None
    assert printed.words == room.pool.aside == words


@pytest.mark.parametrize("fault", [Fault.DOUBTFUL_LOST, Fault.DOUBTFUL_PRINTED])
def test_nobody_stands_in_for_a_doubtful_job(room: Room, fault: Fault) -> None:
    """A document whose bytes left goes to no second printer; the error says where to look."""
    room.main.script(fault)
    with pytest.raises(DeviceDoubtful, match=r"^Printer main: .*Look at printer main, then say"):
        room.print("a")
    assert room.spare.tries == 0
    assert printed_by(room, "a") == "main"


@pytest.mark.parametrize(
    ("spare", "kind"), [(Fault.ABSENT, DeviceAbsent), (Fault.REFUSED, DeviceRefused)]
)
def test_when_all_refuse_each_says_why(
    room: Room, spare: Fault, kind: type[DeviceAbsent | DeviceRefused]
) -> None:
    """The error names every printer with its reason, and nobody has printed."""
    room.main.standing, room.spare.standing = Fault.ABSENT, spare
    with pytest.raises(kind) as raised:
        room.print("a")
    assert type(raised.value) is kind
    reason = "not reachable" if spare is Fault.ABSENT else "paper out"
    assert raised.value.message == f"No printer takes it: main: not reachable; spare: {reason}."
    assert room.pool.printed("a") is None


def test_a_paper_with_one_printer_keeps_its_words(room: Room) -> None:
    """Where nobody can stand in, the printer's own error is what is said."""
    room.office.standing = Fault.REFUSED
    with pytest.raises(DeviceRefused, match=r"^Printer office: paper out. Load labels"):
        room.print("a", "packing-slip")


def test_a_printer_that_refused_rests_while_another_works(room: Room) -> None:
    """It is not asked again for each label, and comes back by itself after a while."""
    room.main.standing = Fault.ABSENT
    for job in "abc":
        room.print(job)
    assert (room.main.tries, room.spare.tries) == (1, 3)
    printed = room.pool.printed("c")
    assert printed is not None
    assert printed.words == "printed on spare: main is not reachable"
    room.main.standing = None
    room.seconds = 10.0
    room.print("d")
    assert room.pool.printed("d") == Printed("main")
    assert room.pool.aside == ""


def test_a_printer_that_goes_on_failing_rests_longer(room: Room) -> None:
    """The rest doubles up to its longest."""
    room.main.standing = Fault.ABSENT
    for second in range(200):
        room.seconds = float(second)
        room.print(f"{second}")
    assert room.main.tries == 7  # at 0, 10, 30, 70, 110, 150 and 190


def test_a_resting_printer_is_asked_where_no_other_takes_it(room: Room) -> None:
    """Resting only changes the order: nothing is refused because of it."""
    room.main.standing = Fault.REFUSED
    room.print("a")
    room.main.standing, room.spare.standing = None, Fault.REFUSED
    room.print("b")
    assert room.main.labels("b") == 1


def test_a_good_answer_ends_the_rest(room: Room) -> None:
    """A printer that says it is well is the first choice again at once."""
    room.main.standing = Fault.REFUSED
    room.print("a")
    room.main.standing = None
    assert room.pool.ask("main") == Health(ok=True, words="ok")
    room.print("b")
    assert printed_by(room, "b") == "main"


def test_somebody_who_mended_it_ends_the_rest(room: Room) -> None:
    """When a person asks for it, every printer is tried in its turn again."""
    room.main.standing = Fault.REFUSED
    room.print("a")
    room.main.standing = None
    room.pool.end_rests()
    room.print("b")
    assert printed_by(room, "b") == "main"


def test_each_tells_without_asking(room: Room) -> None:
    """What was learnt last is kept for every printer; looking at it asks nobody."""
    room.main.standing = Fault.REFUSED
    room.print("a")
    assert [(name, health.ok, health.words) for name, health in room.pool.each()] == [
        ("main", False, "paper out"),
        ("spare", True, "not asked yet"),
        ("office", True, "not asked yet"),
    ]
    assert room.main.asked == room.spare.asked == 0


def test_health_asks_every_printer(room: Room) -> None:
    """All is well only when each printer is; otherwise each that is not is named."""
    assert room.pool.health() == Health(ok=True, words="ok")
    room.main.standing, room.office.standing = Fault.REFUSED, Fault.ABSENT
    words = "main: paper out; office: not reachable"
    assert room.pool.health() == Health(ok=False, words=words)


def test_the_words_say_who_stands_in(room: Room) -> None:
    """A printer that is not well stands with the well one that does its work, if there is one."""
    assert room.pool.words == "ok"
    room.main.standing, room.office.standing = Fault.REFUSED, Fault.ABSENT
    room.pool.health()
    assert room.pool.words == "main: paper out → spare; office: not reachable"


def test_a_single_printer_needs_no_name() -> None:
    """With one printer its own words and errors are all that is told."""
    only = SimulatedPrinter("192.0.2.1:9100")
    pool = Pool({"main": only}, {"label": ("main",)})
    only.standing = Fault.REFUSED
    with pytest.raises(DeviceRefused, match=r"^Printer 192.0.2.1:9100: paper out"):
        pool.print("a", "tote", b"x")
    assert pool.words == "paper out"
    assert pool.health() == Health(ok=False, words="paper out")
    only.standing = None
    only.script(Fault.DOUBTFUL_LOST)
    with pytest.raises(DeviceDoubtful, match=r"^The connection to printer 192.0.2.1:9100 failed"):
        pool.print("b", "label", b"x")


def test_a_print_does_not_answer_what_was_not_asked(room: Room) -> None:
    """A printer that prints though something is wrong with it stays on the board."""
    room.main.standing = Fault.REFUSED
    room.pool.ask("main")
    room.main.standing = None
    room.print("a")
    assert printed_by(room, "a") == "main"
    assert room.pool.words == "main: paper out → spare"
    room.main.standing = Fault.REFUSED
    room.print("b")
    room.main.standing = None
    room.seconds = 10.0
    room.print("c")
    assert room.pool.words == "ok"


class Held:
    """A printer that is busy until it is let go."""

    name = "held"

    def __init__(self) -> None:
        self.busy, self.go_on = threading.Event(), threading.Event()
        self.asked_while_busy = False

    def print(self, job: str, title: str, document: bytes) -> Delivery:
        """Wait in the middle of the document."""
        del job, title, document
        self.busy.set()
        assert self.go_on.wait(10)
        self.busy.clear()
        return Delivery.SENT

    def health(self) -> Health:
        """Note whether a document is on its way."""
        self.asked_while_busy = self.busy.is_set()
        return Health(ok=True, words="ok")


def test_a_printing_printer_is_left_alone() -> None:
    """Nobody asks a printer that is printing; what was known of it is told meanwhile."""
    held = Held()
    pool = Pool({"main": held}, {"label": ("main",)})
    thread = threading.Thread(target=pool.print, args=("a", "label", b"x"))
    thread.start()
    assert held.busy.wait(10)
    assert pool.ask("main") == Health(ok=True, words="not asked yet")
    held.go_on.set()
    thread.join(10)
    assert not held.asked_while_busy
    assert pool.ask("main") == Health(ok=True, words="ok")


def test_the_watch_asks_who_was_idle(room: Room) -> None:
    """A printer is asked again some time after it was used or asked, and not before."""
    told: list[str] = []
    watch = Watch(room.pool, lambda: told.append(room.pool.words), every_s=30.0)
    watch.look()
    assert (room.main.asked, room.spare.asked, room.office.asked) == (1, 1, 1)
    room.seconds = 20.0
    room.print("a")
    room.seconds = 31.0
    watch.look()
    assert (room.main.asked, room.spare.asked, room.office.asked) == (1, 2, 2)


def test_the_watch_tells_only_what_is_new(room: Room) -> None:
    """Going on as before is no news; a printer that fails and one that is well again are."""
    told: list[str] = []
    watch = Watch(room.pool, lambda: told.append(room.pool.words), every_s=30.0)
    for second in range(0, 400, 40):
        room.seconds = float(second)
        room.main.standing = Fault.REFUSED if 100 < second < 200 else None
        watch.look()
    assert told == ["ok", "main: paper out → spare", "ok"]


def test_the_watch_asks_at_once_after_a_failure(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A printer that failed is asked soon, and that it is well again is told."""
    monkeypatch.setattr(watching, "LEAST_S", 0.01)
    well = threading.Semaphore(0)
    watch = Watch(room.pool, well.release, every_s=3600.0)
    watch.start()
    assert well.acquire(timeout=10)
    room.main.script(Fault.REFUSED)
    room.print("a")
    assert well.acquire(timeout=10)
    watch.stop(5.0)
    assert room.pool.words == "ok"
    assert room.main.asked == 2


def test_the_watch_outlives_a_driver_that_breaks_its_word(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A printer whose driver raises is told as not well, and all are asked again."""
    monkeypatch.setattr(watching, "LEAST_S", 0.01)
    told = threading.Semaphore(0)
    room.main.breaks = True
    watch = Watch(room.pool, told.release, every_s=3600.0)
    watch.start()
    assert told.acquire(timeout=10)
    assert dict(room.pool.each())["main"] == Health(ok=False, words="fault of the program")
    assert dict(room.pool.each())["spare"].ok
    room.main.breaks = False
    room.pool.end_rests()
    assert told.acquire(timeout=10)
    watch.stop(5.0)
    assert room.pool.words == "ok"


def test_one_printer_is_printed_on_by_its_name(room: Room) -> None:
    """What is meant for this printer comes out of no other, and how it went is known of it."""
    room.main.standing = Fault.REFUSED
    with pytest.raises(DeviceRefused, match="paper out"):
        room.pool.print_on("main", "test", "test-label", b"^XA^XZ")
    assert not room.spare.tries
    assert dict(room.pool.each())["main"] == Health(ok=False, words="paper out")
    room.main.standing = None
    room.pool.print_on("main", "test", "test-label", b"^XA^XZ")
    assert dict(room.pool.each())["main"].ok
    assert room.pool.aside == ""
