"""`station export confirmations -o FILE [--again EXPORT]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from station import compose, upkeep
from station.verbs import OK

if TYPE_CHECKING:
    from pathlib import Path

    from station.compose import Place


def run(place: Place, path: Path, again: int | None) -> int:
    """Write what the channel has not been told yet, each shipment in exactly one file."""
    from station.sync.channels.confirmations import export_confirmations

    compose.prepare(place.home)
    upkeep.drain(place)
    store = compose.open_store(place)
    export = export_confirmations(store, path, again=again)
    store.close()
    if export is None:
        print("Nothing is waiting to be confirmed; no file was written.")
        return OK
    orders = len({line.order_id for line in export.lines})
    print(f"{path}: {len(export.lines)} rows of {orders} orders (export {export.export_id}).")
    print("Upload it now: Seller Central › Orders › Upload Order Related Files.")
    print("Lateness is counted when Amazon has it, not when the parcel leaves.")
    return OK
