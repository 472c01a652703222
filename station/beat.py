"""How a bench is, left in a small file for `station status`; it may be lost and harms nobody."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_SUFFIX = ".beat.json"


def write(home: Path, station_id: str, pulse: dict[str, object]) -> None:
    """Leave a pulse; never raises, since nothing depends on it."""
    told = {"id": station_id, "at": datetime.now(UTC).timestamp(), **pulse}
    beside = home / f"{station_id}{_SUFFIX}.part"
    with suppress(OSError):
        beside.write_text(json.dumps(told), encoding="utf-8")
        beside.replace(home / f"{station_id}{_SUFFIX}")


def read(home: Path, at: datetime) -> list[dict[str, object]]:
    """Return the last pulse of each bench and its age; unreadable ones are left out."""
    found = []
    for file in sorted(home.glob(f"*{_SUFFIX}")):
        with suppress(OSError, ValueError, KeyError, TypeError):
            pulse = json.loads(file.read_text(encoding="utf-8"))
            seen = int(at.timestamp() - pulse["at"])
            found.append(
                {
                    "id": str(pulse["id"]),
                    "packer": str(pulse.get("packer", "")),
                    "order": str(pulse.get("order", "")),
                    "seen_s": max(0, seen),
                    "journal_pending": 0,
                    "printer": str(pulse.get("printer", "")),
                    "scan_p99_ms": pulse.get("scan_p99_ms"),
                }
            )
    return found
