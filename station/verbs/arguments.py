"""What is typed behind a command, as values; what cannot be read is told by argparse."""

from __future__ import annotations

import argparse
import re
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from station.acts import Head


def anchor(text: str) -> Head:
    """Return the newest line of the audit log as a day's report prints it."""
    from station.acts import Head

    seq, _, told = text.strip().partition(":")
    if re.fullmatch(r"[1-9][0-9]{0,17}", seq) and re.fullmatch(r"[0-9a-fA-F]{64}", told):
        return Head(int(seq), told.lower())
    raise argparse.ArgumentTypeError("copy number and hash from the last line of a day's report")


def day(text: str) -> date:
    """Return a date."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("write a date as 2026-11-23") from error
