"""Amazon's Unshipped Orders report (GET_FLAT_FILE_ACTIONABLE_ORDER_DATA_SHIPPING) as orders.

A partial order must never be packed: when one row of an order cannot be read, the whole order is
left out, and the row is named.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from station.model import Order, OrderItem
from station.sync.channels.cells import NOT_OF_ID, BadCell, identifier
from station.sync.channels.notes import Notes
from station.sync.channels.order_cells import Frame, frame_of, item_of, units_left
from station.sync.channels.port import RowError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from station.sync.channels.records import Row
    from station.sync.channels.tabular import Table

BARE_DAY = {
    "purchase-date": "purchase-date is a bare day, taken as 00:00:00 UTC",
    "promise-date": "promise-date is a bare day, taken as 23:59:59 UTC",
}
UNPROMISED = "promise-date is empty, two days after the purchase were taken"
NO_ADDRESS = "the order has no address"
UNENDED = "the file does not end with a line end, it may have been cut off"


@dataclass(slots=True)
class _Draft:
    """An order while its rows come in."""

    order_id: str
    frame: Frame | None = None
    items: dict[str, OrderItem] = field(default_factory=dict)
    faults: list[RowError] = field(default_factory=list)

    def add(self, frame: Frame, item: OrderItem) -> None:
        """Take a row in; raises BadCell when it contradicts an earlier one."""
        if self.frame is not None and frame.ship_to != self.frame.ship_to:
            raise BadCell("the address differs from that of an earlier row")
        known = self.items.setdefault(item.item_id, item)
        if known != item:
            raise BadCell(f"order-item-id {item.item_id} is there twice, with different contents")
        if self.frame is None or frame.ship_by < self.frame.ship_by:
            self.frame = frame

    def fault(self, line: int, reason: str) -> None:
        """Refuse the whole order for one of its rows."""
        words = f"order {self.order_id}: {reason}; the whole order was left out"
        self.faults.append(RowError(line, words))


class OrdersReport:
    """Reads a table once; its numbers are right when the iteration has ended."""

    def __init__(self, table: Table, channel: str = "amazon") -> None:
        self.table = table
        self._channel = channel
        self._drafts: dict[str, _Draft] = {}
        self._squeezed: dict[str, int] = {}
        self._last_id = ""
        self._notes = Notes()
        self.rows = 0
        self.already_shipped = 0
        self.nameless = 0
        """Rows of which nobody can say to which order they belong."""
        self.cut_off = False
        """True when the file ends in the middle of a row."""
        self.listed: set[str] = set()
        """Orders with something left to ship, those that were left out as well."""
        self.newest: datetime | None = None
        """The last purchase in the file."""

    def __iter__(self) -> Iterator[Order | RowError]:
        """Yield every order whose rows are all sound, and every row that is not, by its line."""
        for row in self.table.rows():
            self.rows += 1
            self._watch_end(row)
            fault = self._take(row)
            if fault:
                self.nameless += 1
                yield fault
        self._suspect()
        for order_id in list(self._drafts):
            yield from self._finished(self._drafts.pop(order_id))

    @property
    def notes(self) -> tuple[str, ...]:
        """What was taken for granted, each once."""
        return self._notes.told()

    def _watch_end(self, row: Row) -> None:
        if not row.ended:
            self.cut_off = bool(row.fault)
            self._notes.add(UNENDED, row.line)

    def _take(self, row: Row) -> RowError | None:
        """Put a row to its order; return a fault when it names none."""
        try:
            order_id = self._order_of(row)
        except BadCell as bad:
            self._squeezed[NOT_OF_ID.sub("", row.get("order-id"))] = row.line
            return RowError(row.line, str(bad))
        self._last_id = order_id
        draft = self._drafts.get(order_id)
        if draft is None:
            draft = self._drafts[order_id] = _Draft(order_id)
        try:
            self._read(row, draft)
        except BadCell as bad:
            draft.fault(row.line, str(bad))
        return None

    def _order_of(self, row: Row) -> str:
        """Return the row's order id; one that is cut off belongs to the order above it."""
        start = row.get("order-id")
        if row.cut_at == "order-id" and start and self._last_id.startswith(start):
            return self._last_id
        if row.fault and (row.cut_at == "order-id" or not start):
            raise BadCell(row.fault)
        return identifier(start, "order-id")

    def _read(self, row: Row, draft: _Draft) -> None:
        if row.fault:
            raise BadCell(row.fault)
        units = units_left(row)
        if units == 0:
            self.already_shipped += 1
            return
        frame = frame_of(row)
        draft.add(frame, item_of(row, units))
        self._remark(frame, row.line)

    def _remark(self, frame: Frame, line: int) -> None:
        for column in frame.bare:
            self._notes.add(BARE_DAY[column], line)
        if frame.unpromised:
            self._notes.add(UNPROMISED, line)
        if not frame.ship_to.lines:
            self._notes.add(NO_ADDRESS, line)

    def _suspect(self) -> None:
        """Leave out an order to which a row with a damaged id may belong."""
        for order_id, line in self._squeezed.items():
            if order_id in self._drafts:
                self._drafts[order_id].fault(
                    line, "a row whose order-id is damaged may belong to it"
                )

    def _finished(self, draft: _Draft) -> Iterator[Order | RowError]:
        if draft.items or draft.faults:
            self.listed.add(draft.order_id)
        if draft.frame is not None:
            purchased = draft.frame.purchased
            self.newest = max(self.newest or purchased, purchased)
        yield from draft.faults
        if draft.frame is not None and not draft.faults:
            yield _order(draft.order_id, draft.frame, tuple(draft.items.values()), self._channel)


def _order(order_id: str, frame: Frame, items: tuple[OrderItem, ...], channel: str) -> Order:
    return Order(
        order_id=order_id,
        items=items,
        ship_by=frame.ship_by,
        purchased=frame.purchased,
        ship_to=frame.ship_to,
        service=frame.service,
        service_level=frame.service_level,
        channel=channel,
        is_business=frame.is_business,
        purchase_order=frame.purchase_order,
    )
