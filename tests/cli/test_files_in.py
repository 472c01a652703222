"""`station import`: good rows are in, bad rows are named, and nothing comes twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from cli.station_command import report
from sync.channels.report_files import HOSTILE, other, text_of, write

from station import compose, config

if TYPE_CHECKING:
    from pathlib import Path

    from cli.station_command import Station


def waiting(station: Station) -> list[str]:
    """Return the orders in the queue."""
    store = compose.open_store(compose.Place(config.load(), station.home))
    rows = store.queue(200)
    store.close()
    return sorted(row.order_id for row in rows)


def test_takes_a_report_in(station: Station, tmp_path: Path) -> None:
    """A good report ends with 0, and says rows, encoding and what was new."""
    answer = station("import", "orders", report(tmp_path, 3))
    assert (answer.code, answer.err) == (0, "")
    assert "orders.txt: 3 rows" in answer.out
    assert "3 new, 0 updated, 0 unchanged" in answer.out
    assert len(waiting(station)) == 3


def test_bad_rows_leave_the_others_in(station: Station, tmp_path: Path) -> None:
    """With a bad row the command ends with 1, names its line, and the good orders are in."""
    answer = station("import", "orders", report(tmp_path, 4, 2))
    assert answer.code == 1
    assert "line 3: order 111-0000002-0000000" in answer.err
    assert "3 new" in answer.out
    assert "111-0000002-0000000" not in waiting(station)
    assert len(waiting(station)) == 3


def test_many_bad_rows_are_counted(station: Station, tmp_path: Path) -> None:
    """After twenty bad rows the rest is a number."""
    answer = station("import", "orders", report(tmp_path, 30, *range(1, 27)))
    assert answer.code == 1
    assert answer.err.count("  line ") == 20
    assert "and 6 more bad rows" in answer.err


def test_same_file_changes_nothing(station: Station, tmp_path: Path) -> None:
    """The same report again is unchanged and no failure."""
    path = report(tmp_path, 3)
    station("import", "orders", path)
    answer = station("import", "orders", path)
    assert answer.code == 0
    assert "0 new, 0 updated, 3 unchanged" in answer.out


def test_one_bad_file_does_not_stop_the_next(station: Station, tmp_path: Path) -> None:
    """Of several files the good ones are taken in; what is wrong with the others is told."""
    empty, nowhere = write(tmp_path, "hello", "empty.txt"), tmp_path / "none.txt"
    answer = station("import", "orders", nowhere, empty, tmp_path, report(tmp_path, 2))
    assert answer.code == 1
    for path in (nowhere, empty):
        assert str(path) in answer.err
    assert len(waiting(station)) == 2


@pytest.mark.parametrize("kind", ["listings", "products"])
def test_wrong_kind_of_file_is_told(station: Station, tmp_path: Path, kind: str) -> None:
    """An orders report given for something else ends with 1 in words."""
    answer = station("import", kind, report(tmp_path, 1))
    assert answer.code == 1
    assert "orders.txt" in answer.err


def test_takes_products_in(station: Station, tmp_path: Path) -> None:
    """Our own product list is taken in, and its bad rows are told."""
    path = write(
        tmp_path, "sku,barcode,bin,weight_g\nMUG,9520000000011,A-1,100\nCUP,x,B-1,heavy\n", "p.csv"
    )
    answer = station("import", "products", path)
    assert answer.code == 1
    assert "1 new" in answer.out
    assert "line 3" in answer.err


def test_missing_orders_are_held_unless_the_report_is_partial(
    station: Station, tmp_path: Path
) -> None:
    """An order that left the report is held and told; a partial report holds nothing."""
    station("import", "orders", report(tmp_path, 3))
    rows = text_of([other(1), other(3)])
    partial = station("import", "--partial", "orders", write(tmp_path, rows, "part.txt"))
    assert (partial.code, len(waiting(station))) == (0, 3)
    full = station("import", "orders", write(tmp_path, rows, "full.txt"))
    assert "1 no longer listed: held" in full.out
    assert len(waiting(station)) == 2


def test_hostile_cells_reach_no_terminal(station: Station, tmp_path: Path) -> None:
    """Words about a report full of escapes hold no control character."""
    rows = [
        other(n, {"sku": text[:60], "quantity-to-ship": text[:60], "product-name": text})
        for n, text in enumerate(HOSTILE)
    ]
    answer = station("import", "orders", write(tmp_path, text_of(rows)))
    assert answer.code == 1
    told = (answer.out + answer.err).replace("\n", "")
    assert not [char for char in told if ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0]
