"""What the client asks about people, acts and the board, and the answers it gets."""

from __future__ import annotations

from datetime import timedelta

from store.samples import MIDNIGHT, NOON, label
from sync.store_http import Case

from station.acts import Act, Acted, ActKind, Anchors, AuditEntry, Head, Pass, Role, Signature
from station.model import OrderState, QueueRow, ServiceClass
from station.overview import (
    BenchRow,
    Board,
    Echo,
    Hour,
    Proposal,
    Pulse,
    Refusal,
    Told,
)

HEAD = Head(7, "ab" * 32)
PASS = Pass("Ana", Role.PACKER, 36000.0)
ACT = Act(ActKind.SHIP_SHORT, "111-1", sku="MUG", units=2)
SIGNATURE = Signature("ABCD1234", "031415", "Two of them broke.")
ACTED = Acted("Two mugs are shipped.", "Sue", label())
PULSE = Pulse("Ana", "111-1", 1, 3, NOON, 2, "paper out", 12, HEAD)
ECHO = Echo(badges=True, is_welcome=False, head=HEAD)
ROW = QueueRow("111-2", NOON, ServiceClass.PRIME, NOON, 2, 1, "Müg", OrderState.PROBLEM, "torn")
BOARD = Board(
    states={OrderState.WAITING: 4},
    overdue=1,
    today=2,
    later=3,
    hours=(Hour(NOON, 2, NOON + timedelta(minutes=5)),),
    done=((NOON, 6),),
    benches=(BenchRow("bench-1", NOON, PULSE),),
    stuck=(ROW,),
    told=(Told("amazon", "refused", 2, NOON),),
    refused=(Refusal("111-3", 1, "amazon", "No such carrier.", NOON),),
    proposals=(Proposal("4006", "MUG", "Mug", "111-1", "bench-1", "Ana", NOON),),
    head=HEAD,
)
LINE = AuditEntry(
    7, NOON, "Sue", "supervisor", "bench-1", "hold", "111-1", "torn", {"n": [1]}, "c" * 64
)
ANCHORS = Anchors(HEAD, (HEAD, Head(8, "cd" * 32)))

PEOPLE: dict[str, Case] = {
    "sign_in": Case(
        lambda s: s.sign_in("bench-1", "ABCD1234", "031415"),
        "POST /v1/sign-in",
        PASS,
        PASS,
        {"badge": "ABCD1234", "pin": "031415"},
    ),
    "act": Case(
        lambda s: s.act("bench-1", ACT, SIGNATURE),
        "POST /v1/acts",
        ACTED,
        ACTED,
        {"act": ACT, "signature": SIGNATURE},
    ),
    "pulse": Case(
        lambda s: s.pulse("bench-1", PULSE),
        "POST /v1/pulse",
        ECHO,
        ECHO,
        {
            "packer": "Ana",
            "order_id": "111-1",
            "done": 1,
            "units": 3,
            "scanned": NOON,
            "backlog": 2,
            "printer": "paper out",
            "scan_p99_ms": 12,
            "journal": HEAD,
        },
    ),
    "board": Case(
        lambda s: s.board(NOON, MIDNIGHT, known="ab" * 16),
        "GET /v1/board",
        {"board": BOARD},
        BOARD,
        query=(
            ("now", NOON.isoformat()),
            ("day_end", MIDNIGHT.isoformat()),
            ("known", "ab" * 16),
        ),
    ),
    "audit": Case(
        lambda s: s.audit(6, 500),
        "GET /v1/audit",
        {"entries": [LINE]},
        (LINE,),
        query=(("after", "6"), ("limit", "200")),
    ),
    "anchors": Case(
        lambda s: s.anchors("bench-1", (7, 8)),
        "GET /v1/anchors",
        ANCHORS,
        ANCHORS,
        query=(("seq", "7"), ("seq", "8")),
    ),
}
