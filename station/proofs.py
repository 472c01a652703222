"""Who showed badge and PIN at this bench today, so that he is let in while the store is away.

A PIN of six digits can be guessed by whoever has any proof of it and time. So it is kept under a
random key, for some hours, in memory and in a file that is gone after a restart of the machine;
never with the data, whose disk may be copied.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
import secrets
import threading
import time
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from station.errors import StoreRefused

if TYPE_CHECKING:
    from collections.abc import Callable

    from station.acts import Pass

log = logging.getLogger(__name__)

MOST_WRONG = 5
"""Wrong PINs after which a proof is dropped: then only the store lets him in."""
ROUNDS = 100_000
"""HMACs in a row for one proof: what makes each guess dear."""
_MINUTE_S = 60.0
_MOST_BYTES = 1_000_000
_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


def ticks() -> float:
    """Return seconds since the machine started, its sleep included; nobody can set them back."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class Secret:
    """A text that stands in no log, no trace and no message: it has no picture of itself."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return "Secret()"

    def reveal(self) -> str:
        """Return the text, for the one who must have it."""
        return self._text


@dataclass(frozen=True, slots=True)
class Proof:
    """What the bench keeps of somebody who showed his PIN here."""

    name: str
    mac: str = field(repr=False)
    since: float
    until: float
    """Seconds of the machine's run until which it is good."""
    used: float
    """When he last did something here."""
    wrong: int = 0


class Proofs:
    """The proofs of one bench.

    Args:
        file: Where they outlive a crash of the program; None: nowhere.
        idle_s: Seconds without him after which his badge alone does not do.
        most_s: Seconds after which he must show his PIN again, whatever the store allows.
        clock: Monotonic seconds, the same after a restart of the program.
        rounds: How dear a guess is; 0: as it is in the house.
    """

    def __init__(
        self,
        file: Path | None = None,
        *,
        idle_s: float = 900.0,
        most_s: float = 36_000.0,
        clock: Callable[[], float] = ticks,
        rounds: int = 0,
    ) -> None:
        self._file = file
        self._idle_s, self._most_s = idle_s, most_s
        self._clock = clock
        self._rounds = rounds or ROUNDS
        self._lock = threading.Lock()
        self._key = secrets.token_bytes(32)
        self._known: dict[str, Proof] = {}
        self._load()

    def keep(self, badge: str, pin: Secret, granted: Pass) -> None:
        """Remember that the store let somebody in with this PIN."""
        now = self._clock()
        lasts = min(granted.lasts_s, self._most_s)
        proof = Proof(granted.name, self._mac(badge, pin), now, now + lasts, now)
        self._put(self._id(badge), proof)

    def wants_pin(self, badge: str) -> bool:
        """Tell whether he was here, but not lately: then his badge alone does not do."""
        with self._lock:
            proof = self._known.get(self._id(badge))
            return proof is not None and not (self._is_good(proof) and self._is_fresh(proof))

    def knows(self, badge: str) -> bool:
        """Tell whether he showed his PIN here, and that still holds."""
        with self._lock:
            proof = self._known.get(self._id(badge))
            return proof is not None and self._is_good(proof)

    def let_in(self, badge: str, pin: Secret | None) -> str | None:
        """Return the name of who shows his badge while the store is away; None: he needs his PIN.

        Raises:
            StoreRefused: He did not show his PIN here today, or it is wrong.
        """
        with self._lock:
            key = self._id(badge)
            proof = self._known.get(key)
            if proof is None or not self._is_good(proof):
                raise StoreRefused(
                    "The store is away: nobody can be let in here who was not here today."
                )
            if pin is None:
                return proof.name if self._is_fresh(proof) else None
            self._check(key, proof, badge, pin)
            return proof.name

    def _check(self, key: str, proof: Proof, badge: str, pin: Secret) -> None:
        # Counted before it is compared: a program that is killed in between learns nothing.
        self._set(key, replace(proof, wrong=proof.wrong + 1))
        if hmac.compare_digest(proof.mac, self._mac(badge, pin)):
            self._set(key, replace(proof, wrong=0, used=self._clock()))
            return
        if proof.wrong + 1 >= MOST_WRONG:
            self._drop(key)
            raise StoreRefused("Too many wrong PINs: only the store can let you in now.")
        raise StoreRefused("Badge and PIN do not fit.", "Type the PIN again.")

    def worked(self, badge: str) -> None:
        """Remember that he did something here just now; to the minute, for it is said often."""
        with self._lock:
            key, now = self._id(badge), self._clock()
            proof = self._known.get(key)
            if proof and now - proof.used > _MINUTE_S:
                self._set(key, replace(proof, used=now))

    def denied(self, badge: str, pin: Secret) -> None:
        """Forget a proof whose very PIN the store does not take any more."""
        with self._lock:
            key = self._id(badge)
            proof = self._known.get(key)
            if proof and hmac.compare_digest(proof.mac, self._mac(badge, pin)):
                self._drop(key)

    def forget(self, name: str) -> None:
        """Forget somebody whom the store does not welcome any more."""
        with self._lock:
            for key in [key for key, proof in self._known.items() if proof.name == name]:
                self._drop(key)

    def _is_good(self, proof: Proof) -> bool:
        return proof.since <= self._clock() < proof.until

    def _is_fresh(self, proof: Proof) -> bool:
        return self._clock() - proof.used <= self._idle_s

    def _id(self, badge: str) -> str:
        return hmac.new(self._key, b"badge\0" + badge.encode(), hashlib.sha256).hexdigest()

    def _mac(self, badge: str, pin: Secret) -> str:
        salt = self._key + badge.encode()
        secret = pin.reveal().encode()
        return hashlib.pbkdf2_hmac("sha256", secret, salt, self._rounds).hex()

    def _put(self, key: str, proof: Proof) -> None:
        with self._lock:
            self._set(key, proof)

    def _set(self, key: str, proof: Proof) -> None:
        self._known[key] = proof
        self._save()

    def _drop(self, key: str) -> None:
        self._known.pop(key, None)
        self._save()

    # — the file —
    def _load(self) -> None:
        if self._file is None:
            return
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            kept: dict[str, Any] = json.loads(_read(self._file))
            if kept["boot"] == _boot():
                known = {str(key): _proof(row) for key, row in kept["proofs"].items()}
                self._key, self._known = bytes.fromhex(kept["key"]), known

    def _save(self) -> None:
        if self._file is None:
            return
        now = self._clock()
        self._known = {key: proof for key, proof in self._known.items() if proof.until > now}
        rows = {key: asdict(proof) for key, proof in self._known.items()}
        text = json.dumps({"boot": _boot(), "key": self._key.hex(), "proofs": rows})
        try:
            _write(self._file, text)
        except OSError as error:
            # What is in memory still lets him in; a file that says less must not stay behind.
            log.warning("proofs are kept in memory only: %s", error.strerror)
            with suppress(OSError):
                self._file.unlink()


