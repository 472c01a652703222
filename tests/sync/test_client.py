"""Every method of the port over HTTP: what it asks, and what it makes of the answer."""

from __future__ import annotations

import base64
import inspect
import json
import subprocess
import sys
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

import pytest
from store.samples import MIDNIGHT, NOON, item, label, order
from sync.people_cases import PEOPLE
from sync.store_http import TOKEN, Case, client, ok

from station.model import (
    Barcode,
    ConfirmationLine,
    Counts,
    Entry,
    Lease,
    OrderState,
    Presence,
    Product,
    QueueRow,
    ServiceClass,
    Stop,
    StopKind,
    Welcome,
)
from station.store.port import (
    Applied,
    Export,
    ImportResult,
    OrderStore,
    Purchase,
)
from station.sync.client import HttpOrderStore
from station.wire import to_json

if TYPE_CHECKING:
    from collections.abc import Callable

ORDER = order("111-1", item(), item("i2", 3, "名前 \u2028\x00"))
PRODUCT = Product("MUG-350", "Mug", weight_g=310, barcodes=(Barcode("4006381333931", 6),))
ROW = QueueRow("111-1", NOON, ServiceClass.PRIME, MIDNIGHT, 4, 2, "Müg", OrderState.PACKING, "Bo")
PLACE = [1, "2026-11-23T12:00:00+00:00", 0, "2026-11-24T00:00:00+00:00", "111-1"]
CURSOR = base64.urlsafe_b64encode(json.dumps(PLACE, separators=(",", ":")).encode()).decode()
ENTRY = Entry(7, "scanned", "111-1", 3, "Ana", NOON, OrderState.PACKING, {"n": [1, None, "é"]})
LEASE = Lease(ORDER, (PRODUCT,), 3, 599.5, 2, (ENTRY,))
PURCHASE = Purchase("k", "111-1", 1, "bought", 44, label())
LINE = ConfirmationLine("111-1", "i1", 1, NOON, "UPS", "UPS", "1Z1", "Ground", ("AZ:1",))
EXPORT = Export(5, "out/é.txt", "ab" * 32, (LINE,))
STOP = Stop(9, "111-1", "The address changed.", StopKind.TAKEN_OVER)
PRESENCE = Presence("j-1", "r-1", 12, 10, "s-1", 3)
WELCOME = Welcome(10, "s-1", 3, NOON)
IMPORTED = ImportResult(1, 2, 3, 4, 5)
COUNTS = Counts({OrderState.WAITING: 2}, 1, 1, 0, {"pending": 3}, 1.5)
NOON_TEXT = "2026-11-23T12:00:00+00:00"
MIDNIGHT_TEXT = "2026-11-24T00:00:00+00:00"
SPAN = [("now", NOON_TEXT), ("day_end", MIDNIGHT_TEXT)]


