"""`station enrol`: certificates for the server, tokens for machines, and joining a store."""

from __future__ import annotations

import getpass
import logging
import re
import socket
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from station.errors import ConfigError, InputError
from station.verbs import FAILED, OK, serving

if TYPE_CHECKING:
    from collections.abc import Sequence

    from station.compose import Place
    from station.store.stations import Enrolled

log = logging.getLogger(__name__)

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_PORT = re.compile(r"(.+?)(?::(\d{1,5}))?")
"""A host and the port that a proxy listens on; an IPv6 address stands in brackets."""


def init(place: Place, names: Sequence[str]) -> int:
    """Make the certificates of the server, or only a new one for it when there is a CA."""
    from station.store.service import certificates

    serving.open_here(place).close()
    if place.settings.serve.certificate:
        raise ConfigError(
            "Your own certificate is set under [serve].", "Remove it there to have ours made."
        )
    folder = serving.tls_folder(place)
    hosts = _hosts(names or place.settings.serve.names or _known(place) or _here())
    new = certificates.make(folder, hosts)
    ca = (folder / "ca.pem").read_bytes()
    ends = certificates.expires((folder / "server.pem").read_bytes())
    print(f"{'New certificates' if new else 'A new certificate from the same CA'} in {folder}:")
    print(f"for          {', '.join(hosts)}")
    print(f"good until   {ends:%Y-%m-%d}")
    print(f"fingerprint  {certificates.fingerprint(ca)}")
    if not names and not place.settings.serve.names:
        print("Do benches reach this machine by another name? Add: --name NAME")
    print("Keep a copy of the folder in a safe place: with ca.key lost, every bench joins anew.")
    print("Now start `station serve`, again if it runs.")
    return OK


_KINDS = {
    "station": "a bench",
    "office": "an office",
    "board": "a board",
    "viewer": "a viewer of the board",
}
_STARTED = {
    "station": "Start `station`.",
    "office": "`station status` shows what waits.",
    "board": "Start `station board`.",
    "viewer": "Start `station board`.",
}
"""What is done next at a machine that has joined, by its role."""


def enrol(place: Place, name: str, role: str) -> int:
    """Give a machine a token for a role, and print the line with which it joins, once."""
    from station.store.service import tokens

    store = serving.open_here(place)
    _check_name(name)
    where = _reach(place)
    token = tokens.new()
    store.enrol(name, role, tokens.digest(token))
    store.close()
    log.info("%s was enrolled as %s", name, role)
    print(f"{name} is enrolled as {_KINDS[role]}.")
    print("There, run `station enrol --join`, and paste this line. It is shown only now:")
    print()
    print(f"{where}/#{'.'.join((name, token, *_fingerprint(place)))}")
    print()
    print("It is a key: give it to nobody else. A line printed earlier for this name has ended.")
    return OK


def show(place: Place) -> int:
    """Print who is enrolled and when he was last heard of."""
    store = serving.open_here(place)
    found = store.enrolled()
    store.close()
    for known in found:
        print(f"{known.station:<42}{known.role:<9}{_standing(known)}")
    print(f"{len(found)} enrolled")
    return OK


def revoke(place: Place, name: str) -> int:
    """End the token of a machine; returns 1 when it had none."""
    store = serving.open_here(place)
    ended = store.revoke(name)
    store.close()
    if not ended:
        print(f"station: {name!r} has no token.", file=sys.stderr)
        print("`station enrol --list` shows who has.", file=sys.stderr)
        return FAILED
    log.info("%s was revoked", name)
    print(f"{name}'s token ends within a minute. Its journal and its orders stay in the store.")
    return OK


def restored(place: Place) -> int:
    """Tell the store that its database was put back from a backup, before it is served again."""
    store = serving.open_here(place)
    epoch = store.restored()
    waiting = store.awaited()
    store.close()
    log.warning("the store was restored: epoch %s", epoch)
    print(f"This is epoch {epoch} of the store now: orders are given out again as soon as every")
    print("bench that was at work has handed over its journal once more.")
    if waiting:
        print(f"Waiting for {', '.join(waiting)}.")
        print("For one that is gone for good: station enrol --excuse NAME")
    return OK


