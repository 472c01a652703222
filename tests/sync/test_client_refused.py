"""What the client makes of problems, and of answers that no order store gives."""

from __future__ import annotations

import json
import logging
import socket
import ssl
import traceback
from functools import partial
from typing import TYPE_CHECKING

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from store.samples import NOON, label, order
from sync.store_http import TOKEN, client, ok, problem
from sync.test_client import CASES

from station.errors import ConfigError, Quarantined, StoreError, StoreRefused, StoreUnreachable
from station.sync.client import HttpOrderStore

if TYPE_CHECKING:
    from collections.abc import Callable

STRANGER = "Something else than the order store answers at store.local."
VERSIONS = "The order store does not know this request."

NO = {
    "refused": (409, StoreRefused, "It is so."),
    "quarantined": (409, Quarantined, "It is so."),
    "token": (401, StoreRefused, "This bench's key is not valid any more."),
    "forbidden": (403, StoreRefused, "It is so."),
    "invalid": (422, StoreRefused, "It is so."),
    "too-large": (413, StoreRefused, "It is so."),
    "not-found": (404, StoreRefused, VERSIONS),
    "method": (405, StoreRefused, VERSIONS),
    "encoding": (415, StoreRefused, VERSIONS),
    "unreachable": (503, StoreUnreachable, "The store cannot reach its database."),
    "broken": (503, StoreUnreachable, "The store has a fault."),
    "busy": (503, StoreUnreachable, "The store is busy."),
    "too-many": (429, StoreUnreachable, "The store is busy."),
    "too-slow": (408, StoreUnreachable, "The connection to the store is too slow."),
    "about:blank": (400, StoreUnreachable, STRANGER),
    "": (500, StoreUnreachable, STRANGER),
}


def _page(status: int, content: bytes, kind: str = "application/json") -> httpx.Response:
    return httpx.Response(status, headers={"Content-Type": kind}, content=content)


def _html(status: int = 200) -> httpx.Response:
    return _page(status, b"<html>Sign in to the hotel's network</html>", "text/html")


def _packed() -> httpx.Response:
    answer = _page(200, b"{}")
    answer.headers["Content-Encoding"] = "gzip"
    return answer


