"""A label once more: the same bytes from any bench, counted, with a reason and a digest."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest
from bench_parts import HOUSE
from samples import order
from sqlalchemy import select, update
from sync.far_bench import FarBench, open_far, open_store
from sync.faulty_store import Loss

from station.acts import Role, Signature
from station.carrier_papers import Press
from station.devices.jobs import JobState
from station.devices.simulated import Fault
from station.forms import Format
from station.shipping import Shipping
from station.store.schema import purchases
from station.sync.carriers.own_label import OwnLabel
from station.sync.carriers.port import Parcel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from station.model import Entry
    from station.store.sql import SqlOrderStore

MUG_CODE = "9520000000011"
A = "111-1"
Benches = tuple[FarBench, FarBench, "SqlOrderStore"]


@pytest.fixture
def moved(tmp_path: Path) -> Iterator[Benches]:
    """Return the bench that made the label of an order, the one that has it now, and the store."""
    store = open_store(tmp_path, order(A))
    old = open_far(tmp_path, store, ahead=0).come()
    old.bench.claim_next()
    old.settle()
    old.scan(MUG_CODE)
    new = open_far(tmp_path, store, "bench-2", ahead=0).come()
    new.bench.open_order(A)
    new.settle()
    yield old, new, store
    old.crash()
    new.crash()
    store.close()


def kept(store: SqlOrderStore, document: bytes) -> None:
    """Let the store keep these bytes as the order's label."""
    with store._database.write() as connection:
        connection.execute(update(purchases).values(document=document))


def reprinted(bench: FarBench) -> list[Entry]:
    """Return what the journal says of reprints."""
    return [entry for entry in bench.journal.pending() if entry.kind == "reprinted"]


@pytest.mark.parametrize(
    ("document", "is_taken"),
    [
        (b"^XA^PW812^LL1218^FDthe store's own bytes^FS^XZ", True),
        (b"^XA^PW1200^LL1800^FDfor 300 dpi^FS^XZ", False),
        (b"%PDF-1.7", False),
    ],
)
def test_the_stores_bytes_print_where_they_suit(
    moved: Benches, document: bytes, *, is_taken: bool
) -> None:
    """A label from elsewhere is printed as the store has it, or drawn anew for this printer."""
    old, new, store = moved
    kept(store, document)
    new.bench.reprint()
    new.work()
    (slip,) = new.printer.came_out
    assert slip.document == (document if is_taken else old.printer.came_out[0].document)


def test_a_reprint_is_counted_with_its_digest(moved: Benches) -> None:
    """The journal has each reprint with its printer, its number and what its bytes were."""
    old, _new, _store = moved
    for _ in range(2):
        old.bench.reprint()
        old.work()
    (first, *_rest) = old.printer.came_out
    digest = hashlib.sha256(first.document).hexdigest()[:16]
    assert [
        (entry.data["printer"], entry.data["sha256"], entry.data["count"])
        for entry in reprinted(old)
    ] == [("simulated", digest, 2), ("simulated", digest, 3)]
    work = old.bench.view.work
    assert work is not None
    attempts = old.spool.attempts(work.pack.purchase_key)
    assert [attempt.reason for attempt in attempts] == ["first", *["asked by Ana"] * 2]


def test_the_picture_of_another_number_is_not_kept(tmp_path: Path) -> None:
    """Where bench and store numbered a label apart, the bench's number counts, without a picture.

    The store would print the other number's label again.
    """
    store = open_store(tmp_path, order(A))
    old = open_far(tmp_path, store, ahead=0).come()
    old.bench.claim_next()
    old.settle()
    old.line.plan("finish_purchase", Loss.ANSWER)
    old.scan(MUG_CODE)
    old.link.drain()
    known = store.label(A)
    assert known is not None
    assert known.label is not None
    assert known.label.tracking_id == old.tracking()
    assert known.label.document == b""
    old.crash()
    store.close()


