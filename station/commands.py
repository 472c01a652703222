"""Every command of the bench, declared once; keys, footer, help and barcodes follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Screen(StrEnum):
    """Where a command can be given."""

    SIGN_IN = "sign_in"
    QUEUE = "queue"
    PACK = "pack"
    PROBLEM = "problem"
    LOOKUP = "lookup"


@dataclass(frozen=True, slots=True)
class Command:
    """One thing a packer can ask for, by barcode everywhere and by key where it makes sense."""

    word: str
    """What the barcode says after `CMD:`."""
    label: str
    """Two words at most, for the footer."""
    help: str
    """One sentence in the imperative."""
    keys: tuple[tuple[Screen, str], ...]
    """The key on each screen that has the command."""

    def key(self, screen: Screen) -> str | None:
        """Return the key on a screen, in Textual's spelling."""
        return dict(self.keys).get(screen)


_EVERYWHERE = (Screen.QUEUE, Screen.PACK, Screen.PROBLEM, Screen.LOOKUP)


def _on(key: str, *screens: Screen) -> tuple[tuple[Screen, str], ...]:
    return tuple((screen, key) for screen in screens)


NEXT = Command(
    "NEXT", "next order", "Take the most urgent order of the queue.", _on("enter", Screen.QUEUE)
)
DONE = Command(
    "DONE",
    "label",
    "Print our label, where it does not come by itself.",
    _on("enter", Screen.PACK),
)
HELP = Command("HELP", "help", "Show what every key does here.", _on("f1", *_EVERYWHERE))
WEIGH = Command(
    "WEIGH",
    "no scale",
    "Go on without a weight while the scale is away.",
    _on("f2", Screen.PACK),
)
SHORT = Command(
    "SHORT",
    "short",
    "Park the order: too few units on the shelf.",
    _on("f2", Screen.PROBLEM),
)
UNDO = Command("UNDO", "undo", "Take back the last scanned unit.", _on("f3", Screen.PACK))
DAMAGED = Command(
    "DAMAGED", "damaged", "Park the order: a unit is damaged.", _on("f3", Screen.PROBLEM)
)
PROBLEM = Command("PROBLEM", "problem", "Say what is wrong with the order.", _on("f4", Screen.PACK))
MISSING = Command(
    "MISSING", "missing", "Park the order: an item is not to be found.", _on("f4", Screen.PROBLEM)
)
OTHER = Command("OTHER", "other", "Park the order: for another reason.", _on("f5", Screen.PROBLEM))
REPRINT = Command(
    "REPRINT",
    "reprint",
    "Print the same label again; nothing is bought.",
    _on("f5", Screen.PACK, Screen.LOOKUP),
)
LOOKUP = Command(
    "LOOKUP",
    "look up",
    "Find an order by its number, SKU or tracking id.",
    _on("f6", Screen.QUEUE),
)
DEVICES = Command(
    "DEVICES",
    "devices",
    "Look at every device; print a test label.",
    _on("f7", Screen.QUEUE),
)
PREVIEW = Command("PREVIEW", "show label", "Show the label on the screen.", _on("f10", Screen.PACK))
SET_ASIDE = Command(
    "SET-ASIDE",
    "aside",
    "Leave a packed order until its label comes.",
    _on("f6", Screen.PACK),
)
YES = Command("YES", "yes", "Answer the question with yes.", _on("f7", Screen.PACK))
NO = Command("NO", "no", "Answer the question with no.", _on("f8", Screen.PACK))
GIVE_BACK = Command(
    "GIVE-BACK", "give back", "Put the order back into the queue.", _on("f9", Screen.PACK)
)
SHIP_SHORT = Command(
    "SHIP-SHORT",
    "ship short",
    "Signed: ship only the units in the box.",
    _on("f6", Screen.PROBLEM),
)
TEACH = Command(
    "TEACH",
    "teach",
    "Signed: the unknown code is this item.",
    _on("f7", Screen.PROBLEM),
)
PROPOSE = Command(
    "PROPOSE",
    "propose",
    "Propose the unknown code for this item.",
    _on("f8", Screen.PROBLEM),
)
VOID = Command(
    "VOID",
    "void label",
    "Signed: this label is void, make another.",
    _on("f9", Screen.PROBLEM),
)
WEIGHT = Command(
    "WEIGHT",
    "weight",
    "Signed: the parcel is right, whatever it weighs.",
    _on("f10", Screen.PROBLEM),
)
BACK = Command(
    "BACK",
    "back",
    "Go back without changing anything.",
    _on("escape", Screen.PROBLEM, Screen.LOOKUP),
)
NOCODE = Command(
    "NOCODE",
    "no code",
    "Count a unit without barcode; kept as not scanned.",
    _on("f12", Screen.PACK),
)
LOGOUT = Command("LOGOUT", "sign out", "Let the next packer sign in.", _on("f10", Screen.QUEUE))
CODE = Command(
    "CODE",
    "barcode",
    "Show the next code as a barcode (demo).",
    _on("f11", Screen.QUEUE, Screen.PACK),
)
QUIT = Command("QUIT", "end", "End the program.", _on("f10", Screen.SIGN_IN))

COMMANDS = (
    NEXT, DONE, HELP, WEIGH, SHORT, UNDO, DAMAGED, PROBLEM, MISSING,
    OTHER, REPRINT, LOOKUP, DEVICES, PREVIEW, SET_ASIDE, YES, NO, GIVE_BACK,
    LOGOUT, CODE, NOCODE, SHIP_SHORT, TEACH, PROPOSE, VOID, WEIGHT, BACK,
    QUIT,
)  # fmt: skip
"""In the order of the footer, the help and the printed sheet."""

BY_WORD = {command.word: command for command in COMMANDS}


def on_screen(screen: Screen) -> tuple[tuple[str, Command], ...]:
    """Return (key, command) of a screen, in the footer's order."""
    return tuple((key, command) for command in COMMANDS if (key := command.key(screen)))
