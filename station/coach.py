"""What a demo packer scans next; pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from station import capturing, commands
from station.barcodes import signed
from station.floor import Hint
from station.pack import HALTED, Stage

if TYPE_CHECKING:
    from station.view import View, Work


@dataclass(frozen=True, slots=True)
class DemoCoach:
    """Reads the right code off the order, as a packer reads it off the goods."""

    site_key: bytes

    def hint(self, view: View) -> Hint:
        """Return the next code for what is on the screen."""
        if not view.packer:
            return Hint("Type a name and press Enter.", "")
        work = view.work
        if work is None:
            return self._command(commands.NEXT, "Press Enter for the most urgent order.")
        if work.pack.question or work.pack.stage in HALTED:
            return self._command(commands.YES, "Answer with YES (F7).")
        if capture := capturing.waiting(work.pack.captures):
            return Hint(f"Its {capture.need} code:", f"AZ:{len(work.pack.captures):026d}")
        if work.pack.current is not None:
            return self._unit(work)
        return self._label(view, work)

    def _unit(self, work: Work) -> Hint:
        current = work.pack.current or 0
        line = work.pack.lines[current]
        product = next((p for p in work.lease.products if p.sku == line.sku), None)
        if product is None or not product.barcodes:
            return self._command(commands.NOCODE, f"{line.title} has no barcode: press F12.")
        fits = [code for code in product.barcodes if code.units <= line.left]
        code = max(fits or product.barcodes, key=lambda barcode: barcode.units)
        pack = f" (pack of {code.units})" if code.units > 1 else ""
        return Hint(f"{line.title}{pack}:", code.text)

    def _label(self, view: View, work: Work) -> Hint:
        label = work.pack.label
        if work.pack.stage == Stage.WEIGH:
            return Hint("Put the parcel on the scale.", "")
        if label and view.printing and view.printing.sent:
            return Hint("The printed label:", "00" + label.tracking_id)
        if label or work.pack.wanted:
            return Hint("The label is on its way.", "")
        return self._command(commands.DONE, "Press Enter for our own label.")

    def _command(self, command: commands.Command, words: str) -> Hint:
        return Hint(words, signed("CMD", command.word, self.site_key))
