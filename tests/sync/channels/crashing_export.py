"""A process that exports and kills itself at a step; run by the tests as a script.

Arguments: the folder with the saved store, the target's name, the step at which to die.
"""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from sync.channels.fake_store import FakeStore

from station.sync.channels.confirmations import export_confirmations

STEPS = ("begun", "sealing", "sealed", "finishing", "finished")


@dataclass
class DyingStore(FakeStore):
    """Saves itself after each change as a database would, and dies at one step."""

    home: Path = Path()
    last: str = ""

    def begin_export(self, path: str, *, again: int | None = None):  # type: ignore[no-untyped-def]  # noqa: ANN201
        """Begin, save and perhaps die."""
        export = super().begin_export(path, again=again)
        self._step("begun")
        return export

    def seal_export(self, export_id: int, sha256: str) -> None:
        """Seal, save and perhaps die on either side."""
        self._step("sealing")
        super().seal_export(export_id, sha256)
        self._step("sealed")

    def finish_export(self, export_id: int) -> None:
        """Finish, save and perhaps die on either side."""
        self._step("finishing")
        super().finish_export(export_id)
        self._step("finished")

    def _step(self, name: str) -> None:
        FakeStore(
            pending=self.pending,
            exported=self.exported,
            open=self.open,
            again=self.again,
            finished=self.finished,
        ).save(self.home / "store")
        if name == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def main(home: Path, name: str, step: str) -> None:
    """Export the saved store's lines and die at the step."""
    saved = FakeStore.load(home / "store")
    store = DyingStore(**vars(saved), home=home, last=step)
    export_confirmations(store.port, home / name, zone=UTC)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
