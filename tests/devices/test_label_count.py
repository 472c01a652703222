"""Seen by the printer's own count of labels, and whatever a printer answers instead."""

from __future__ import annotations

import os
import random
import threading
import time
from typing import TYPE_CHECKING

import pytest
from devices.fake_printer import HOST, FakePrinter

from station.devices import zebra_status as zebra
from station.devices.ports import Delivery
from station.devices.printer import Known, TcpPrinter
from station.devices.transport import Timeouts
from station.errors import DeviceAbsent, DeviceDoubtful, DeviceError, DeviceRefused

if TYPE_CHECKING:
    from collections.abc import Iterator

FAST = Timeouts(connect_s=1.0, send_s=0.3, receive_s=2.0)
LABEL = b"^XA^FO50,50^FDone^FS^XZ"


@pytest.fixture
def fake() -> Iterator[FakePrinter]:
    """Give a printer that counts its labels."""
    with FakePrinter() as printer:
        printer.odometer = 41237
        yield printer


def to(fake: FakePrinter, *, counts: bool = True, deadline_s: float = 5) -> TcpPrinter:
    """Return the driver."""
    known = Known(counts=counts, deadline_s=deadline_s)
    return TcpPrinter(HOST, fake.port, known=known, timeouts=FAST)


@pytest.mark.parametrize(("copies", "labels"), [(b"", 1), (b"^PQ1,0,1,Y", 1), (b"^PQ3", 3)])
def test_a_label_that_was_counted_is_seen(fake: FakePrinter, copies: bytes, labels: int) -> None:
    """When the count rose by exactly the labels of the document, they came out."""
    fake.print_s = 0.05
    fake.miscounts = labels - 1  # the fake prints copies as one label
    document = LABEL.replace(b"^XZ", copies + b"^XZ")
    assert to(fake).print("1", "label", document) is Delivery.SEEN
    assert fake.labels == [document]


def test_several_labels_in_a_document_are_all_counted(fake: FakePrinter) -> None:
    """A document is seen when the last of its labels is."""
    fake.print_s = 0.05
    assert to(fake).print("1", "label", LABEL * 3) is Delivery.SEEN
    assert len(fake.labels) == 3


def test_the_count_waits_for_the_engine() -> None:
    """A printer that says done too early is believed only when it has counted the label."""
    with FakePrinter(counts_printing=False) as fake:
        fake.odometer = 7
        fake.print_s = 0.2
        assert to(fake).print("1", "label", LABEL) is Delivery.SEEN
        assert fake.labels == [LABEL]


def test_a_label_that_is_not_counted_is_doubtful(fake: FakePrinter) -> None:
    """A printer that is idle and well but counted nothing has not printed, whatever it says."""
    fake.loses_labels = True
    with pytest.raises(DeviceDoubtful, match="has not counted the label"):
        to(fake, deadline_s=0.3).print("1", "label", LABEL)
    assert (fake.struck["lost"], fake.labels) == (1, [])


def test_too_many_counted_are_no_proof(fake: FakePrinter) -> None:
    """When somebody pressed FEED meanwhile, the label is sent and not seen."""
    fake.miscounts = 1
    assert to(fake).print("1", "label", LABEL) is Delivery.SENT


def test_a_power_cut_after_the_label_is_not_seen() -> None:
    """A label lost in the printer's memory was not counted."""
    with FakePrinter(counts_printing=False) as fake:
        fake.odometer = 7
        fake.print_s = 0.3
        threading.Timer(0.1, fake.power_cycle).start()
        with pytest.raises(DeviceDoubtful):
            to(fake, deadline_s=0.8).print("1", "label", LABEL)
        assert (fake.struck["power cycle"], fake.labels) == (1, [])


@pytest.mark.parametrize("answer", [b'"?"', b'"', b"", b'"12a"\r\n', b"\x02\x03", b'"-5"'])
def test_without_a_count_it_is_sent(fake: FakePrinter, answer: bytes) -> None:
    """A printer that does not count, or says what is no number, prints as before."""
    fake.count_answer = answer
    printer = TcpPrinter(
        HOST, fake.port, deadline_s=5, timeouts=Timeouts(connect_s=1, send_s=0.3, receive_s=0.2)
    )
    assert printer.print("1", "label", LABEL) is Delivery.SENT
    assert fake.wait_idle()
    assert fake.labels == [LABEL]