CASES: dict[str, Case] = {
    "put_orders": Case(
        lambda s: s.put_orders([ORDER], channel="amazon"),
        "POST /v1/orders",
        IMPORTED,
        IMPORTED,
        {"channel": "amazon", "orders": [ORDER]},
    ),
    "check_missing": Case(
        lambda s: s.check_missing("amazon", {"b", "a"}, NOON, MIDNIGHT),
        "POST /v1/orders/missing",
        IMPORTED,
        IMPORTED,
        {"channel": "amazon", "listed": ["a", "b"], "since": NOON, "until": MIDNIGHT},
    ),
    "put_products": Case(
        lambda s: s.put_products(iter([PRODUCT])),
        "POST /v1/products",
        IMPORTED,
        IMPORTED,
        {"products": [PRODUCT]},
    ),
    "queue": Case(
        lambda s: s.queue(500, after=ROW, last=True, states=(OrderState.HELD, OrderState.PROBLEM)),
        "GET /v1/queue",
        {"rows": [ROW]},
        (ROW,),
        query=(
            ("limit", "200"),
            ("after", CURSOR),
            ("last", "true"),
            ("states", "held"),
            ("states", "problem"),
        ),
    ),
    "counts": Case(
        lambda s: s.counts(NOON, MIDNIGHT), "GET /v1/counts", COUNTS, COUNTS, query=(*SPAN,)
    ),
    "due_by_hour": Case(
        lambda s: s.due_by_hour(NOON, MIDNIGHT),
        "GET /v1/due",
        {"hours": [[NOON, 4]]},
        ((NOON, 4),),
        query=(*SPAN,),
    ),
    "claim": Case(
        lambda s: s.claim("bench-1", "Ana", skip=("111-9",)),
        "POST /v1/claims",
        {"lease": LEASE},
        LEASE,
        {"packer": "Ana", "order_id": None, "skip": ["111-9"]},
    ),
    "claimed": Case(
        lambda s: s.claimed("bench-1"), "GET /v1/claims", {"order_ids": ["a", "b"]}, ("a", "b")
    ),
    "renew": Case(
        lambda s: s.renew("bench-1", ("a", "b")),
        "POST /v1/leases",
        {"fences": {"a": 3}},
        {"a": 3},
        {"order_ids": ["a", "b"]},
    ),
    "hello": Case(
        lambda s: s.hello("bench-1", PRESENCE),
        "POST /v1/hello",
        WELCOME,
        WELCOME,
        {"journal": "j-1", "run": "r-1", "last": 12, "sent": 10, "store": "s-1", "epoch": 3},
    ),
    "apply": Case(
        lambda s: s.apply("bench-1", [ENTRY], journal="j-1"),
        "POST /v1/journal",
        Applied(7, (7,)),
        Applied(7, (7,)),
        {"journal": "j-1", "entries": [ENTRY]},
    ),
    "serials": Case(
        lambda s: s.serials("bench-1", 50), "POST /v1/serials", {"first": 8}, 8, {"count": 50}
    ),
    "stops": Case(lambda s: s.stops("bench-1"), "GET /v1/stops", {"stops": [STOP]}, (STOP,)),
    "answer_stop": Case(lambda s: s.answer_stop(9), "POST /v1/stops/9/answer", {}, None, {}),
    "resolve": Case(
        lambda s: s.resolve("111-1", OrderState.WAITING),
        "POST /v1/orders/resolve",
        {},
        None,
        {"order_id": "111-1", "state": "waiting"},
    ),
    "halt": Case(
        lambda s: s.halt("111-1", OrderState.HELD, "Who knows"),
        "POST /v1/orders/halt",
        {"on_bench": True},
        True,
        {"order_id": "111-1", "state": "held", "reason": "Who knows"},
    ),
    "order": Case(
        lambda s: s.order("1&a=é#/"),
        "GET /v1/order",
        {"found": {"order": ORDER, "state": "held", "holder": "no stock"}},
        (ORDER, OrderState.HELD, "no stock"),
        query=(("order_id", "1&a=é#/"),),
    ),
    "find_product": Case(
        lambda s: s.find_product(("d:1", "", "t:+ %", "x" * 1001)),
        "GET /v1/products",
        {"found": [[PRODUCT, 6]]},
        ((PRODUCT, 6),),
        query=(("text", "d:1"), ("text", "t:+ %")),
    ),
    "single_unit_orders": Case(
        lambda s: s.single_unit_orders(("A", "B")),
        "GET /v1/singles",
        {"order_ids": ["111-1"]},
        ("111-1",),
        query=(("sku", "A"), ("sku", "B"), ("limit", "2")),
    ),
    "search": Case(
        lambda s: s.search(" 111 ", 20),
        "GET /v1/search",
        {"rows": [ROW]},
        (ROW,),
        query=(("text", "111"), ("limit", "20")),
    ),
    "history": Case(
        lambda s: s.history("111-1"),
        "GET /v1/history",
        {"entries": [["bench-1", ENTRY]]},
        (("bench-1", ENTRY),),
        query=(("order_id", "111-1"),),
    ),
    "begin_purchase": Case(
        lambda s: s.begin_purchase("k", "111-1", 1, 3, "own"),
        "POST /v1/purchases/begin",
        PURCHASE,
        PURCHASE,
        {"key": "k", "order_id": "111-1", "package": 1, "fence": 3, "carrier": "own"},
    ),
    "finish_purchase": Case(
        lambda s: s.finish_purchase("k", label()),
        "POST /v1/purchases/finish",
        PURCHASE,
        PURCHASE,
        {"key": "k", "label": label()},
    ),
    "void_purchase": Case(
        lambda s: s.void_purchase("k", "torn"),
        "POST /v1/purchases/void",
        {},
        None,
        {"key": "k", "reason": "torn"},
    ),
    "label": Case(
        lambda s: s.label("111-1", 2),
        "GET /v1/label",
        {"purchase": PURCHASE},
        PURCHASE,
        query=(("order_id", "111-1"), ("package", "2")),
    ),
    "tracking_used": Case(
        lambda s: s.tracking_used("1Z1"),
        "GET /v1/tracking",
        {"order_id": "111-1"},
        "111-1",
        query=(("tracking_id", "1Z1"),),
    ),
    "begin_export": Case(
        lambda s: s.begin_export("out/é.txt", again=4),
        "POST /v1/exports",
        {"export": EXPORT},
        EXPORT,
        {"path": "out/é.txt", "again": 4},
    ),
    "seal_export": Case(
        lambda s: s.seal_export(5, "ab"), "POST /v1/exports/5/seal", {}, None, {"sha256": "ab"}
    ),
    "finish_export": Case(lambda s: s.finish_export(5), "POST /v1/exports/5/finish", {}, None, {}),
    "drop_export": Case(lambda s: s.drop_export(5), "POST /v1/exports/5/drop", {}, None, {}),
    "open_exports": Case(
        lambda s: s.open_exports(), "GET /v1/exports", {"exports": [EXPORT]}, (EXPORT,)
    ),
    **PEOPLE,
}

