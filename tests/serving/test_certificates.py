"""Our own certificates."""

from __future__ import annotations

import hashlib
import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

import pytest
from cryptography import x509
from cryptography.x509.verification import PolicyBuilder, Store

from station.errors import ConfigError
from station.store.service import certificates

if TYPE_CHECKING:
    from pathlib import Path

AT = datetime(2026, 11, 22, 14, tzinfo=UTC)
NAMES = ["packing.example", "192.168.1.10", "fd00::10"]
FILES = {"ca.key", "ca.pem", "server.key", "server.pem"}


def contents(folder: Path) -> dict[str, bytes]:
    """Return what each file of a folder holds."""
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def test_four_files_for_their_owner_alone(tmp_path: Path) -> None:
    """CA and server get key and certificate, that nobody else can read, and nothing else."""
    folder = tmp_path / "data" / "tls"
    assert certificates.make(folder, NAMES, at=AT)
    assert set(contents(folder)) == FILES
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_an_independent_verifier_believes_them(tmp_path: Path) -> None:
    """The chain is good by the rules of the web, for each name, and for no other."""
    certificates.make(tmp_path, NAMES, at=AT)
    server, ca = x509.load_pem_x509_certificates((tmp_path / "server.pem").read_bytes())
    assert ca == x509.load_pem_x509_certificate((tmp_path / "ca.pem").read_bytes())
    builder = PolicyBuilder().store(Store([ca])).time(AT)
    known: list[x509.DNSName | x509.IPAddress] = [x509.DNSName(NAMES[0])]
    known += [x509.IPAddress(ip_address(name)) for name in NAMES[1:]]
    for name in known:
        assert builder.build_server_verifier(name).verify(server, []) == [server, ca]
    with pytest.raises(x509.verification.VerificationError):
        builder.build_server_verifier(x509.DNSName("other.example")).verify(server, [])


def test_facts_of_a_certificate(tmp_path: Path) -> None:
    """Names, end and fingerprint are what a person is told; the CA lasts ten years."""
    certificates.make(tmp_path, NAMES, at=AT)
    server, ca = (tmp_path / "server.pem").read_bytes(), (tmp_path / "ca.pem").read_bytes()
    assert certificates.hosts(server) == tuple(NAMES)
    assert certificates.hosts(ca) == ()
    assert certificates.expires(server) == AT + timedelta(days=730)
    assert certificates.expires(ca) == AT + timedelta(days=3650)
    der = ssl.PEM_cert_to_DER_cert(ca.decode())
    assert certificates.fingerprint(ca) == hashlib.sha256(der).hexdigest()


def test_a_second_time_only_the_server_gets_a_new_one(tmp_path: Path) -> None:
    """The CA that benches trust is never replaced, and the keys stay."""
    certificates.make(tmp_path, NAMES, at=AT)
    before = contents(tmp_path)
    assert not certificates.make(tmp_path, ["new.example"], at=AT)
    after = contents(tmp_path)
    assert {name for name in FILES if before[name] != after[name]} == {"server.pem"}
    assert certificates.hosts(after["server.pem"]) == ("new.example",)


def test_a_certificate_is_renewed_in_its_last_year(tmp_path: Path) -> None:
    """Before that it stays; then it is made anew for the same names, from the same CA."""
    assert not certificates.renew(tmp_path, at=AT)
    certificates.make(tmp_path, NAMES, at=AT)
    assert not certificates.renew(tmp_path, at=AT + timedelta(days=300))
    later = AT + timedelta(days=400)
    ca = (tmp_path / "ca.pem").read_bytes()
    assert certificates.renew(tmp_path, at=later)
    server = (tmp_path / "server.pem").read_bytes()
    assert certificates.expires(server) == later + timedelta(days=730)
    assert certificates.hosts(server) == tuple(NAMES)
    assert (tmp_path / "ca.pem").read_bytes() == ca


def test_no_certificate_outlives_its_ca(tmp_path: Path) -> None:
    """Near the CA's end the server's ends with it, and after it a person is told what to do."""
    certificates.make(tmp_path, NAMES, at=AT)
    certificates.make(tmp_path, NAMES, at=AT + timedelta(days=3600))
    assert certificates.expires((tmp_path / "server.pem").read_bytes()) == AT + timedelta(days=3650)
    with pytest.raises(ConfigError, match="ended on 2036"):
        certificates.make(tmp_path, NAMES, at=AT + timedelta(days=3651))


@pytest.mark.parametrize("lost", ["ca.key", "ca.pem"])
def test_half_a_ca_is_not_replaced(tmp_path: Path, lost: str) -> None:
    """With a part of the CA gone nothing is written, and the part is named."""
    certificates.make(tmp_path, NAMES, at=AT)
    (tmp_path / lost).unlink()
    before = contents(tmp_path)
    with pytest.raises(ConfigError, match=rf"The CA's {lost} is missing"):
        certificates.make(tmp_path, NAMES, at=AT)
    assert contents(tmp_path) == before


@pytest.mark.parametrize(
    "made", [["ca.key"], ["ca.key", "ca.pem"], ["ca.key", "ca.pem", "server.key"]]
)
def test_what_a_crash_left_is_finished(tmp_path: Path, made: list[str]) -> None:
    """After a power cut between two files, the same command makes the rest."""
    certificates.make(tmp_path, NAMES, at=AT)
    for name in FILES - set(made):
        (tmp_path / name).unlink()
    certificates.make(tmp_path, NAMES, at=AT)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem", tmp_path / "server.key")
    assert set(contents(tmp_path)) == FILES


@pytest.mark.parametrize(
    "host",
    [
        "",
        "https://a.example",
        "a.example:8443",
        "a b",
        "*.example",
        "-a.example",
        "a..example",
        "x" * 64,
        "a.example\n",
        "bücher.example",
        "a/b",
        "1.2.3.4/24",
    ],
)
def test_what_is_no_host_is_refused(tmp_path: Path, host: str) -> None:
    """A name that no bench could use is named, and nothing is written."""
    with pytest.raises(ConfigError, match="no host name"):
        certificates.make(tmp_path / "tls", [host], at=AT)
    assert not (tmp_path / "tls").exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_that_others_read_is_refused(tmp_path: Path, mode: int) -> None:
    """The words say which command mends it; it is used neither to serve nor to sign."""
    certificates.make(tmp_path, NAMES, at=AT)
    for name in ("server.key", "ca.key"):
        (tmp_path / name).chmod(mode)
        with pytest.raises(ConfigError, match=f"chmod 600 .*{name}"):
            certificates.check_private(tmp_path / name)
        with pytest.raises(ConfigError, match="chmod 600"):
            certificates.make(tmp_path, NAMES, at=AT)
        (tmp_path / name).chmod(0o600)
    with pytest.raises(ConfigError, match="cannot be read"):
        certificates.check_private(tmp_path / "none.key")


@pytest.mark.parametrize("name", ["server.key", "ca.key", "ca.pem"])
def test_damaged_files_are_told(tmp_path: Path, name: str) -> None:
    """A file that holds something else ends in words, not in a traceback."""
    certificates.make(tmp_path, NAMES, at=AT)
    (tmp_path / name).write_bytes(b"nonsense")
    with pytest.raises(ConfigError, match="backup"):
        certificates.make(tmp_path, NAMES, at=AT)


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    """The words name the folder."""
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match="cannot be written"):
        certificates.make(tmp_path / "file" / "tls", NAMES, at=AT)