def excuse(place: Place, name: str) -> int:
    """Wait no longer for a bench after the store was restored; returns 1 when it did not."""
    store = serving.open_here(place)
    done, waiting = store.excuse(name), store.awaited()
    store.close()
    log.warning("%s was excused", name)
    print(f"{name} is {'not waited for any more' if done else 'not waited for'}.")
    if waiting:
        print(f"Still waiting for {', '.join(waiting)}.")
    return OK if done else FAILED


def join(place: Place, line: str, *, again: bool) -> int:
    """Let this machine use the store that printed the line; without a line it is asked for."""
    from station import compose
    from station.sync.joining import join

    compose.prepare(place.home)
    made = join(line or _asked(), place.home, again=again)
    print(f"This is {made.station} now, with the order store at {made.url}.")
    print(f"The key is kept in the data folder. {_STARTED[made.role]}")
    return OK


def _asked() -> str:
    """Return a line that was pasted; not shown, and not in the list of processes."""
    if sys.stdin.isatty():
        line = getpass.getpass("Paste the line that `station enrol NAME` printed: ")
    else:
        line = sys.stdin.readline(2000)
    if not line.strip():
        raise InputError(
            "There was no line.", "Run `station enrol NAME` on the server and paste what it prints."
        )
    return line.strip()


def _check_name(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise InputError(
            f"{name[:60]!r} is no name of a station.",
            "Write letters, digits, - and _, 40 at most.",
        )


def _standing(known: Enrolled) -> str:
    if known.revoked:
        return f"ended on {known.revoked.astimezone():%Y-%m-%d %H:%M}"
    if known.seen is None:
        idle = ", no work yet" if known.role == "station" else ""
        return f"since {known.enrolled.astimezone():%Y-%m-%d}{idle}"
    minutes = int((datetime.now(UTC) - known.seen).total_seconds() // 60)
    if minutes < 60:
        return f"here {minutes} min ago"
    return f"here on {known.seen.astimezone():%Y-%m-%d %H:%M}"


def _reach(place: Place) -> str:
    """Return the address that benches use.

    Raises:
        ConfigError: Nobody said by which name they reach this machine.
    """
    names = place.settings.serve.names or _known(place)
    if not names:
        raise ConfigError(
            "There is no certificate yet, so no bench can connect.",
            "Run `station enrol --init` first. Behind a proxy, set serve.names in station.toml.",
        )
    host, port = _split(names[0])
    shown = f"[{host}]" if ":" in host else host
    return f"https://{shown}:{port or place.settings.serve.port}"


def _fingerprint(place: Place) -> tuple[str, ...]:
    from station.store.service import certificates

    ca = serving.own_ca(place)
    return (certificates.fingerprint(ca),) if ca else ()


def _known(place: Place) -> tuple[str, ...]:
    """Return the names in the certificate, the first that benches can use first."""
    from station.store.service import certificates, server

    pem = serving.certificate_of(place)
    found = certificates.hosts(pem) if pem else ()
    return tuple(sorted((host for host in found if "*" not in host), key=server.is_loopback))


def _here() -> tuple[str, ...]:
    return (socket.gethostname(),)


def _hosts(names: Sequence[str]) -> tuple[str, ...]:
    """Return hosts without ports, each once, and this machine's own names behind them."""
    mine = ("localhost", "127.0.0.1", "::1")
    return tuple(dict.fromkeys((*(_split(name)[0] for name in names), *mine)))


def _split(name: str) -> tuple[str, str]:
    if name.count(":") > 1 and not name.startswith("["):
        return name, ""
    match = _PORT.fullmatch(name)
    host, port = match.groups() if match else (name, "")
    return host.strip("[]"), port or ""
