"""Labels that carriers and order systems give: checked, read back, and made printable."""

from __future__ import annotations

from labels.carrier.taking import TakenLabel, take

__all__ = ["TakenLabel", "take"]