def _proof(row: dict[str, Any]) -> Proof:
    numbers = (float(row["since"]), float(row["until"]), float(row["used"]))
    return Proof(str(row["name"]), str(row["mac"]), *numbers, int(row["wrong"]))


def _boot() -> str:
    """Return what is another after each start of the machine, where there is such a thing."""
    try:
        return _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return ""


def _read(file: Path) -> str:
    handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    with os.fdopen(handle, encoding="utf-8") as source:
        about = os.fstat(handle)
        if about.st_uid != os.getuid() or about.st_mode & 0o077:
            raise PermissionError("others could have written it")
        return source.read(_MOST_BYTES)


def _write(file: Path, text: str) -> None:
    folder = file.parent
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    about = folder.lstat()
    if folder.is_symlink() or about.st_uid != os.getuid() or about.st_mode & 0o022:
        raise PermissionError(1, "others can write beside it")
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(fresh, flags, 0o600), "w", encoding="utf-8") as target:
        target.write(text)
    fresh.replace(file)


def runtime_file(home: Path, station: str) -> Path | None:
    """Return where the proofs of a bench are kept: a folder of the user that dies with the run.

    None where the machine has no such folder; what lies in /tmp or a cache may be on its disk.
    """
    named = os.environ.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}"
    folder = Path(named)
    if not folder.is_absolute() or not folder.is_dir():
        return None
    name = hashlib.sha256(f"{home.absolute()}\0{station}".encode()).hexdigest()[:32]
    return folder / "station" / f"{name}.proofs"
