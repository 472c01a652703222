"""What will miss its deadline at the present rate; pure."""

from __future__ import annotations
