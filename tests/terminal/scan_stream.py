"""A seeded stream of scans for one order, and the plain model of how each must be judged."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from samples import BIG_MUG, MUG, SPOON
from terminal.homes import TOWEL

WANTED = {MUG.sku: 150, SPOON.sku: 144, BIG_MUG.sku: 6}
"""Units of the order: 300, and few of one SKU, so that it is complete early."""

MEANS = {
    barcode.text: (product.sku, barcode.units)
    for product in (MUG, SPOON, BIG_MUG)
    for barcode in product.barcodes
}
"""What each barcode of the order stands for: the SKU and the units it counts."""

ENDS = ("\r", "\n", "\r\n", "\t")


@dataclass
class PlainModel:
    """Counts units as a clerk with a pencil does."""

    done: dict[str, int] = field(default_factory=lambda: dict.fromkeys(WANTED, 0))

    def verdict(self, code: str) -> str:
        """Return the word that the bench must say about a code."""
        if code == TOWEL.barcodes[0].text:
            return "WRONG"
        if code not in MEANS:
            return "UNKNOWN"
        sku, units = MEANS[code]
        if self.done[sku] + units > WANTED[sku]:
            return "TOO MANY"
        self.done[sku] += units
        return "RIGHT"


def codes(count: int, seed: int) -> list[str]:
    """Return so many codes: right, wrong and unknown ones mixed; the last one is a mug."""
    dice = random.Random(seed)
    right = [*MEANS] * 4
    others = [TOWEL.barcodes[0].text] * 4
    drawn = [
        dice.choice([*right, *others, *[f"NOBODY-{dice.randrange(10**6)}"] * 4])
        for _ in range(count - 1)
    ]
    return [*drawn, MUG.barcodes[0].text]


def typed(scans: list[str], seed: int) -> list[bytes]:
    """Return what a scanner types for each scan, every one with an end of its own kind."""
    dice = random.Random(seed)
    return [(code + dice.choice(ENDS)).encode() for code in scans]