def test_a_printer_that_leaves_the_count_unanswered_is_asked_once(fake: FakePrinter) -> None:
    """Silence takes its whole time, and is waited for with the first label only."""
    fake.count_answer = b""
    printer = TcpPrinter(HOST, fake.port, timeouts=Timeouts(receive_s=0.2))
    for _ in range(3):
        assert printer.print("1", "label", LABEL) is Delivery.SENT
    assert fake.struck["strange count"] == 1


def test_a_count_that_falls_silent_is_sent(fake: FakePrinter) -> None:
    """Status says done, the count says nothing any more: sent is what is known."""
    answers = iter([b'"41237"'])
    fake.distort = lambda said: said if said[:1] != b'"' else next(answers, b'"?"')
    assert to(fake).print("1", "label", LABEL) is Delivery.SENT


def test_counting_can_be_switched_off(fake: FakePrinter) -> None:
    """With count=off the printer is not asked for its count."""
    fake.count_answer = b"nonsense"
    assert to(fake, counts=False).print("1", "label", LABEL) is Delivery.SENT
    assert fake.struck["strange count"] == 0


@pytest.mark.parametrize(
    ("document", "labels"),
    [
        (LABEL, 1),
        (LABEL * 4, 4),
        (LABEL.replace(b"^XZ", b"^PQ12,1^XZ"), 12),
        (b"^XA^MMT^XZ" + LABEL, 1),
        (b"^xa^fo1,1^fdx^fs^xz", 1),
        (b"^XA^DFR:A^FS^XZ", None),
        (b"^XA^XFR:A^FS^XZ", None),
        (b"nothing", None),
    ],
)
def test_labels_of_a_document_are_counted(document: bytes, labels: int | None) -> None:
    """Formats with something in them times their quantity; stored formats are not guessed."""
    assert zebra.labels_in(document) == labels


def distorted(answer: bytes, dice: random.Random, struck: list[str]) -> bytes:
    """Return what becomes of an answer: itself, a part, something else, itself twice, late."""
    kind = dice.choice([*[""] * 9, "half", "garbage", "twice", "late", "never", "tail"])
    struck += [kind] if kind else []
    if kind == "late":
        time.sleep(dice.choice([0.01, 0.04]))
    return {
        "half": answer[: dice.randrange(len(answer) + 1)],
        "tail": answer[dice.randrange(len(answer) + 1) :],
        "garbage": dice.randbytes(dice.randrange(60)).translate(None, b"0123456789"),
        "twice": answer * 2,
        "never": b"",
    }.get(kind, answer)


def test_whatever_a_printer_answers() -> None:
    """Seen came out; not sent left no byte; nothing goes out twice, however strange the answers."""
    struck: list[str] = []
    outcomes: set[object] = set()
    for seed in range(2000 if os.environ.get("STATION_LONG") else 24):
        dice = random.Random(seed)
        with FakePrinter(counts_printing=dice.random() < 0.5) as fake:
            fake.odometer = dice.choice([None, 9, 41237])
            fake.loses_labels = dice.random() < 0.2
            fake.paper_left = dice.choice([None, None, None, 0])
            fake.distort = lambda answer, dice=dice: distorted(answer, dice, struck)
            outcome = said(fake)
            outcomes.add(outcome)
            if fake.paper_left is None and outcome is Delivery.SENT:
                assert fake.wait_for(lambda fake=fake: fake.documents)  # type: ignore[misc]
            if outcome is Delivery.SEEN:
                assert fake.labels == [LABEL], seed
            if outcome in {DeviceRefused, DeviceAbsent}:
                assert fake.documents == 0, seed
            assert fake.documents <= 1, seed
            assert len(fake.labels) <= 1, seed
    print(f"\n{len(struck)} answers distorted")  # noqa: T201 - counted for whoever looks
    assert set(struck) == {"half", "garbage", "twice", "late", "never", "tail"}
    assert {Delivery.SEEN, DeviceDoubtful} <= outcomes


def said(fake: FakePrinter) -> object:
    """Return what an impatient driver says of a label, or the kind of its error."""
    patience = Timeouts(connect_s=1, send_s=0.3, receive_s=0.03)
    try:
        return TcpPrinter(HOST, fake.port, deadline_s=0.1, timeouts=patience).print(
            "1", "label", LABEL
        )
    except DeviceError as error:
        return type(error)