NOTHING: dict[str, tuple[Callable[[OrderStore], object], object, object]] = {
    "claim": (lambda s: s.claim("b", "p"), {"lease": None}, None),
    "order": (lambda s: s.order("x"), {"found": None}, None),
    "label": (lambda s: s.label("x"), {"purchase": None}, None),
    "tracking_used": (lambda s: s.tracking_used("x"), {"order_id": None}, None),
    "begin_export": (lambda s: s.begin_export("x"), {"export": None}, None),
    "queue": (lambda s: s.queue(5), {"rows": []}, ()),
    "board": (lambda s: s.board(NOON, MIDNIGHT, known="ab" * 16), {"board": None}, None),
    "stops": (lambda s: s.stops("b"), {"stops": []}, ()),
}

UNASKED: dict[str, tuple[Callable[[OrderStore], object], object]] = {
    "no rows": (lambda s: s.queue(0), ()),
    "less than no rows": (lambda s: s.queue(-1), ()),
    "no text": (lambda s: s.search("  "), ()),
    "a long text": (lambda s: s.search("x" * 257), ()),
    "no found rows": (lambda s: s.search("x", 0), ()),
    "no product": (lambda s: s.find_product(("", "x" * 3000)), ()),
    "no SKU": (lambda s: s.single_unit_orders(()), ()),
    "no order": (lambda s: s.order(""), None),
    "a long order": (lambda s: s.order("x" * 257), None),
    "no history": (lambda s: s.history(""), ()),
    "no label": (lambda s: s.label(""), None),
    "no tracking id": (lambda s: s.tracking_used(""), None),
    "no leases": (lambda s: s.renew("b", ()), {}),
    "no lines": (lambda s: s.audit(0, 0), ()),
    "no orders": (lambda s: s.put_orders((), channel="amazon"), ImportResult()),
}


def test_the_cases_are_all_methods_of_the_port() -> None:
    """Every method of the port but close is among the cases."""
    methods = {name for name, _ in inspect.getmembers(OrderStore, inspect.isfunction)}
    assert {name for name in methods if not name.startswith("_")} == {*CASES, "close"}


@pytest.mark.parametrize("name", CASES)
def test_a_call_is_one_question_and_its_answer(name: str) -> None:
    """Arguments reach the store as the contract says, and its records come back whole."""
    case = CASES[name]
    store, asked = client(ok(case.answer))
    assert case.call(store) == case.result
    (request,), (line,), (body,) = asked.requests, asked.lines, asked.bodies
    assert line.partition("?")[0] == case.line
    assert parse_qsl(urlsplit(str(request.url)).query) == list(case.query)
    assert body == to_json(case.body)
    assert request.headers["Authorization"] == f"Bearer {TOKEN}"
    assert request.headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("name", NOTHING)
def test_nothing_is_an_answer(name: str) -> None:
    """Where the store has nothing the caller gets nothing."""
    call, answer, result = NOTHING[name]
    assert call(client(ok(answer))[0]) == result


@pytest.mark.parametrize("name", UNASKED)
def test_what_cannot_be_there_is_not_asked(name: str) -> None:
    """A question that the store would refuse for its form has its answer without it."""
    call, result = UNASKED[name]
    store, asked = client(ok({}))
    assert call(store) == result
    assert asked.requests == []


def test_a_page_may_end_before_a_row() -> None:
    """The row that a page ends before is sent as its place in the queue."""
    store, asked = client(ok({"rows": []}))
    store.queue(3, before=ROW)
    assert asked.lines == [f"GET /v1/queue?limit=3&before={CURSOR.replace('=', '%3D')}"]


def test_halves_of_characters_are_replaced_on_the_way() -> None:
    """A lone surrogate, which UTF-8 cannot hold, leaves as U+FFFD, in bodies and in queries."""
    store, asked = client(ok({"fences": {}}), ok({"order_id": None}))
    store.renew("b", ("a\ud800",))
    store.tracking_used("\udcffz")
    assert asked.bodies[0] == {"order_ids": ["a�"]}
    assert asked.lines[1] == "GET /v1/tracking?tracking_id=%EF%BF%BDz"


def test_halves_of_characters_are_replaced_on_the_way_back() -> None:
    """A lone surrogate in an answer, which no terminal can show, arrives as U+FFFD."""
    answer = ok({})
    answer._content = b'{"order_ids": ["a\\ud800", "\\ud83d\\ude00"]}'
    assert client(answer)[0].claimed("b") == ("a�", "😀")


def test_a_closed_client_may_be_used_again() -> None:
    """Nothing depends on close, and nothing is broken by it."""
    store, _ = client(ok({"stops": []}))
    store.close()
    assert store.stops("b") == ()
    store.close()
    store.close()
    assert store.stops("b") == ()


def test_the_client_is_an_order_store() -> None:
    """The client has the port's methods with the port's signatures."""
    for name, method in inspect.getmembers(OrderStore, inspect.isfunction):
        if not name.startswith("_"):
            mine = getattr(HttpOrderStore, name)
            assert inspect.signature(mine) == inspect.signature(method), name


def test_the_first_frame_waits_for_no_network_library() -> None:
    """Importing the client imports neither httpx nor ssl nor anything of the database."""
    code = (
        "import sys, station.sync.client, station.enrolment;"
        "print(sorted({'httpx', 'httpcore', 'ssl', 'sqlalchemy', 'certifi'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
