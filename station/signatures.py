"""What a supervisor signs at the bench, as questions on the screen; bench and store do it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from station import commands
from station.acts import ActKind
from station.barcodes import Kind
from station.errors import Quarantined, StationError, StoreRefused
from station.overrides import done_of
from station.screens.lookup import LookupScreen
from station.screens.problem import ProblemScreen
from station.screens.signing import SignScreen
from station.signed_acts import AWAY
from station.weighing import verdict

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.acts import Signature
    from station.app import StationApp
    from station.bench import Bench
    from station.commands import Command
    from station.counting import Line
    from station.desk import Desk
    from station.floor import Floor
    from station.view import Work

_KINDS = {
    commands.SHIP_SHORT: ActKind.SHIP_SHORT,
    commands.TEACH: ActKind.TEACH,
    commands.VOID: ActKind.VOID,
    commands.PROPOSE: ActKind.TEACH,
    commands.WEIGHT: ActKind.WEIGHT,
}


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that needs a signature."""

    title: str
    detail: str
    reasons: tuple[str, ...]
    act: Callable[[Bench, Signature], object]
    """What is done with it; a text that it returns is shown in the search."""


class Signatures:
    """Asks for signatures and has the acts done behind the screen."""

    def __init__(self, app: StationApp, floor: Floor, desk: Desk) -> None:
        self._app = app
        self._desk = desk
        self._bench: Bench = floor.bench
        self._reach = floor.reach

    def offers(self) -> tuple[Command, ...]:
        """Return what can be done now about the order in hand, beyond parking it."""
        possible = [command for command, kind in _KINDS.items() if not self._bench.why_not(kind)]
        signed = bool(self._reach.badges)
        return tuple(c for c in possible if signed or c == commands.PROPOSE)

    def takes(self, command: Command) -> bool:
        """Begin what a command asks for; False: it is none of these."""
        screen = self._app.screen
        if command == commands.REPRINT and isinstance(screen, LookupScreen):
            self._ask_reprint(screen)
            return True
        if command not in _KINDS:
            return False
        if isinstance(screen, ProblemScreen):
            self._app.pop_screen()
        work = self._app.view.work
        if why := self._why_not(command):
            self._desk.do(lambda bench: bench.complain(why))
        elif command == commands.PROPOSE:
            self._desk.do(lambda bench: bench.propose())
        elif work:
            self._ask(_question(command, work, self._bench.unknown))
        return True

    def _why_not(self, command: Command) -> str:
        if why := self._bench.why_not(_KINDS[command]):
            return why
        return "" if command == commands.PROPOSE else self._why_nobody()

    def _why_nobody(self) -> str:
        if self._reach.trouble:
            return AWAY
        if not self._reach.badges:
            return "Nobody can sign here yet: the owner adds people with `station user add`."
        return ""

    def _ask_reprint(self, screen: LookupScreen) -> None:
        order = screen.chosen
        if order is None:
            screen.say("", "First find the one order whose label is to be printed again.")
        elif why := self._why_nobody():
            screen.say(order.order_id, why)
        else:
            order_id = order.order_id
            self._ask(
                Question(
                    "PRINT THE LABEL AGAIN",
                    f"Order {order_id}: destroy the other label. Two parcels under one number"
                    " are one parcel too many.",
                    ("Label torn or lost", "Badly printed"),
                    lambda bench, signature: bench.reprint_closed(order_id, signature),
                )
            )

    def _ask(self, question: Question, reason: str = "", who: str = "", words: str = "") -> None:
        screen = SignScreen(
            question.title,
            question.detail,
            needs_badge=True,
            reasons=question.reasons,
            read_badge=self._badge,
            reason=reason,
            who=who,
            words=words,
        )
        self._app.push_screen(screen, lambda signature: self._sign(question, signature))

    def _badge(self, text: str) -> str | None:
        code = self._bench.read(text)
        return code.word if code.kind == Kind.BADGE else None

    def _sign(self, question: Question, signature: Signature | None) -> None:
        if signature is not None:
            self._desk.later(lambda: self._do(question, signature))

    def _do(self, question: Question, signature: Signature) -> None:
        """Have it done, in the lane; what was answered is kept for another try, but the PIN."""
        call = self._app.call_later
        try:
            said = question.act(self._bench, signature)
        except Quarantined as error:
            call(self._tell, str(error))
        except StoreRefused as error:
            call(self._ask, question, signature.reason, signature.who, str(error))
        except StationError as error:
            call(self._tell, str(error))
        else:
            call(self._tell, said if isinstance(said, str) else "")

    def _tell(self, words: str) -> None:
        screen = self._app.screen
        if words and isinstance(screen, LookupScreen) and screen.chosen:
            screen.say(screen.chosen.order_id, words)
        elif words:
            self._bench.complain(words)
        self._desk.show()


def _question(command: Command, work: Work, code: str) -> Question:
    if command == commands.VOID:
        return _void(work)
    if command == commands.WEIGHT:
        return _weight(work)
    line = next(line for line in work.pack.lines if line.sku == work.pack.current_sku)
    return _short(work, line.title) if command == commands.SHIP_SHORT else _teach(work, line, code)


def _void(work: Work) -> Question:
    number = work.pack.label.tracking_id[-6:] if work.pack.label else ""
    order_id = work.order.order_id
    return Question(
        "MAKE THE LABEL VOID",
        f"Label …{number} is void then: destroy it. The order stays here for another one.",
        ("Wrong carrier or service", "Label damaged", "Other box"),
        lambda bench, signature: bench.void(order_id, signature),
    )


def _weight(work: Work) -> Question:
    order_id, weight, weight_g = work.order.order_id, work.pack.weight, work.pack.weight_g or 0
    said = verdict(weight).text.partition(". ")[0] if weight else ""
    return Question(
        "ACCEPT THE WEIGHT",
        f"{said}. The parcel goes out as it is.",
        ("Looked into the box, all is right", "Other box or more padding", "Wrong on file"),
        lambda bench, signature: bench.accept_weight(order_id, weight_g, signature),
    )


def _short(work: Work, title: str) -> Question:
    order_id, sku = work.order.order_id, work.pack.current_sku
    wanted = sum(line.needed for line in work.pack.lines if line.sku == sku)
    return Question(
        "SHIP SHORT",
        f"{done_of(work.pack, sku)} of {wanted} go out, the others do not: {title}.",
        ("Not on the shelf", "Damaged", "The buyer agreed"),
        lambda bench, signature: bench.ship_short(order_id, sku, signature),
    )


def _teach(work: Work, line: Line, code: str) -> Question:
    order_id, sku = work.order.order_id, line.sku
    return Question(
        "TEACH A CODE",
        f"From now on {code} is one {line.title}, at every bench.",
        ("New packing", "No barcode on file"),
        lambda bench, signature: bench.teach(order_id, code, sku, signature),
    )
