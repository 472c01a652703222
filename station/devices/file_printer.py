"""The printer that everybody has: a folder. A document is whole on the disk, or it is not there."""

from __future__ import annotations

import errno
import hashlib
import os
import re
from typing import TYPE_CHECKING

from station.devices.kinds import kind_of
from station.devices.ports import Delivery, Health
from station.errors import DeviceDoubtful, DeviceRefused

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

_UNSAFE = re.compile(r"[^A-Za-z0-9.]+")
_CLEAN_KEY = re.compile(r"[a-z0-9][a-z0-9.-]{0,79}")
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


class FilePrinter:
    """Writes each job as a file of its own: beside, fsync, rename, fsync of the folder."""

    def __init__(self, folder: Path, *, formats: Collection[str] = (), name: str = "") -> None:
        self.folder = folder
        self.formats = tuple(formats)
        """The kinds that are taken (`kinds.KINDS`); empty: all."""
        self.name = name or f"folder {folder}"

    def print(self, job: str, title: str, document: bytes) -> Delivery:
        """Write the document; the same job again changes nothing. See the port."""
        kind = kind_of(document)
        if self.formats and kind not in self.formats:
            raise DeviceRefused(
                f"The {self.name} takes {', '.join(self.formats)}, and this is {kind}.",
                "Choose another format for the document, or another printer.",
            )
        target = self.folder / file_name(job, title, kind)
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if target.exists():
                _compare(target, document)
            else:
                _write(target, document)
        except OSError as error:
            raise self._refusal(error) from error
        self._keep_name()
        return Delivery.SEEN

    def health(self) -> Health:
        """Say whether the folder can be written to, without writing."""
        try:
            can_write = _can_write(self.folder)
        except OSError:  # a folder above it may not be searched, or a name is too long
            can_write = False
        return Health(can_write, "ok" if can_write else f"{self.name} cannot be written to")

    def _refusal(self, error: OSError) -> DeviceRefused:
        if error.errno in _FULL:
            return DeviceRefused(
                f"The disk is full: {self.name}.", "Free some space; it is tried again by itself."
            )
        if error.errno in _FORBIDDEN:
            return DeviceRefused(
                f"The {self.name} may not be written to.",
                "Give this user the right to write there, or set another folder.",
            )
        return DeviceRefused(
            f"The {self.name} cannot be used ({error.strerror or error}).",
            "Check the folder, or set another one.",
        )

    def _keep_name(self) -> None:
        """Without this a power cut could take the finished file's name away again."""
        if os.name == "nt":  # a folder cannot be opened there; NTFS keeps names in its own log
            return
        try:
            opened = os.open(self.folder, os.O_RDONLY)
            try:
                os.fsync(opened)
            finally:
                os.close(opened)
        except OSError as error:
            raise DeviceDoubtful(
                f"The document was written, but the disk does not confirm it: {self.name}.",
                "Look whether the file is there, then say whether it came out.",
            ) from error


def file_name(job: str, title: str, kind: str) -> str:
    """Return a name that every system accepts, and that no two jobs share."""
    words = _UNSAFE.sub("-", title).strip("-.")[:60].strip("-.")
    key = job
    if not _CLEAN_KEY.fullmatch(job):  # made safe, two keys could become one: tell them apart
        digest = hashlib.sha256(job.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        key = f"{_UNSAFE.sub('-', job).strip('-.')[:40]}-{digest}".lstrip("-")
    return f"{words or 'document'}-{key}.{kind}"


def _can_write(folder: Path) -> bool:
    """Return whether files can be made in a folder, or the folder itself where it is missing."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def _compare(target: Path, document: bytes) -> None:
    if target.read_bytes() != document:
        raise DeviceRefused(
            f"{target.name} is there already with other content, and is not overwritten.",
            "Move that file away; it is tried again by itself.",
        )


def _write(target: Path, document: bytes) -> None:
    beside = target.with_name(f".{target.name}.part")
    try:
        with beside.open("wb") as file:
            beside.chmod(0o600)
            file.write(document)
            file.flush()
            os.fsync(file.fileno())
        beside.rename(target)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
