"""Watches for a database that was put back from a backup, and for leases that lapsed.

The store writes down when it heard of a station last, and that time never goes back. What it was
is kept in a file beside the server: a database that remembers less has lost what it had.
"""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from station.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from station.store.sql import SqlOrderStore

log = logging.getLogger(__name__)

LOOK_S = 10.0
"""Seconds between two looks."""


class Watch:
    """Compares the database with what this server has seen of it.

    Args:
        store: Is told when it was restored.
        file: Keeps the store's id and the newest time that was seen; of this server alone.
    """

    def __init__(self, store: SqlOrderStore, file: Path) -> None:
        self._store = store
        self._file = file
        self._known = self._read()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)

    def look(self) -> bool:
        """Look once; return whether the database was put back, which the store knows then.

        Raises:
            StoreError: The database does not answer.
        """
        name, newest = self._store.memory()
        known = self._known
        went_back = known is not None and known[0] == name and newest < known[1]
        if went_back:
            epoch = self._store.restored()
            log.warning("the database was put back from a backup: epoch %s begins", epoch)
        if (name, newest) != known:
            self._known = (name, newest)
            self._write()
        return went_back

    def start(self) -> None:
        """Go on looking in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """End the thread; nothing depends on it being called."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(2)

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_S):
            with suppress(StoreError):  # it is looked at again soon
                self.look()
                self._store.expire()

    def _read(self) -> tuple[str, int] | None:
        with suppress(OSError, ValueError):
            name, newest = self._file.read_text(encoding="ascii").split()
            return name, int(newest)
        return None

    def _write(self) -> None:
        if self._known is None:
            return
        part = self._file.with_suffix(".part")
        try:
            part.write_text(f"{self._known[0]} {self._known[1]}\n", encoding="ascii")
            part.replace(self._file)
        except OSError as failure:
            log.warning("%s cannot be written: %s", self._file, failure.strerror)
