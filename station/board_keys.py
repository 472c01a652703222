"""Every key of the supervisor's board, declared once; footer and help follow from it; pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BoardKey:
    """One thing that a supervisor can ask for."""

    key: str
    """In Textual's spelling."""
    name: str
    """As it stands on the keyboard."""
    label: str
    """Two words at most, for the footer."""
    help: str
    """One sentence in the imperative."""
    acts: bool = False
    """Whether it leads to a decision, which a viewer may not take."""


HELP = BoardKey("f1", "F1", "help", "Show what every key does here.")
CHOOSE = BoardKey("down", "↑↓", "choose", "Move along the rows; Home, End and the page keys too.")
DECIDE = BoardKey("enter", "Enter", "decide", "Decide about the row under the cursor.", acts=True)
FIND = BoardKey("f6", "F6", "any order", "Decide about any order, by its number.", acts=True)
LET_IN = BoardKey(
    "f8", "F8", "unlock", "Let somebody try again who is locked out after wrong PINs.", acts=True
)
END = BoardKey("f10", "F10", "end", "End the board; everything else goes on.")

KEYS = (HELP, CHOOSE, DECIDE, FIND, LET_IN, END)
"""In the order of the footer and the help."""


def on_board(*, may_act: bool) -> tuple[BoardKey, ...]:
    """Return the keys of somebody who may decide, or of one who only looks."""
    return tuple(each for each in KEYS if may_act or not each.acts)


def footer(*, may_act: bool) -> str:
    """Return the row of keys."""
    shown = "  ".join(f"{each.name} {each.label}" for each in on_board(may_act=may_act))
    return f" {shown}" if may_act else f" LOOK ONLY  {shown}"