def another_package(store: SqlOrderStore, number: str, document: bytes) -> None:
    """Give the order a second package with a label of its own."""
    with store._database.write() as connection:
        (row,) = connection.execute(select(purchases)).mappings()
        changes = {"key": "second", "package": 2, "tracking_id": number, "document": document}
        connection.execute(purchases.insert().values({**row, **changes, "serial": 900}))


def test_every_package_of_an_order_that_left_is_printed(tmp_path: Path) -> None:
    """From the look-up the labels of all packages come out, each counted and written down."""
    store = open_store(tmp_path, order(A))
    bench = open_far(tmp_path, store, ahead=0).come()
    person, pin = store.add_person("Sue", Role.OWNER)
    signature = Signature(person.badge, pin, "torn")
    bench.bench.claim_next()
    bench.settle()
    bench.scan(MUG_CODE)
    first = bench.tracking()
    bench.scan("00" + first)
    another_package(store, "1Z2", b"^XA^PW812^FDsecond^FS^XZ")
    came_out = len(bench.printer.came_out)
    words = "2 labels print again, one for each package. Destroy what is too many."
    assert bench.bench.reprint_closed(A, signature) == words
    assert bench.bench.reprint_closed(A, signature) == words
    told = [
        (entry.data["package"], entry.data["count"], entry.data["reason"], entry.data["by"])
        for entry in reprinted(bench)
    ]
    assert told == [(package, count, "torn", "Sue") for count in (1, 2) for package in (1, 2)]
    bench.work()
    labels = [slip.document for slip in bench.printer.came_out[came_out:]]
    assert [b"second" in label for label in labels] == [False, True] * 2
    assert all(first.encode() in label for label in labels[::2])
    audited = [line.data for line in store.audit() if line.act == "reprint"]
    assert [line["tracking_id"] for line in audited] == [first, "1Z2"] * 2
    bench.crash()
    store.close()


def test_a_reprint_in_doubt_ends_with_the_next_one(tmp_path: Path) -> None:
    """Nobody is asked about a label of an order that is over: printing it again is the answer.

    Nothing is unsure any more then, and no picture of it stays on the disk.
    """
    store = open_store(tmp_path, order(A))
    bench = open_far(tmp_path, store, ahead=0).come()
    bench.bench.claim_next()
    bench.settle()
    bench.scan(MUG_CODE)
    bench.scan("00" + bench.tracking())
    shipping = bench.bench.shipping
    known = store.label(A)
    assert known is not None
    assert known.label is not None
    bench.printer.script(Fault.DOUBTFUL_LOST)
    shipping.print_again(known.label)
    bench.work()
    assert [job.key for job in bench.spool.doubtful()] == [f"{A}/1/again/1"]
    assert shipping.print_again(known.label)["count"] == 2
    bench.work()
    assert bench.spool.doubtful() == ()
    first = bench.spool.job(f"{A}/1/again/1")
    assert first is not None
    assert (first.state, first.words) == (JobState.CANCELLED, "printed again")
    assert bench.printer.labels(f"{A}/1/again/2") == 1
    assert all(job.forgotten for job in bench.spool.jobs())
    bench.crash()
    store.close()


def test_a_picture_from_another_kind_of_bench_is_written_for_this_printer(tmp_path: Path) -> None:
    """A label that a bench with a folder made as PNG comes out of a ZPL printer as ZPL."""
    store = open_store(tmp_path, order(A))
    bench = open_far(tmp_path, store, ahead=0).come()
    press = Press(Format("zpl", 203), tmp_path / "refused")
    carrier = OwnLabel(HOUSE.ship_from, HOUSE.shipping, Format("png", 203))
    shipping = Shipping(store, bench.spool, carrier, press=press)
    bench.bench.claim_next()
    bench.settle()
    work = bench.bench.view.work
    assert work is not None
    label = carrier.buy(Parcel(work.lease.order, "key", 7, 1))
    assert label.document.startswith(b"\x89PNG")
    told = shipping.print_again(label)
    bench.work()
    (slip,) = bench.printer.came_out
    assert slip.document.startswith(b"^XA")
    assert told["sha256"] == hashlib.sha256(slip.document).hexdigest()[:16]
    bench.crash()
    store.close()
