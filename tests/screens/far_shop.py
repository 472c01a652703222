"""A shop whose order store is on another machine: the line to it is ours to cut and to slow."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sync.faulty_store import Line, over
from textual._xterm_parser import XTermParser
from textual.events import Key

from station import compose
from station.config import StoreSettings
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    import pytest
    from screens.shop import Packer, Shop

    from station.store.port import OrderStore
    from station.sync.link import Link

SLOW_S = 1.5
"""Seconds that each call of a slow store takes."""


@dataclass
class FarShop:
    """A shop, the line to its store, and the store itself for the other end of the line."""

    shop: Shop
    line: Line

    @property
    def store(self) -> SqlOrderStore:
        """The store as its own machine sees it."""
        return SqlOrderStore.open(f"sqlite:///{self.shop.home / 'store.db'}")

    async def once(self, ana: Packer) -> None:
        """Let the link of the bench do all its work now, and the screen hear of it."""
        link: Link = ana.floor.wake.__self__  # type: ignore[attr-defined]  # the link's own method
        await asyncio.to_thread(link.once)
        await ana.hear("bench")

    async def cut(self, ana: Packer) -> None:
        """Cut the line, and let the bench notice it."""
        self.line.away = True
        await self.once(ana)

    async def mend(self, ana: Packer) -> None:
        """Mend the line, and let the bench notice it."""
        self.line.away = False
        await self.once(ana)


def far(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> FarShop:
    """Move the store of a shop to another machine."""
    url = "https://store.local:8443"
    shop.settings = replace(shop.settings, store=StoreSettings(url=url, ahead=1))
    line = Line()

    def open_store(_place: compose.Place) -> OrderStore:
        return over(SqlOrderStore.open(f"sqlite:///{shop.home / 'store.db'}"), line)

    monkeypatch.setattr(compose, "open_store", open_store)
    return FarShop(shop, line)


async def typed(ana: Packer, *codes: str) -> None:
    """Let the scanner read codes, and wait for the screen alone, never for a thread."""
    for code in codes:
        for event in XTermParser().feed(code + "\r"):
            if isinstance(event, Key):
                ana._key(event, 0.004)
        ana._at += 0.3
    await ana.pilot.pause(0)


async def press(ana: Packer, key: str) -> None:
    """Press a key, and wait for the screen alone, never for a thread."""
    ana._key(Key(key, {"enter": "\r", "escape": "\x1b"}.get(key)), 0.5)
    await ana.pilot.pause(0)


def sentence_of(ana: Packer) -> str:
    """Return the row that says what to do next."""
    return ana.rows[-3].strip()


def read(ana: Packer) -> str:
    """Return the whole screen as one line of words, as a person reads it over the rows' ends."""
    return " ".join(" ".join(ana.rows).split())


async def reads(ana: Packer, *sentences: str) -> None:
    """Wait until a person can read all of these sentences whole, over the ends of the rows."""

    def there() -> bool:
        text = read(ana)
        return all(each in text for each in sentences)

    await ana.until(there, *sentences)