STRANGERS: dict[str, httpx.Response] = {
    "a page": _html(),
    "a page that is not found": _html(404),
    "a page that asks for a password": _html(401),
    "a page under our name": _page(200, b"<html>"),
    "plain text": _page(200, b'{"stops": []}', "text/plain"),
    "no media type": httpx.Response(200, content=b'{"stops": []}'),
    "no content": httpx.Response(204),
    "an empty answer": _page(200, b""),
    "half an answer": _page(200, b'{"stops": [{"stop_id": 1, "ord'),
    "another object": _page(200, b'{"message": "hello"}'),
    "another list": _page(200, b"[]"),
    "another kind": _page(200, b'{"stops": {"a": 1}}'),
    "another record": _page(200, b'{"stops": [{"id": 1}]}'),
    "a number": _page(200, b"1"),
    "nothing": _page(200, b"null"),
    "no number": _page(200, b'{"stops": NaN}'),
    "an endless number": _page(200, b'{"stops": ' + b"9" * 10_000 + b"}"),
    "no UTF-8": _page(200, b'{"stops": "\xff\xfe"}'),
    "a deep answer": _page(200, b'{"stops": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"),
    "a deep object": _page(200, b'{"a":' * 50_000 + b"1" + b"}" * 50_000),
    "a long answer": _page(200, b" " * (8 * 2**20 + 1)),
    "a packed answer": _packed(),
    "a redirect": httpx.Response(302, headers={"Location": "https://evil.local/v1/stops"}),
    "a redirect to nowhere": httpx.Response(301, headers={"Location": "gopher://[::/\x7f"}),
    "a created thing": _page(201, b'{"stops": []}'),
    "a problem that is fine": _page(200, b'{"type":"refused"}', "application/problem+json"),
    "a problem that is a page": _page(409, b"<html>", "application/problem+json"),
    "a problem that is a list": _page(409, b"[]", "application/problem+json"),
    "a problem of numbers": _page(
        409, b'{"type": 1, "title": 2, "detail": 3}', "application/problem+json"
    ),
    "a problem in half": _page(409, b'{"type": "refused"', "application/problem+json"),
    "a refusal without a word": _page(409, b"{}", "application/json"),
    "a teapot": _page(418, b"{}", "application/json"),
}

AWAY: dict[str, tuple[Exception, str]] = {
    "nobody listens": (httpx.ConnectError("refused"), "No connection to store.local."),
    "no way there": (httpx.ConnectTimeout("slow"), "No connection to store.local."),
    "no answer": (httpx.ReadTimeout("slow"), "The store does not answer."),
    "no progress": (httpx.WriteTimeout("slow"), "The store does not answer."),
    "no free connection": (httpx.PoolTimeout("full"), "The store does not answer."),
    "broken off": (httpx.ReadError("reset"), "The store broke off the connection."),
    "broken off earlier": (httpx.WriteError("pipe"), "The store broke off the connection."),
    "another protocol": (httpx.RemoteProtocolError("SSH-2.0"), STRANGER),
    "an own mistake": (httpx.LocalProtocolError("header"), STRANGER),
    "another scheme": (httpx.UnsupportedProtocol("x"), STRANGER),
}


def _raised(call: Callable[[], object]) -> StoreError:
    with pytest.raises(StoreError) as caught:
        call()
    return caught.value


@pytest.mark.parametrize("word", NO)
def test_a_problem_is_told_as_our_error(word: str) -> None:
    """Each word of a problem becomes the error that the port promises."""
    status, kind, message = NO[word]
    error = _raised(lambda: client(problem(status, word))[0].stops("b"))
    assert (type(error), error.message) == (kind, message)


def test_the_store_says_what_to_do() -> None:
    """The detail of a refusal is the remedy, and what ails the database is told too."""
    assert _raised(lambda: client(problem(409, "refused"))[0].stops("b")).remedy == "Do this."
    away = _raised(lambda: client(problem(503, "unreachable"))[0].stops("b"))
    assert away.remedy == "It is so. Do this."


def test_a_problem_without_words_is_still_a_refusal() -> None:
    """A refusal that says nothing is told as one."""
    bare = _page(409, b'{"type": "refused"}', "application/problem+json; charset=utf-8")
    assert _raised(lambda: client(bare)[0].stops("b")).message == "The order store refused this."


def test_the_words_of_a_problem_are_made_plain() -> None:
    """Escapes and endless text in a problem do not reach the terminal."""
    answer = problem(409, "refused", "\x1b[2J\u202egone" + "x" * 10_000, "\x07" * 5000 + "\r\n.")
    error = _raised(lambda: client(answer)[0].stops("b"))
    assert error.message.startswith("[2Jgonexxx")
    assert len(error.message) == 300
    assert error.remedy in {"", "."}


@pytest.mark.parametrize("status", [500, 502, 503, 504, 599])
def test_a_failing_server_is_away(status: int) -> None:
    """Whatever a server or a proxy says with a 5xx, it may be asked again."""
    error = _raised(lambda: client(_html(status))[0].stops("b"))
    assert (type(error), error.message) == (StoreUnreachable, "The store does not answer.")


@pytest.mark.parametrize("name", STRANGERS)
def test_what_is_no_order_store_is_told_so(name: str) -> None:
    """An answer that no order store gives is told as somebody else's, and is followed nowhere."""
    store, asked = client(STRANGERS[name])
    error = _raised(lambda: store.stops("b"))
    assert (type(error), error.message) == (StoreUnreachable, STRANGER)
    assert asked.lines == ["GET /v1/stops"]


@pytest.mark.parametrize("name", AWAY)
def test_a_failing_network_is_told_in_short_words(name: str) -> None:
    """No error of the network comes out as it is."""
    failure, message = AWAY[name]
    error = _raised(lambda: client(failure)[0].claim("b", "p"))
    assert isinstance(error, StoreUnreachable)
    assert error.message == message


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        (ssl.SSLCertVerificationError("self-signed"), "The certificate of store.local is not"),
        (ssl.SSLError("WRONG_VERSION_NUMBER"), STRANGER),
        (socket.gaierror(-2, "Name or service not known"), "No connection to store.local."),
    ],
)
def test_the_cause_of_no_connection_is_told(cause: Exception, words: str) -> None:
    """A wrong certificate, another protocol and an unknown name are different troubles."""
    failure = httpx.ConnectError("no")
    failure.__cause__ = cause
    assert _raised(lambda: client(failure)[0].stops("b")).message.startswith(words)


@pytest.mark.parametrize("answer", [{}, {"x": 1}, [], "x", {"order_ids": "abc"}])
@pytest.mark.parametrize("name", CASES)
def test_no_method_trusts_the_shape_of_an_answer(name: str, answer: object) -> None:
    """Whatever JSON comes, a method returns something of its kind or says that nobody is there."""
    store, _ = client(_page(200, json.dumps(answer).encode()))
    try:
        CASES[name].call(store)
    except StoreUnreachable as error:
        assert error.message == STRANGER  # noqa: PT017 - an answer that fits is as good


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=4,
)
_PARTS = "lease stops rows found fences order_ids entries export exports purchase first hours upto"


@given(
    name=st.sampled_from(sorted(CASES)),
    part=st.sampled_from(_PARTS.split()),
    value=_VALUES,
)
def test_nothing_but_our_errors_comes_out(name: str, part: str, value: object) -> None:
    """Random JSON under the names that we read ends as a result or as our error."""
    body = json.dumps({part: value}).encode()
    try:
        CASES[name].call(client(_page(200, body))[0])
    except StoreUnreachable as error:
        assert error.message == STRANGER  # noqa: PT017 - an answer that fits is as good


