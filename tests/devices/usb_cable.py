"""A pseudo terminal in the place of /dev/usb/lp0, with the fake printer at its other end."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import threading
import time
import tty
from typing import TYPE_CHECKING, Self

from devices.fake_printer import HOST, FakePrinter

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType


class UsbCable:
    """Carries bytes both ways; a printer that breaks off is gone. A context manager.

    From opening to closing the device is one connection to the printer, so that the fake's faults
    of connections strike here, too.
    """

    def __init__(self, printer: FakePrinter, path: Path) -> None:
        self.path = path
        """The device, as long as it is plugged in."""
        self._printer = printer
        self._end, device = os.openpty()
        tty.setraw(device)
        self._name = os.ttyname(device)
        os.close(device)
        self.plug()
        self._off = False
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._off = True
        self._thread.join(5)

    def plug(self) -> None:
        """Let the device be there."""
        self.path.symlink_to(self._name)

    def unplug(self) -> None:
        """Let the device be gone for whoever opens it next."""
        self.path.unlink()

    def _carry(self) -> None:
        try:
            while not self._off and self._session():
                time.sleep(0.002)
        finally:
            os.close(self._end)

    def _session(self) -> bool:
        """Carry from the first byte until the device is closed; return False when it broke off."""
        if not _poll(20, self._end)[0] & select.POLLIN:
            return True
        try:
            with socket.create_connection((HOST, self._printer.port), timeout=5) as line:
                return self._carry_over(line)
        except OSError:
            return False

    def _carry_over(self, line: socket.socket) -> bool:
        while not self._off:
            mine, theirs = _poll(20, self._end, line.fileno())
            if theirs:
                said = line.recv(65536)
                if not said:
                    return False
                os.write(self._end, said)
            if mine & select.POLLIN:
                with contextlib.suppress(OSError):  # it breaks off, and its answer tells so
                    line.sendall(os.read(self._end, 65536))
            elif mine:  # the device was closed: let the printer read to the end
                line.shutdown(socket.SHUT_WR)
                while line.recv(65536):
                    pass
                return True
        return True


def _poll(milliseconds: int, *handles: int) -> list[int]:
    """Return the events of each handle."""
    watch = select.poll()
    for handle in handles:
        watch.register(handle, select.POLLIN)
    found = dict(watch.poll(milliseconds))
    return [found.get(handle, 0) for handle in handles]
