"""A hash chain: each line's hash covers the line above, so that no past line changes unseen; pure.

A chain alone shows neither a tail that was cut off nor a whole that was written anew: its newest
hash must be kept somewhere else too.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def digest(above: str, fields: Sequence[object]) -> str:
    """Return the hash of a line in 64 hexadecimal digits.

    Args:
        above: The hash of the line above; empty for the first.
        fields: The line's values, JSON values only, in a fixed order.

    >>> digest("", [1, "hold"]) == digest("", [1, "hold"]) != digest("x", [1, "hold"])
    True
    """
    line = json.dumps([above, *fields], ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(line.encode()).hexdigest()