def test_a_record_of_a_newer_store_is_read() -> None:
    """Fields that this program does not know are passed over, ours are read."""
    stop = {"stop_id": 1, "order_id": "o", "reason": "r", "colour": "red"}
    (read,) = client(ok({"stops": [stop], "more": True}))[0].stops("b")
    assert (read.stop_id, read.order_id, read.reason) == (1, "o", "r")


def test_a_read_is_tried_once_more() -> None:
    """A kept connection that the store had closed costs a second try, and no more than one."""
    store, asked = client(httpx.ReadError("closed"), ok({"stops": []}))
    assert store.stops("b") == ()
    assert asked.lines == ["GET /v1/stops"] * 2
    store, asked = client(httpx.ReadError("closed"))
    assert isinstance(_raised(lambda: store.stops("b")), StoreUnreachable)
    assert len(asked.requests) == 2


@pytest.mark.parametrize(
    "failure", [httpx.ReadError("x"), httpx.ReadTimeout("x"), httpx.ConnectError("x")]
)
def test_nothing_is_done_twice_by_itself(failure: Exception) -> None:
    """What changes something is sent once, and again only by whoever asked for it."""
    for name, case in CASES.items():
        if case.body is not None:
            store, asked = client(failure)
            assert isinstance(_raised(partial(case.call, store)), StoreUnreachable)
            assert len(asked.requests) == 1, name


@pytest.mark.parametrize("failure", [httpx.ReadTimeout("x"), httpx.ConnectError("x")])
def test_a_read_that_got_no_answer_is_not_repeated(failure: Exception) -> None:
    """A store that is away or slow is not asked twice: the caller waits before it asks again."""
    store, asked = client(failure)
    _raised(lambda: store.stops("b"))
    assert len(asked.requests) == 1


SAID: list[httpx.Response | Exception] = [
    *(problem(status, word) for word, (status, _, _) in NO.items()),
    *STRANGERS.values(),
    *(failure for failure, _ in AWAY.values()),
    ok({"stops": [{"stop_id": TOKEN, "order_id": "Jane Doe"}], "new": TOKEN, "key": TOKEN}),
    ok({"stops": ["Jane Doe"], "new": "1 Elm St", "key": "k", "state": "Jane Doe"}),
    ok({"stops": [{"stop_id": 1, "order_id": "o", "reason": "r", "kind": "Jane Doe"}], "new": ""}),
]


@pytest.mark.parametrize("number", range(len(SAID)))
def test_neither_the_key_nor_a_body_is_told(number: int, caplog: pytest.LogCaptureFixture) -> None:
    """The key, and what was sent or came, stand in no error, no traceback and no log."""
    caplog.set_level(logging.DEBUG)
    store, _ = client(SAID[number])
    said = [repr(store), str(vars(store))]
    for call in (
        lambda: store.stops("b"),
        lambda: store.put_orders([order()], channel="amazon"),
        lambda: store.finish_purchase("k", label()),
    ):
        error = _raised(call)
        said += [str(error), repr(error), error.remedy, "".join(traceback.format_exception(error))]
    told = "\n".join([*said, caplog.text])
    assert TOKEN not in told
    for secret in ("Jane Doe", "1 Elm St", "Sign in to"):
        assert secret not in told


def test_requests_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    """A search, whose text stands in the address, leaves no line in the log."""
    caplog.set_level(logging.DEBUG)
    client(ok({"rows": []}))[0].search("JANE-DOE")
    assert "JANE-DOE" not in caplog.text


@pytest.mark.parametrize("token", ["", "two words", "line\r\nX-Evil: 1", "nul\0", "é" * 43])
def test_a_damaged_key_is_no_header(token: str) -> None:
    """A key that would end or mangle a header is refused without being shown."""
    with pytest.raises(ConfigError, match="key is damaged") as caught:
        HttpOrderStore("https://store.local", token)
    assert not token or token not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "http://store.local:8443",
        "http://10.0.0.1",
        "ftp://store.local",
        "https://user:password@store.local",
        "https://store.local/path",
        "https://store.local?x=1",
        "https://store.local:99999",
        "https://",
        "https://store local",
        "https://store.local\r\n",
        "store.local",
        "",
    ],
)
def test_an_address_without_protection_is_refused(url: str) -> None:
    """The key goes to an https address of a host only, or to this machine."""
    with pytest.raises(ConfigError):
        HttpOrderStore(url, TOKEN)


def test_a_certificate_that_is_none_is_told() -> None:
    """A CA certificate that cannot be read is a matter for whoever set the station up."""
    for ca in (b"nonsense", b"\xff", b"-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----"):
        store = HttpOrderStore("https://127.0.0.1:9", TOKEN, ca=ca)
        with pytest.raises(ConfigError, match="CA certificate"):
            store.counts(NOON, NOON)
