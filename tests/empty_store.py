"""The file of an empty order store, copied for each test: a schema takes longer to make."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path

from station.store.sql import SqlOrderStore


@cache
def _template() -> Path:
    file = Path(tempfile.mkdtemp(prefix="empty-store-")) / "store.db"
    SqlOrderStore.open(f"sqlite:///{file}").close()
    return file


def url(folder: Path) -> str:
    """Return the address of a folder's store, an empty one where there is none yet."""
    path = folder / "store.db"
    if not path.exists():
        shutil.copy(_template(), path)
    return f"sqlite:///{path}"
