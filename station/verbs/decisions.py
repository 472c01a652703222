"""What a supervisor decides about orders, as commands: what is typed, and what it means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from station.acts import Act, ActKind
from station.model import OrderState

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from station.compose import Place

    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]  # noqa: SLF001 - no public name
    Places = Callable[[argparse.Namespace], Place]
    Run = Callable[[argparse.Namespace], int]

_ACTS = {
    "hold": (ActKind.HOLD, "hold orders; a bench that packs one is stopped (undo: resolve)"),
    "cancel": (ActKind.CANCEL, "cancel orders; a bench that packs one is stopped"),
    "prioritise": (ActKind.PRIORITISE, "put orders before all others in the queue"),
    "release": (ActKind.RELEASE, "take orders from their benches, back into the queue"),
}


def add(verbs: Parsers, place_of: Places) -> None:
    """Add the commands; place_of tells the data folder that is meant."""
    resolved = _verb(verbs, "resolve", "put held or parked orders back into the queue")
    resolved.set_defaults(run=_resolve(place_of))
    resolved.add_argument("orders", nargs="+", metavar="ORDER")
    resolved.add_argument("--to", choices=("queue", "cancelled"), default="queue")
    for name, (kind, words) in _ACTS.items():
        parser = _act(verbs, name, words, kind, place_of)
        parser.add_argument("orders", nargs="+", metavar="ORDER")
        if kind == ActKind.PRIORITISE:
            parser.add_argument("--undo", action="store_true", help="back to their usual place")
    given = _act(verbs, "reassign", "give an order to another bench", ActKind.REASSIGN, place_of)
    given.add_argument("order", metavar="ORDER")
    given.add_argument("station", metavar="STATION")
    _add_confirmations(verbs, place_of)


def _add_confirmations(verbs: Parsers, place_of: Places) -> None:
    words = "what the channel refused: tell it again, or settle it by hand"
    kinds = verbs.add_parser("confirmations", help=words).add_subparsers(
        required=True, metavar="list|retry|dismiss"
    )
    _verb(kinds, "list", "packages that were refused, and why").set_defaults(run=_refused(place_of))
    for name, kind, what in (
        ("retry", ActKind.RETRY, "tell the channel again"),
        ("dismiss", ActKind.DISMISS, "settled by hand: it is not told again"),
    ):
        parser = _act(kinds, name, what, kind, place_of)
        parser.add_argument("orders", nargs="+", metavar="ORDER")
        parser.add_argument("--package", type=int, default=1, metavar="N")


def _verb(verbs: Parsers, name: str, words: str) -> argparse.ArgumentParser:
    return verbs.add_parser(name, help=words, description=words)


def _act(
    verbs: Parsers, name: str, words: str, kind: ActKind, place_of: Places
) -> argparse.ArgumentParser:
    def run(options: argparse.Namespace) -> int:
        from station.verbs import orders

        return orders.decide(place_of(options), acts(kind, options), options.reason)

    parser = _verb(verbs, name, words)
    parser.add_argument("--reason", default="", help="why; a packer who is stopped reads it")
    parser.set_defaults(run=run)
    return parser


def _resolve(place_of: Places) -> Run:
    def run(options: argparse.Namespace) -> int:
        from station.verbs import orders

        to = OrderState.WAITING if options.to == "queue" else OrderState.CANCELLED
        return orders.resolve(place_of(options), options.orders, to)

    return run


def _refused(place_of: Places) -> Run:
    def run(options: argparse.Namespace) -> int:
        from station.verbs import orders

        return orders.show_refused(place_of(options))

    return run


def acts(kind: ActKind, options: argparse.Namespace) -> list[Act]:
    """Return what was decided about each order that was named."""
    if kind == ActKind.REASSIGN:
        return [Act(kind, options.order, station=options.station)]
    units = int(kind == ActKind.PRIORITISE and not options.undo)
    package = getattr(options, "package", 1)
    return [Act(kind, order_id, package, units=units) for order_id in options.orders]
