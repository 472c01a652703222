"""Labels as pictures for the screen: nothing is bought, printed or asked of anybody outside."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from station import carrier_papers
from station.errors import InputError
from station.sync import purchase

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.forms import Format
    from station.pack import Pack
    from station.sync.carriers.port import Carrier
    from station.view import Work


@dataclass(frozen=True, slots=True)
class Shown:
    """A label for the screen."""

    title: str
    png: bytes
    """Empty where it cannot be drawn here."""
    words: tuple[tuple[str, str], ...]
    """Its main fields, name and value."""


@dataclass(frozen=True, slots=True)
class Previews:
    """Draws the label in hand as it will come out, dot by dot."""

    carrier: Carrier
    """Where labels of ours come from; draws them as PNG."""
    form: Format
    """How papers are written for the label printer."""
    kept: Callable[[Pack], bytes]
    """The store's bytes of a carrier's label."""
    test_label: Callable[[str, Format], bytes]

    def label(self, work: Work) -> Shown:
        """Return the label of an order in hand.

        Raises:
            InputError: It has none of ours yet.
        """
        label = work.pack.label
        if label is None or not label.ours:
            raise InputError("There is no label of ours to show.", "Pack the order first.")
        weight = work.pack.weight_g
        words = [
            ("Order", work.order.order_id),
            ("Tracking id", label.tracking_id),
            ("Carrier", f"{label.carrier_name} {label.service}".strip()),
            ("Weight", f"{weight:,} g" if weight else ""),
        ]
        try:
            png = self._png(work, label.tracking_id)
        except InputError as error:
            png = b""
            words.append(("Not drawn", error.message))
        return Shown("LABEL", png, tuple(each for each in words if each[1]))

    def _png(self, work: Work, tracking_id: str) -> bytes:
        pack = work.pack
        made = purchase.made_again(
            self.carrier, work.lease, pack.purchase_key, tracking_id, pack.weight_g
        )
        return made or carrier_papers.fitted(self.kept(pack), self._drawn, tracking_id)

    def test(self, printer: str, form: Format) -> Shown:
        """Return the test label of a printer."""
        drawn = replace(form, name="png")
        words = (("Printer", printer), ("Dots per inch", str(form.dpi)), ("Paper", form.media))
        return Shown("TEST LABEL", self.test_label(printer, drawn), words)

    @property
    def _drawn(self) -> Format:
        return replace(self.form, name="png")
