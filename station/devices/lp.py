"""Handing one document to CUPS with lp, so that what becomes of it can be asked afterwards."""

from __future__ import annotations

import os
import re
import subprocess
from typing import TYPE_CHECKING

from zebra import Zebra

from station import text
from station.errors import DeviceAbsent, DeviceDoubtful, DeviceRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

RAW = ("-o", "raw")
"""The document is in the printer's own language."""

PAPER = ("-o", "print-scaling=none")
"""The document is a PDF and keeps its size."""

_JOB = re.compile(rb"request id is \S+-(\d{1,9}) ")


class CheckedZebra(Zebra):
    """The queue of the `zebra` package, which by itself cannot tell whether anything was queued."""

    def __init__(self, queue: str, server: str = "", timeout_s: float = 10.0) -> None:
        super().__init__(queue)  # type: ignore[no-untyped-call]
        self.server = server
        """host:port; empty: as CUPS_SERVER says, or this machine's."""
        self.timeout_s = timeout_s
        self.title = "label"
        self.options: Sequence[str] = RAW
        self.last_job = 0
        """CUPS' number of the job that was queued last."""

    def hand_over(self, title: str, document: bytes, options: Sequence[str]) -> int:
        """Queue a document and return the number of its job.

        Raises:
            DeviceAbsent: There is no lp, no CUPS, or no such queue; nothing was queued.
            DeviceRefused: The queue does not take it; nothing was queued.
            DeviceDoubtful: Something else; it may have been queued.
        """
        self.title, self.options = title, options
        self.output(document)  # type: ignore[no-untyped-call]
        return self.last_job

    def _output_unix(self, commands: bytes) -> None:
        server = ("-h", self.server) if self.server else ()
        words = [*server, "-d", self.queue, "-t", _clean(self.title), *self.options, "-"]
        done = self._run(["lp", *words], commands)
        found = _JOB.search(done.stdout)
        if done.returncode or not found:
            raise _refusal(self.queue, text.plain(done.stderr.decode("utf-8", "replace"))[:200])
        self.last_job = int(found[1])

    def _run(self, words: list[str], document: bytes) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(  # noqa: S603 - no shell; the title and the queue are one word each
                words,
                input=document,
                capture_output=True,
                timeout=self.timeout_s,
                check=False,
                env={**os.environ, "LC_ALL": "C"},
            )
        except subprocess.TimeoutExpired as error:
            raise DeviceDoubtful(
                f"CUPS did not take the label for {self.queue} within {self.timeout_s:g} s.",
                "Look at the printer, then say whether the label came out.",
            ) from error
        except OSError as error:
            raise DeviceAbsent(
                "The program lp is not installed.",
                "Install it: sudo apt install cups cups-client.",
            ) from error


def _refusal(queue: str, words: str) -> DeviceAbsent | DeviceRefused | DeviceDoubtful:
    if "does not exist" in words:  # lp says the same when there is no CUPS
        return DeviceAbsent(
            f"CUPS has no print queue {queue}, or it has just stopped.",
            "Compare with `lpstat -p`, and mend station.toml.",
        )
    if "not accepting" in words:
        return DeviceRefused(
            f"The print queue {queue} takes no jobs.", f"Run: sudo cupsaccept {queue}"
        )
    if "connect to server" in words or "scheduler" in words.lower():
        return DeviceAbsent("CUPS is not running.", "Start it: sudo systemctl start cups.")
    return DeviceDoubtful(
        f"CUPS may not have taken the label for {queue} ({words or 'no reason given'}).",
        "Look at the printer, then say whether the label came out.",
    )


def _clean(title: str) -> str:
    """Return what a queue can show of a title."""
    kept = "".join(c if c.isascii() and c.isprintable() else " " for c in title)
    return " ".join(kept.split())[:60] or "label"
