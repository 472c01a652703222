"""Where a document came out, and what a printer's trouble is called; pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Printed:
    """Which printer a job went to, and which ones before it did not take it."""

    printer: str
    instead_of: tuple[tuple[str, str], ...] = ()
    """Printers that come first for this paper, each with its reason in a few words."""

    @property
    def words(self) -> str:
        """What the packer must know of it; empty when it came out where it always does.

        >>> Printed("spare", (("main", "paper out"),)).words
        'printed on spare: main has paper out'
        """
        if not self.instead_of:
            return ""
        return f"printed on {self.printer}: {'; '.join(_told(*one) for one in self.instead_of)}"


def reason(message: str) -> str:
    """Return what an error says of a printer, in a few words.

    >>> reason("The printer at 10.0.0.5:9100 is not reachable (timed out).")
    'not reachable (timed out)'
    """
    first = message.partition(". ")[0].rstrip(".")
    places = {first.find(sign): sign for sign in (" is ", ": ")}
    for place, sign in sorted(places.items()):
        if place > 0 and "rinter" in first[:place]:
            return first[place + len(sign) :]
    return first


def _told(name: str, words: str) -> str:
    """Return a printer's trouble as a clause: “main has paper out”, “main is not reachable”."""
    if words in {"paper out", "ribbon out"}:
        return f"{name} has {words}"
    if words.startswith(("not reachable", "paused", "too hot")):
        return f"{name} is {words}"
    return f"{name}: {words}"
