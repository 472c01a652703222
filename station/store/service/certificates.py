"""Our own certificates: a CA that signs the server's, so that no bench talks to a stranger.

A bench is told the CA's fingerprint when it joins. Profile: RFC 5280 §4.2; EC P-256 with SHA-256.
"""

from __future__ import annotations

import os
import re
import secrets
import stat
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from station.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

CA_LASTS = timedelta(days=3650)
SERVER_LASTS = timedelta(days=730)

RENEW = timedelta(days=365)
"""Left of a server certificate when it is made anew: a server runs that long without a restart."""

_SLOW_CLOCK = timedelta(days=1)
"""How far a bench's clock may be behind ours and still believe a certificate made just now."""

_NAME = re.compile(
    r"(?=.{1,253}\Z)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
    r"(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)
"""A host name (RFC 1123 §2.1)."""


def make(folder: Path, hosts: Sequence[str], *, at: datetime | None = None) -> bool:
    """Make a server certificate for hosts, and the CA that signs it when there is none.

    Writes ca.key, ca.pem, server.key and server.pem, readable by their owner alone; the CA and a
    server key that are there stay. Returns whether the CA is new: every bench must join then.

    Raises:
        ConfigError: A name is none, half of a CA is missing, or the folder cannot be written.
    """
    now = at or datetime.now(UTC)
    names = [_general(host) for host in hosts]
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        new = _make_ca(folder, now)
        _make_server(folder, names, now)
    except OSError as error:
        raise ConfigError(
            f"The certificates in {folder} cannot be written: {error.strerror}.",
            "Give this user the right to write there.",
        ) from error
    return new


def renew(folder: Path, *, at: datetime | None = None) -> bool:
    """Make our server certificate anew, for the same hosts, when it ends within a year.

    Returns whether it did; without the CA's key in the folder it never does.
    """
    now = at or datetime.now(UTC)
    server = folder / "server.pem"
    if not (folder / "ca.key").exists() or not server.exists():
        return False
    pem = server.read_bytes()
    if expires(pem) - now > RENEW:
        return False
    make(folder, hosts(pem), at=now)
    return True


def fingerprint(pem: bytes) -> str:
    """Return the SHA-256 of a certificate in DER, as 64 hexadecimal characters."""
    return _read(pem).fingerprint(hashes.SHA256()).hex()


def expires(pem: bytes) -> datetime:
    """Return when a certificate ends, UTC."""
    return _read(pem).not_valid_after_utc


def hosts(pem: bytes) -> tuple[str, ...]:
    """Return the names and addresses that a certificate is for."""
    try:
        found = _read(pem).extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return ()
    kinds = (x509.DNSName, x509.IPAddress)
    return tuple(str(name.value) for name in found.value if isinstance(name, kinds))


def check_private(key: Path) -> None:
    """Refuse a key that others can read.

    Raises:
        ConfigError: They can, or the file is not there.
    """
    try:
        mode = stat.S_IMODE(key.stat().st_mode)
    except OSError as error:
        raise ConfigError(
            f"The key {key} cannot be read: {error.strerror}.",
            "Run `station enrol --init`, or name your own under [serve] in station.toml.",
        ) from error
    if mode & 0o077:
        raise ConfigError(f"The key {key} can be read by others.", f"Run: chmod 600 {key}")


def _make_ca(folder: Path, now: datetime) -> bool:
    key_path, pem_path = folder / "ca.key", folder / "ca.pem"
    if key_path.exists() and pem_path.exists():
        check_private(key_path)
        return False
    # Without a server certificate nobody has trusted this CA yet: making it was interrupted.
    if (folder / "server.pem").exists():
        lost = pem_path if key_path.exists() else key_path
        raise ConfigError(
            f"The CA's {lost.name} is missing in {folder}.",
            "Put it back from a backup, or move the folder away, run this again, and let every "
            "bench join anew.",
        )
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"station CA {now:%Y-%m-%d}")])
    made = _begun(name, name, key.public_key(), now, CA_LASTS)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    made = made.add_extension(_usage(ca=True), critical=True)
    identity = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    signed = made.add_extension(identity, critical=False).sign(key, hashes.SHA256())
    _write(key_path, _key_pem(key))
    _write(pem_path, signed.public_bytes(serialization.Encoding.PEM))
    return True


def _make_server(folder: Path, names: Sequence[x509.GeneralName], now: datetime) -> None:
    ca_pem = (folder / "ca.pem").read_bytes()
    ca = _read(ca_pem)
    if ca.not_valid_after_utc <= now:
        raise ConfigError(
            f"The CA in {folder} ended on {ca.not_valid_after_utc:%Y-%m-%d}.",
            "Move the folder away, run this again, and let every bench join anew.",
        )
    ca_key = _load_key(folder / "ca.key")
    key = _server_key(folder / "server.key")
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "station order store")])
    ends = min(SERVER_LASTS, ca.not_valid_after_utc - now)
    made = _begun(subject, ca.subject, key.public_key(), now, ends)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
    identity = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    for extension, critical in (
        (x509.SubjectAlternativeName(names), False),
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_usage(ca=False), True),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), False),
        (issuer, False),
        (identity, False),
    ):
        made = made.add_extension(extension, critical=critical)
    signed = made.sign(ca_key, hashes.SHA256())
    # The key stays, so that the new certificate takes effect in one step.
    _write(folder / "server.pem", signed.public_bytes(serialization.Encoding.PEM) + ca_pem)


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    now: datetime,
    lasts: timedelta,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _SLOW_CLOCK)
        .not_valid_after(now + lasts)
    )


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


def _general(host: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(host))
    except ValueError:
        if _NAME.fullmatch(host):
            return x509.DNSName(host.lower())
    raise ConfigError(
        f"{host[:80]!r} is no host name and no address.",
        "Write it as benches do, without https:// and port: packing.example, or 192.168.1.10.",
    )


def _server_key(path: Path) -> ec.EllipticCurvePrivateKey:
    if path.exists():
        return _load_key(path)
    key = ec.generate_private_key(ec.SECP256R1())
    _write(path, _key_pem(key))
    return key


def _load_key(path: Path) -> ec.EllipticCurvePrivateKey:
    check_private(path)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise ConfigError(f"{path} holds no key.", "Put it back from a backup.") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ConfigError(f"{path} holds a key of another kind.", "Put it back from a backup.")
    return key


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _read(pem: bytes) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(pem)
    except ValueError as error:
        raise ConfigError(
            "A certificate cannot be read.", "Put it back from a backup, or make a new one."
        ) from error


def _write(path: Path, content: bytes) -> None:
    """Give a file its name only when it is whole and on the disk."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
