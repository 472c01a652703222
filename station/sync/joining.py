"""A bench, an office or a board joins a store: the server's line becomes an enrolment, tried."""

from __future__ import annotations

import hashlib
import hmac
import ssl
from dataclasses import replace
from typing import TYPE_CHECKING

from station import enrolment
from station.enrolment import Enrolment, Invitation
from station.errors import ConfigError
from station.sync.answers import stranger
from station.sync.client import HttpOrderStore

if TYPE_CHECKING:
    from pathlib import Path

    from station.sync.connection import Reply

CONNECT_S = 5.0
ANSWER_S = 10.0
_MAX_CA_BYTES = 64 * 2**10
_PEM = "application/x-pem-file"


def join(line: str, home: Path, *, again: bool = False) -> Enrolment:
    """Join the store that a line names, and keep the enrolment in the data folder.

    Args:
        line: What `station enrol NAME` printed on the server.
        home: The data folder.
        again: Whether an enrolment to another store, or under another name, may be replaced.

    Raises:
        ConfigError: The line is wrong, the server is not the one that made it, or this bench
            belongs to another store.
        StoreRefused: The store does not take the key.
        StoreUnreachable: The store is away, or something else answered.
    """
    invitation = enrolment.parse(line)
    if not again:
        _keep_place(enrolment.load(home), invitation)
    joined = Enrolment(invitation.url, invitation.station, invitation.token, _authority(invitation))
    joined = _introduced(joined)
    enrolment.save(home, joined)
    return joined


def _keep_place(old: Enrolment | None, new: Invitation) -> None:
    """Refuse to move a bench silently: what its journal holds belongs to the store it knows."""
    if old is not None and (old.url, old.station) != (new.url, new.station):
        raise ConfigError(
            f"This bench is {old.station} at {old.url} already.",
            f"To make it {new.station} at {new.url}, finish its orders, wait until nothing waits"
            " to be sent, and add --again.",
        )


def _introduced(joined: Enrolment) -> Enrolment:
    """Ask the store, over a verified connection, what the key is for: it must know it."""
    store = HttpOrderStore(
        joined.url,
        joined.token,
        ca=joined.ca_pem or None,
        connect_s=CONNECT_S,
        answer_s=ANSWER_S,
    )
    try:
        name, role, site_key = store.me()
    finally:
        store.close()
    if name != joined.station:
        raise ConfigError(
            "This line was changed: its key belongs to another name.",
            "Copy the whole line that `station enrol NAME` printed on the server.",
        )
    if role not in enrolment.ROLES:
        raise ConfigError(
            "The store knows more kinds of machines than this program.",
            "Bring the programs of the server and of this machine to the same version.",
        )
    return replace(joined, role=role, site_key=site_key)


def _authority(invitation: Invitation) -> bytes:
    """Return the CA certificate that the line vouches for; empty: one that the system trusts."""
    if not invitation.fingerprint:
        return b""
    reply = _fetched(invitation.url)
    host = invitation.url.partition("://")[2]
    if reply.status == 404 and reply.kind == "application/problem+json":
        raise ConfigError(
            f"The server {host} has another certificate now.",
            "Have a new line made: run `station enrol NAME` on the server.",
        )
    if reply.status != 200 or reply.kind != _PEM:
        raise stranger(host)
    der = _der(reply.body)
    if der is None:
        raise stranger(host)
    if not hmac.compare_digest(hashlib.sha256(der).hexdigest(), invitation.fingerprint):
        raise ConfigError(
            f"The server that answers at {host} is not the one that made this line.",
            "Do not go on: ask the owner for a new line, and who else is in this network.",
        )
    # Made anew from what was compared: nothing else that the answer held is ever trusted.
    return ssl.DER_cert_to_PEM_cert(der).encode("ascii")


def _fetched(url: str) -> Reply:
    """Return what the server says its CA certificate is, from whoever answers there."""
    from station.sync.connection import Connection, Network

    unverified = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    unverified.minimum_version = ssl.TLSVersion.TLSv1_2
    # Only here: no key is sent, and what comes is compared with the line's fingerprint.
    unverified.check_hostname = False
    unverified.verify_mode = ssl.CERT_NONE
    connection = Connection(url, Network(unverified), connect_s=CONNECT_S, answer_s=ANSWER_S)
    try:
        return connection.ask("GET", "/v1/ca", most=_MAX_CA_BYTES)
    finally:
        connection.close()


def _der(pem: bytes) -> bytes | None:
    try:
        return ssl.PEM_cert_to_DER_cert(pem.decode("ascii").strip())
    except ValueError:
        return None
