"""The key that a product's code is stored and found by; the rule itself stands with barcodes."""

from __future__ import annotations

from station.barcodes import key_of

__all__ = ["key_of"]
