"""A shop whose people have badges and PINs, with a clock that only the test moves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from screens.shop import Shop

from station import compose
from station.acts import Role
from station.barcodes import signed
from station.store.sql import SqlOrderStore

if TYPE_CHECKING:
    from collections.abc import Callable

    from screens.shop import Packer

    from station.acts import AuditEntry, Person
    from station.floor import Floor
    from station.messages import BenchChanged
    from station.model import Entry


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody with a badge in his hand and a PIN in his head."""

    person: Person
    pin: str
    badge: str
    """The text of his badge's barcode."""

    @property
    def wrong_pin(self) -> str:
        """A PIN that is not his."""
        return f"{(int(self.pin) + 1) % 10**6:06}"


@dataclass
class BadgedShop(Shop):
    """A shop with an owner, a supervisor and two packers."""

    people: dict[str, Worker] = field(default_factory=dict)
    seconds: float = 1000.0
    """What the bench takes for the time since the machine started."""

    def floor(self, post: Callable[[BenchChanged], object]) -> Floor:
        """Open the station as the program does, by the test's clock."""
        floor = replace(super().floor(post), ticks=lambda: self.seconds)
        floor.bench.proofs._clock = lambda: self.seconds
        return floor

    def hire(self) -> None:
        """Add everybody."""
        store = SqlOrderStore.open(f"sqlite:///{self.home / 'store.db'}")
        key = compose.site_key(self.home)
        roles = {"Olga": Role.OWNER, "Sue": Role.SUPERVISOR, "Ana": Role.PACKER, "Bo": Role.PACKER}
        for name, role in roles.items():
            person, pin = store.add_person(name, role)
            self.people[name] = Worker(person, pin, signed("BDG", person.badge, key))
        store.close()

    def store(self) -> SqlOrderStore:
        """Return the store as its own machine sees it."""
        return SqlOrderStore.open(f"sqlite:///{self.home / 'store.db'}")


async def enter(packer: Packer, shop: BadgedShop, name: str) -> None:
    """Sign somebody in with badge and PIN."""
    await packer.scan(shop.people[name].badge)
    await packer.sees("Type your PIN.")
    await packer.type_in(shop.people[name].pin)
    await packer.sees(f"BENCH-1 · {name}")


def journal(packer: Packer, *kinds: str) -> list[Entry]:
    """Return what the bench wrote down, of some kinds."""
    entries = packer.floor.bench._journal._entries("1 ORDER BY seq", ())
    return [entry for entry in entries if entry.kind in kinds]


async def sign(packer: Packer, shop: BadgedShop, name: str = "Sue", *, pin: str = "") -> None:
    """Give the first reason, and somebody's badge and PIN."""
    await packer.press("f2")
    await packer.sees("Scan the supervisor")
    await packer.scan(shop.people[name].badge)
    await packer.sees("Type your PIN")
    await packer.type_in(pin or shop.people[name].pin)


def audited(shop: BadgedShop, *acts: str) -> list[AuditEntry]:
    """Return the lines of the store's audit log of some kinds."""
    store = shop.store()
    lines = [line for line in store.audit() if line.act in acts]
    store.close()
    return lines
