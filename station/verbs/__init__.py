"""What each command does: one module a verb, which prints and returns an exit code."""

from __future__ import annotations

OK = 0
FAILED = 1
USAGE = 2
ATTENTION = 3
"""`status` and `check`: it works, but a person should look."""
