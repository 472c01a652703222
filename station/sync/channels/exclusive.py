"""A file written beside its place under a lock, and given its name only when it is whole."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
from typing import TYPE_CHECKING

from station.errors import InputError
from station.sync.channels.opening import shown

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NO_FOLDER_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM}
"""What file systems answer that cannot or need not write a folder to the disk."""


class Spot:
    """A name that is free, and the locked file beside it that shall get it."""

    def __init__(self, path: Path, descriptor: int) -> None:
        self.path = path
        self._part = part_of(path)
        self._descriptor = descriptor
        self._named = False

    def fill(self, data: bytes) -> None:
        """Write the whole file and bring it to the disk; raises OSError."""
        os.ftruncate(self._descriptor, 0)
        left = memoryview(data)
        while left:
            left = left[os.write(self._descriptor, left) :]
        os.fsync(self._descriptor)

    def take_name(self) -> None:
        """Give the file its name, and bring that to the disk too; raises OSError."""
        self._part.replace(self.path)
        self._named = True
        sync_folder(self.path.parent)

    def withdraw(self) -> None:
        """Take the file away again, under whichever name it has."""
        with contextlib.suppress(OSError):
            (self.path if self._named else self._part).unlink()

    def leave(self) -> None:
        """Let go of the lock; a file that never got its name is removed."""
        if not self._named:
            self.withdraw()
        os.close(self._descriptor)


def part_of(path: Path) -> Path:
    """Return the name under which a file is written before it gets its own."""
    return path.with_name(path.name + ".part")


@contextlib.contextmanager
def reserved(path: Path) -> Iterator[Spot]:
    """Hold a free name for a new file.

    Raises InputError when the name is taken, when another process writes it now, or when nothing
    can be written there.
    """
    try:
        os.fsencode(path).decode()
        descriptor = os.open(part_of(path), os.O_RDWR | os.O_CREAT | _NO_LINK, 0o644)
    except (OSError, ValueError) as error:
        raise unwritable(path, error) from error
    if not _lock(descriptor) or not _is_at(descriptor, part_of(path)):
        os.close(descriptor)
        raise InputError(f"{shown(path)} is being written by another export.", "Wait for it.")
    spot = Spot(path, descriptor)
    try:
        _check_free(path)
        yield spot
    finally:
        spot.leave()


def in_use(path: Path) -> bool:
    """Say whether another export, on this machine, is at work on this file now."""
    return any(_is_locked(name) for name in (part_of(path), path))


def sync_folder(folder: Path) -> None:
    """Bring a rename to the disk; raises OSError when the disk fails."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        if error.errno in NO_FOLDER_SYNC:
            return
        raise
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in NO_FOLDER_SYNC:
            raise
    finally:
        os.close(descriptor)


def unwritable(path: Path, error: OSError | ValueError) -> InputError:
    """Return the error for a place where no file can be written."""
    why = getattr(error, "strerror", None) or "it has no usable name"
    return InputError(
        f"{shown(path)} cannot be written: {why}.",
        "Nothing is lost: choose a folder with room that you may write to, and export again.",
    )


_NO_LINK = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)


def _check_free(path: Path) -> None:
    if os.path.lexists(path):
        raise InputError(
            f"{shown(path)} is there already.", "Choose another name: nothing is overwritten."
        )


def _lock(descriptor: int) -> bool:
    """Say whether the lock is ours; where there are no locks it is."""
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True


def _is_at(descriptor: int, path: Path) -> bool:
    """Say whether the name still leads to the open file, and not to one renamed meanwhile."""
    try:
        named = path.lstat()
    except OSError:
        return False
    held = os.fstat(descriptor)
    return (named.st_dev, named.st_ino) == (held.st_dev, held.st_ino)


def _is_locked(path: Path) -> bool:
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return False
        descriptor = os.open(path, os.O_RDONLY | _NO_LINK)
    except (OSError, ValueError):
        return False
    try:
        return not _lock(descriptor)
    finally:
        os.close(descriptor)
