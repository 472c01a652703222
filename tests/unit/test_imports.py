"""What is imported before the first frame."""

from __future__ import annotations

import subprocess
import sys

HEAVY = ("sqlalchemy", "alembic", "PIL", "httpx", "barcode", "labels", "zebra")


def test_the_first_frame_needs_none_of_the_heavy_libraries() -> None:
    """Importing the app and the command line loads Textual and sqlite3, nothing of the rest."""
    script = (
        "import sys, station.cli, station.compose, station.app;"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )

    out = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert out.stdout.strip() == "[]"
