"""`station serve`: the order store of this machine over HTTPS, for all benches."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from station import __version__, compose
from station.errors import ConfigError
from station.verbs import OK

if TYPE_CHECKING:
    from station.compose import Place
    from station.store.service.server import Plan
    from station.store.sql import SqlOrderStore

SOON_DAYS = 30
"""Days before its end at which a certificate is spoken of as ending."""


def run(place: Place, host: str | None, port: int | None) -> int:
    """Serve until Ctrl-C or SIGTERM; says where, with which certificate, and how to enrol."""
    from station.store.service import certificates, server
    from station.store.service.watch import Watch

    store = open_here(place)
    if not place.settings.serve.certificate and certificates.renew(tls_folder(place)):
        print("The certificate was near its end: a new one is made.")
    plan = plan_of(place, host, port)
    words = _words(place, plan, store)
    ca_pem = own_ca(place)
    watch = Watch(store, place.home / "newest-heard")
    if watch.look():
        print("The database was put back from a backup: waiting for the benches to report.")
    watch.start()
    try:
        server.run(
            store,
            plan,
            ca_pem=ca_pem,
            site_key=place.site_key,
            version=__version__,
            ready=lambda: _say(words),
        )
    finally:
        watch.stop()
        store.close()
    return OK


def _say(words: str) -> None:
    # At once also when a service manager reads it through a pipe.
    print(words, flush=True)


def open_here(place: Place) -> SqlOrderStore:
    """Return the order store that this machine reaches without a server.

    Raises:
        ConfigError: It is behind another machine's server.
    """
    compose.prepare(place.home)
    return compose.open_database(place)


def tls_folder(place: Place) -> Path:
    """Return the folder of our own certificates."""
    return place.home / "tls"


def plan_of(place: Place, host: str | None, port: int | None) -> Plan:
    """Return where and how to serve.

    Raises:
        ConfigError: Of certificate and key only one is set.
    """
    from station.store.service.server import Plan

    house = place.settings.serve
    certificate, key = _pair(place)
    return Plan(host or house.host, port or house.port, certificate, key, house.rate, house.at_once)


def _pair(place: Place) -> tuple[Path | None, Path | None]:
    house = place.settings.serve
    if bool(house.certificate) != bool(house.key):
        lacking = "key" if house.certificate else "certificate"
        raise ConfigError(f"serve.{lacking} is not set.", "Set both, or none of them.")
    if house.certificate:
        return _within(place, house.certificate), _within(place, house.key)
    folder = tls_folder(place)
    if (folder / "server.pem").exists():
        return folder / "server.pem", folder / "server.key"
    return None, None


def _within(place: Place, name: str) -> Path:
    """Return a file that is named from the data folder, from ~, or in full."""
    return place.home / Path(name).expanduser()


def certificate_of(place: Place) -> bytes:
    """Return the certificate in PEM that benches see, b"" when there is none.

    Raises:
        ConfigError: It cannot be read.
    """
    certificate, _ = _pair(place)
    try:
        return certificate.read_bytes() if certificate else b""
    except OSError as error:
        raise ConfigError(
            f"The certificate {certificate} cannot be read: {error.strerror}.",
            "Mend serve.certificate in station.toml, or the file's rights.",
        ) from error


def own_ca(place: Place) -> bytes:
    """Return our CA in PEM when it signed what benches see, else b""."""
    pem = tls_folder(place) / "ca.pem"
    own = not place.settings.serve.certificate and pem.exists()
    return pem.read_bytes() if own else b""


def ending(pem: bytes, at: datetime) -> tuple[bool, str]:
    """Return whether a certificate is good for a while, and until when in words."""
    from station.store.service import certificates

    ends = certificates.expires(pem)
    days = (ends - at).days
    if ends <= at:
        return False, f"ended on {ends:%Y-%m-%d}: no bench can connect"
    if days < SOON_DAYS:
        return False, f"ends in {days} days, on {ends:%Y-%m-%d}: make a new one"
    return True, f"good until {ends:%Y-%m-%d}"


def checked(place: Place) -> tuple[bool, str]:
    """Return whether other benches could connect to this machine, for `station check`."""
    from station.store.service import certificates

    if place.is_far:
        return True, "on another machine"
    certificate, key = _pair(place)
    if certificate is None or key is None:
        return True, "not set up: no other bench uses this machine's orders"
    certificates.check_private(key)
    return ending(certificate_of(place), datetime.now(UTC))


def _words(place: Place, plan: Plan, store: SqlOrderStore) -> str:
    from sqlalchemy import make_url

    where = make_url(place.store_url).render_as_string(hide_password=True)
    shown = f"[{plan.host}]" if ":" in plan.host else plan.host
    pem = certificate_of(place)
    whose = "yours" if place.settings.serve.certificate else "ours"
    told = f"{whose}, {ending(pem, datetime.now(UTC))[1]}" if pem else _PLAIN
    benches = sum(1 for known in store.enrolled() if known.revoked is None)
    return "\n".join(
        (
            f"Serving      {where}",
            f"address      {'https' if pem else 'http'}://{shown}:{plan.port}",
            f"certificate  {told}",
            f"enrolled     {benches}. To let a bench in: station enrol NAME",
            "Ctrl-C ends it.",
        )
    )


_PLAIN = "none: this machine alone can connect, such as a proxy that has one"
