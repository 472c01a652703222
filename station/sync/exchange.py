"""Questions to the order store and its answers, over a connection made with the first of them."""

from __future__ import annotations

import json
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from station.enrolment import address
from station.errors import ConfigError
from station.sync import answers
from station.wire import to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import httpx

    from station.sync.connection import Connection, Reply
    from station.wire import Json

MAX_ANSWER_BYTES = 8 * 2**20
"""What is read of an answer; the largest that a bench asks for are a few hundred KiB."""

Params = tuple[tuple[str, str], ...]


class Exchange:
    """One station's side of the order store's HTTP interface; safe to use from several threads."""

    def __init__(
        self,
        url: str,
        token: str,
        ca: bytes | Path | None,
        transport: httpx.BaseTransport | None,
        times_s: tuple[float, float],
    ) -> None:
        self._url = address(url)
        self._host = urlsplit(self._url).hostname or ""
        self._secured = self._url.startswith("https:")
        if not (token.isascii() and token.isprintable() and token and " " not in token):
            raise ConfigError("This bench's key is damaged.", "Have it enrolled again.")
        self._token = token
        self._ca = ca
        self._transport = transport
        self._times_s = times_s
        self._lock = threading.Lock()
        self._made: Connection | None = None

    def look(
        self,
        path: str,
        *params: tuple[str, object],
        most: int = MAX_ANSWER_BYTES,
        answer_s: float | None = None,
    ) -> answers.Answer:
        """Read something, asking once more when a kept connection turns out to have ended.

        A parameter that is None is left out, of a sequence each part is one. With answer_s: seconds
        for an answer that may wait by intent.

        Raises:
            StoreRefused: The store said no.
            StoreUnreachable: The store is away, or something else answered.
        """
        from station.sync.connection import BrokenOff

        spread = tuple(_spread(params))
        with suppress(BrokenOff):
            return self._answer(self._asked(path, spread, most, answer_s))
        return self._answer(self._asked(path, spread, most, answer_s))

    def tell(
        self, path: str, body: Json | bytes, *, most: int = MAX_ANSWER_BYTES
    ) -> answers.Answer:
        """Have something done, once; raises as `look` does."""
        content = body if isinstance(body, bytes) else encoded(body)
        return self._answer(self._connection().ask("POST", path, content=content, most=most))

    def act(self, path: str, body: Json) -> None:
        """Have something done that has no answer but that it is done; raises as `look` does."""
        self.tell(path, body).nothing()

    def close(self) -> None:
        """End the connections; the next question makes new ones."""
        with self._lock:
            made, self._made = self._made, None
        if made is not None:
            made.close()

    def _asked(self, path: str, params: Params, most: int, answer_s: float | None) -> Reply:
        asking = self._connection()
        return asking.ask("GET", path, params=params, most=most, answer_s=answer_s)

    def _answer(self, reply: Reply) -> answers.Answer:
        return answers.read(self._host, *reply)

    def _connection(self) -> Connection:
        with self._lock:
            if self._made is None:
                self._made = self._opened()
            return self._made

    def _opened(self) -> Connection:
        from station.sync.connection import Connection, Network, context

        connect_s, answer_s = self._times_s
        return Connection(
            self._url,
            self._transport or Network(context(_pem(self._ca)) if self._secured else None),
            token=self._token,
            connect_s=connect_s,
            answer_s=answer_s,
        )


def encoded(value: object) -> bytes:
    """Return records, and what they are made of, as the bytes of a request."""
    return answers.sendable(json.dumps(to_json(value), ensure_ascii=False, separators=(",", ":")))


def batches(
    head: Json, name: str, records: Iterable[object], most: int, most_bytes: int
) -> Iterator[bytes]:
    """Return request bodies of head and a list under a name, each within both bounds.

    Records are taken only as the next body needs them; one that is larger than the bound goes
    alone, for the store to say so.
    """
    start = encoded({**head, name: []})[:-2]
    gathered: list[bytes] = []
    size = 0
    for record in records:
        part = encoded(record)
        if gathered and (len(gathered) >= most or size + len(part) > most_bytes):
            yield start + b",".join(gathered) + b"]}"
            gathered, size = [], 0
        gathered.append(part)
        size += len(part) + 1
    if gathered:
        yield start + b",".join(gathered) + b"]}"


def _spread(params: Iterable[tuple[str, object]]) -> Iterator[tuple[str, str]]:
    for name, value in params:
        plain = to_json(value)
        parts: Sequence[object] = plain if isinstance(plain, list) else (plain,)
        for part in parts:
            if part is not None:
                yield name, _worded(part)


def _worded(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return answers.sendable(text).decode()


def _pem(ca: bytes | Path | None) -> bytes | None:
    if not isinstance(ca, Path):
        return ca
    try:
        return ca.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"The CA certificate {ca} cannot be read: {(error.strerror or 'unknown').lower()}.",
            "Name another file, or mend its rights.",
        ) from error
