"""What the client says of a PIN when a question goes wrong: nothing."""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING

import httpx
import pytest
from sync.people_cases import ACT
from sync.store_http import client, ok, problem

from station.acts import Signature
from station.errors import StoreError, StoreUnreachable

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.store.port import OrderStore

PIN = "918273"
SIGNED = Signature("ABCD1234", PIN, "torn")
CALLS: dict[str, Callable[[OrderStore], object]] = {
    "sign_in": lambda s: s.sign_in("bench-1", "ABCD1234", PIN),
    "act": lambda s: s.act("bench-1", ACT, SIGNED),
}
ANSWERS: dict[str, httpx.Response | Exception] = {
    "refused": problem(409, "refused", "This PIN is not right."),
    "invalid": problem(422, "invalid"),
    "too many": problem(429, "too-many"),
    "a page": httpx.Response(200, text="<html>"),
    "another record": ok({"colour": "red"}),
    "away": httpx.ConnectError("no route"),
    "silent": httpx.ReadTimeout("no answer"),
}


@pytest.mark.parametrize("answer", ANSWERS)
@pytest.mark.parametrize("call", CALLS)
def test_no_error_and_no_log_has_the_pin(
    call: str, answer: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever comes back, the PIN stands in no words, no cause, no address and no log."""
    caplog.set_level(logging.DEBUG)
    store, asked = client(ANSWERS[answer])
    with pytest.raises(StoreError) as caught:
        CALLS[call](store)
    seen = "".join(traceback.format_exception(caught.value)) + caplog.text
    seen += "".join(str(request.url) + str(request.headers) for request in asked.requests)
    assert PIN not in seen
    assert PIN not in repr(SIGNED)


@pytest.mark.parametrize("call", CALLS)
def test_a_pin_is_sent_once(call: str) -> None:
    """A connection that broke may have brought the PIN to the store: it is not tried again."""
    store, asked = client(httpx.ReadError("broken"))
    with pytest.raises(StoreUnreachable):
        CALLS[call](store)
    assert len(asked.requests) == 1
