"""Confirmation files on the disk: each shipment in exactly one, whatever dies in between.

An export goes: file beside, fsync, digest to the store, rename, fsync of the folder, done in the
store. A crash before the rename leaves no file and the lines go back to pending; a crash after
it leaves a file that the digest proves to be the export. A lock on the file beside tells a crash
from another export that is still at work on this machine.
"""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from station.errors import InputError, StoreRefused
from station.sync.channels.confirmation_file import confirmation_file
from station.sync.channels.exclusive import in_use, part_of, reserved, unwritable
from station.sync.channels.opening import shown

if TYPE_CHECKING:
    from datetime import tzinfo

    from station.store.port import Export, OrderStore
    from station.sync.channels.exclusive import Spot

Outcome: TypeAlias = Literal["finished", "dropped", "busy"]


@dataclass(frozen=True, slots=True)
class Recovery:
    """What became of an export that was found open."""

    export_id: int
    path: Path
    outcome: Outcome
    """finished: the file is there; dropped: it is not, its lines are pending; busy: at work."""


def export_confirmations(
    store: OrderStore, path: Path, *, again: int | None = None, zone: tzinfo | None = None
) -> Export | None:
    """Write all pending confirmations to a new file; None when there are none.

    With again: the lines of that earlier export once more. Ship dates are days in the zone, the
    computer's own by default. Raises InputError when the file cannot be written, with the lines
    pending again, and StoreError from the store.
    """
    _recover_first(store, path)
    with reserved(path) as spot:
        export = store.begin_export(str(path.absolute()), again=again)
        return export and _write(store, export, spot, zone)


def recover_exports(store: OrderStore) -> tuple[Recovery, ...]:
    """Settle every export that a crash left open; called before each new one."""
    return tuple(_recover(store, export) for export in store.open_exports())


def _recover_first(store: OrderStore, path: Path) -> None:
    here = path.absolute()
    for found in recover_exports(store):
        if found.outcome == "finished" and found.path == here:
            raise InputError(
                f"{shown(path)} is export {found.export_id}, which a crash had interrupted; "
                "it is complete.",
                "Upload it. For what has been packed since, export to another name.",
            )


def _recover(store: OrderStore, export: Export) -> Recovery:
    path = Path(export.path)
    if in_use(path):
        return Recovery(export.export_id, path, "busy")
    if export.sha256 and _digest_at(path) == export.sha256:
        store.finish_export(export.export_id)
        return Recovery(export.export_id, path, "finished")
    store.drop_export(export.export_id)
    with contextlib.suppress(OSError):
        part_of(path).unlink()
    return Recovery(export.export_id, path, "dropped")


def _write(store: OrderStore, export: Export, spot: Spot, zone: tzinfo | None) -> Export:
    data = confirmation_file(export.lines, zone)
    digest = hashlib.sha256(data).hexdigest()
    try:
        spot.fill(data)
        store.seal_export(export.export_id, digest)
        spot.take_name()
    except OSError as error:
        spot.withdraw()
        store.drop_export(export.export_id)
        raise unwritable(spot.path, error) from error
    try:
        store.finish_export(export.export_id)
    except StoreRefused:
        # Somebody gave the lines back to pending: they belong to another file than this one.
        spot.withdraw()
        raise
    return replace(export, sha256=digest)


def _digest_at(path: Path) -> str:
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""
