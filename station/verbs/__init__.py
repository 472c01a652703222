"""What each command does: one module a verb, which prints and returns an exit code."""

from __future__ import annotations

import os
import pwd
from typing import TYPE_CHECKING

from station.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

OK = 0
FAILED = 1
USAGE = 2
ATTENTION = 3
"""`status` and `check`: it works, but a person should look."""


def write(path: Path, document: bytes) -> None:
    """Write a document to a file.

    Raises:
        InputError: The folder is missing, or the file cannot be written.
    """
    try:
        path.write_bytes(document)
    except OSError as error:
        reason = (error.strerror or "unknown").lower()
        raise InputError(f"{path} cannot be written: {reason}.", "Name another file.") from error


def os_user() -> str:
    """Return the name of who runs the command, as the system knows him; variables do not count."""
    uid = os.getuid()
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"
