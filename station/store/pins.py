"""PINs: made at random, kept as argon2id, and how long a wrong one costs.

A hash of six digits falls to whoever has the database and a day: what protects a PIN is that each
guess is counted (`station.store.guessing`), and that people do not choose it.
Sources: RFC 9106 (argon2id), OWASP ASVS 5.0 §11.4.2 (19 MiB, two passes), NIST SP 800-63B §3.1.1.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
import threading
from dataclasses import dataclass

DIGITS = 6

FREE = 5
"""Wrong PINs in a row after which each further try must wait."""

LOCKED = 10
"""Wrong PINs in a row after which nobody gets in under that name until he is unlocked."""

WAIT_S = 30
"""Seconds of the first wait; each further one is twice as long."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one look at a PIN costs."""

    memory_kib: int = 19 * 1024
    passes: int = 2
    lanes: int = 1


COST = Cost()
"""The cost of PINs that are made from now on."""

_AT_ONCE = threading.BoundedSemaphore(2)
"""Each look takes its memory and a processor: more of them would only slow the store down."""

_PHC = re.compile(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)", re.ASCII)
_SALT_BYTES = 16
_HASH_BYTES = 32


def new() -> str:
    """Return a PIN that nobody chose."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def is_pin(text: str) -> bool:
    """Tell whether a text can be a PIN at all."""
    return len(text) == DIGITS and text.isascii() and text.isdigit()


def hashed(pin: str) -> str:
    """Return what is kept of a PIN: argon2id with its salt, as a PHC string."""
    salt = secrets.token_bytes(_SALT_BYTES)
    how = f"m={COST.memory_kib},t={COST.passes},p={COST.lanes}"
    return f"$argon2id$v=19${how}${_b64(salt)}${_b64(_derived(pin, salt, COST))}"


def matches(pin: str, kept: str) -> bool:
    """Tell whether a PIN is the one that was kept; takes the same time for every PIN."""
    if not (match := _PHC.fullmatch(kept)):
        return False
    memory, passes, lanes = (int(match[n]) for n in (1, 2, 3))
    made = _derived(pin, _bytes(match[4]), Cost(memory, passes, lanes))
    return hmac.compare_digest(made, _bytes(match[5]))


def spend(pin: str) -> None:
    """Take the time that looking at a PIN takes, where there is none to look at."""
    _derived(pin, bytes(_SALT_BYTES), COST)


def wait_s(wrong: int) -> int:
    """Return the seconds to wait after so many wrong PINs in a row.

    >>> [wait_s(wrong) for wrong in (0, 4, 5, 6, 9)]
    [0, 0, 30, 60, 480]
    """
    return WAIT_S << (min(wrong, LOCKED) - FREE) if wrong >= FREE else 0


def _derived(pin: str, salt: bytes, cost: Cost) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    made = Argon2id(
        salt=salt,
        length=_HASH_BYTES,
        iterations=cost.passes,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    )
    with _AT_ONCE:
        return made.derive(pin.encode())


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4))
