"""Which commands a carrier's ZPL may hold: what draws stays, what sets up a printer does not.

Source: Zebra, ZPL II Programming Guide. Everything that is not named here is refused.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from labels.carrier.zpl_codes import FORMS, OTHER_BARS
from labels.errors import LabelError

if TYPE_CHECKING:
    from labels.carrier.zpl_tokens import Command

DRAWS = frozenset(
    {"^A", "^BY", "^CF", "^CI", "^FB", "^FD", "^FH", "^FO", "^FP", "^FR", "^FS", "^FT", "^FV"}
    | {"^FW", "^GB", "^GC", "^GD", "^GE", "^GF", "^GS", "^LH", "^LR", "^TB", "^XG", "^IM"}
    | OTHER_BARS
    | FORMS.keys()
)
"""Commands that only draw."""

MARKS = frozenset({"^FD", "^FV", "^GB", "^GC", "^GD", "^GE", "^GF", "^XG", "^IM"})
"""Commands after which there is something on the paper."""

_DROPPED = {
    **dict.fromkeys(("^PR", "^MD", "~SD", "^MT"), "speed and darkness stay as they are"),
    **dict.fromkeys(("^MM", "^MN", "^ML", "^LT", "~TA", "~JS"), "paper handling stays as it is"),
    **dict.fromkeys(("^FX", "^PW", "^LL", "^PQ", "^MC", "^PM", "^LS", "^MU", "^JM"), ""),
    "^PO": "the label comes out head first",
}
"""Commands that change how a printer works and not what is on the label: left out, and told."""

_ONLY = {
    "^PQ": (re.compile(r"0*1?(,.*)?"), "prints more than one copy"),
    "^PM": (re.compile(r"N?", re.IGNORECASE), "mirrors the label"),
    "^LS": (re.compile(r"0*"), "shifts the label"),
    "^MU": (re.compile(r"(D(,.*)?)?", re.IGNORECASE), "changes the printer's units"),
    "^JM": (re.compile(r"A?", re.IGNORECASE), "changes the printer's resolution"),
    "^MC": (re.compile(r"Y?", re.IGNORECASE), "keeps the label in the printer for the next one"),
    "^CI": (re.compile(r"(\d|1[0-3]|2[78]|3[0-6])?"), "changes the printer's characters"),
}
"""Commands that are harmless with these values alone."""

_FAMILIES = (
    (r"[\^~]D|[\^~]I|\^XF|\^FN|~EG|\^EG|\^TO|\^H[WTG]|\^CW|\^CO|\^MW", "uses the printer's memory"),
    (r"[\^~]N|[\^~]W[DEIAPSX]|\^K[CN]", "changes the printer's network"),
    (r"[\^~](CC|CT|CD)", "changes the signs that commands start with"),
    (r"[\^~][HJKS]|\^M|~R|\^R|\^L|~P|\^P|~L|~T|\^ZZ|~K", "sets up the printer"),
    (r"\^A@", "needs a font that the printer may not have"),
)


def is_kept(command: Command) -> bool:
    """Tell whether a command is part of the drawing; False where it is left out.

    Raises:
        LabelError: It is neither; says which one and why.
    """
    form, why = _ONLY.get(command.name, (None, ""))
    if form and not form.fullmatch(command.data.decode("latin-1").strip()):
        raise refused(command.name, why)
    if command.name in DRAWS:
        return True
    if command.name in _DROPPED:
        return False
    raise refused(command.name, _why(command.name))


def note(command: Command) -> str:
    """Return what was left out with a command, in words; '' where nothing is to be told."""
    is_plain = command.name == "^PO" and command.data.strip().upper() in {b"", b"N"}
    return "" if is_plain else _DROPPED.get(command.name, "")


def refused(name: str, why: str) -> LabelError:
    """Return the refusal of a command."""
    return LabelError(
        f"The label's ZPL holds {name}, which {why}.",
        "Nothing was printed. Fetch the label as PDF or PNG instead.",
    )


def _why(name: str) -> str:
    return next((why for form, why in _FAMILIES if re.match(form, name)), "is no drawing command")
