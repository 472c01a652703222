"""The join line, and what a bench keeps of it."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sync.store_http import TOKEN

from station import enrolment
from station.enrolment import Enrolment, Invitation, address, load, parse, save
from station.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path

PRINT = "0123456789abcdef" * 4
PEM = b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
KEPT = Enrolment("https://store.local:8443", "bench-1", TOKEN, PEM)
LINE = f"https://store.local:8443/#bench-1.{TOKEN}.{PRINT}"


def test_a_line_is_read() -> None:
    """Address, name, key and fingerprint are the parts of a line; the last may be missing."""
    assert parse(LINE) == Invitation("https://store.local:8443", "bench-1", TOKEN, PRINT)
    short = LINE.rpartition(".")[0]
    assert parse(short) == Invitation("https://store.local:8443", "bench-1", TOKEN)


@pytest.mark.parametrize(
    "line",
    [
        f"  {LINE}\n",
        "\n".join(LINE[at : at + 40] for at in range(0, len(LINE), 40)),
        LINE.replace(PRINT, PRINT.upper()),
        LINE.replace("store.local", "Store.LOCAL"),
        LINE.replace("8443/", "8443"),
        LINE.replace("8443", "08443"),
    ],
)
def test_a_line_survives_copying(line: str) -> None:
    """Blanks around it, the breaks of a narrow window and large letters change nothing."""
    assert parse(line) == parse(LINE)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "bench-1",
        "https://store.local:8443/",
        LINE.replace("#", ""),
        LINE.replace("#", "?"),
        LINE.replace("bench-1", ""),
        LINE.replace("bench-1", "-bench"),
        LINE.replace("bench-1", "b" * 41),
        LINE.replace("bench-1", "bänch"),
        LINE.replace("bench-1", "ben.ch"),
        LINE.replace(TOKEN, TOKEN[1:]),
        LINE.replace(TOKEN, TOKEN + "a"),
        LINE.replace(TOKEN, TOKEN[1:] + "/"),
        LINE[:-1],
        LINE + "0",
        LINE[:-1] + "g",
        LINE + "." + PRINT,
        LINE.replace("https", "http"),
        LINE.replace("https", "file"),
        LINE.replace("store.local", "me:secret@store.local"),
        LINE.replace("store.local", "store\0.local"),
        LINE.replace("8443", "0"),
        LINE.replace("8443", "65536"),
        LINE.replace(":8443/", "/a/b"),
        LINE + " " * 100_000 + "x" * 100_000,
        "\x1b[200~" + LINE,
    ],
)
def test_what_is_no_line_is_told_without_its_key(line: str) -> None:
    """Anything else is refused with what a line looks like, and the key is not shown."""
    with pytest.raises(ConfigError) as caught:
        parse(line)
    assert caught.value.remedy
    for key in (TOKEN, TOKEN[1:]):
        assert key not in str(caught.value)


@given(st.text(max_size=200))
def test_no_text_ends_without_words(text: str) -> None:
    """Random text is refused in words."""
    with pytest.raises(ConfigError):
        parse(text)


@pytest.mark.parametrize(
    ("url", "one_form"),
    [
        ("https://Store.Local", "https://store.local"),
        ("https://store.local:443/", "https://store.local:443"),
        ("https://10.0.0.7:8443", "https://10.0.0.7:8443"),
        ("https://[fe80::1]:8443/", "https://[fe80::1]:8443"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://LOCALHOST", "http://localhost"),
        ("http://[::1]:80", "http://[::1]:80"),
    ],
)
def test_an_address_has_one_form(url: str, one_form: str) -> None:
    """The same place is written in one way; without TLS only this machine is a place."""
    assert address(url) == one_form


@pytest.mark.parametrize("host", ["127.evil.example", "localhost.evil.example", "1270.0.0.1"])
def test_only_this_machine_is_reached_in_clear(host: str) -> None:
    """A name that begins like this machine's is not this machine."""
    with pytest.raises(ConfigError, match="in clear"):
        address(f"http://{host}")


@pytest.mark.parametrize("kept", [KEPT, replace(KEPT, ca_pem=b"")])
def test_an_enrolment_is_kept(tmp_path: Path, kept: Enrolment) -> None:
    """What was saved is loaded again, with and without a CA certificate."""
    assert load(tmp_path) is None
    save(tmp_path / "home", kept)
    assert load(tmp_path / "home") == kept


def test_a_second_one_takes_the_place_of_the_first(tmp_path: Path) -> None:
    """Saving again leaves one file, also after a crash left half of one beside it."""
    save(tmp_path, KEPT)
    half = tmp_path / ".enrolment.json.part"
    half.write_text("half")
    half.chmod(0o644)
    other = replace(KEPT, station="bench-2")
    save(tmp_path, other)
    assert load(tmp_path) == other
    assert [file.name for file in tmp_path.iterdir()] == [enrolment.FILE]


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o777])
def test_the_file_is_its_owners_alone(tmp_path: Path, mask: int) -> None:
    """Whatever the umask, only the owner may read the key."""
    before = os.umask(mask)
    try:
        save(tmp_path, KEPT)
    finally:
        os.umask(before)
    assert (tmp_path / enrolment.FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o620, 0o666])
def test_a_key_that_others_can_read_is_not_used(tmp_path: Path, mode: int) -> None:
    """A file with wider rights is refused with the command that mends it."""
    save(tmp_path, KEPT)
    (tmp_path / enrolment.FILE).chmod(mode)
    with pytest.raises(ConfigError, match=r"others can .*chmod 600"):
        load(tmp_path)


def _whole() -> dict[str, object]:
    return {"url": KEPT.url, "station": "bench-1", "token": TOKEN, "ca_pem": PEM.decode()}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b'"x"',
        b"[" * 100_000,
        json.dumps(_whole()).encode()[:-9],
        json.dumps(_whole() | {"url": "http://store.local"}).encode(),
        json.dumps(_whole() | {"url": 7}).encode(),
        json.dumps(_whole() | {"station": "../x"}).encode(),
        json.dumps(_whole() | {"station": None}).encode(),
        json.dumps(_whole() | {"token": TOKEN + "\r\n"}).encode(),
        json.dumps(_whole() | {"token": [TOKEN]}).encode(),
        json.dumps(_whole() | {"ca_pem": "é"}).encode(),
        json.dumps(_whole() | {"ca_pem": None}).encode(),
        json.dumps(_whole() | {"ca_pem": "no certificate"}).encode(),
        json.dumps({"url": KEPT.url}).encode(),
        json.dumps(_whole() | {"role": "owner"}).encode(),
        json.dumps(_whole() | {"role": ["board"]}).encode(),
        json.dumps(_whole() | {"more": "x" * 70_000}).encode(),
    ],
)
def test_a_damaged_file_is_told(tmp_path: Path, content: bytes) -> None:
    """Whatever stands in the file, the words say that it is damaged and show no key."""
    file = tmp_path / enrolment.FILE
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(ConfigError, match="is damaged") as caught:
        load(tmp_path)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("role", enrolment.ROLES)
def test_a_role_is_kept(tmp_path: Path, role: str) -> None:
    """What the machine is comes back; a file of an older program is that of a bench."""
    kept = replace(KEPT, role=role)
    save(tmp_path, kept)
    assert load(tmp_path) == kept
    file = tmp_path / enrolment.FILE
    older = json.loads(file.read_text(encoding="ascii"))
    del older["role"]
    file.write_text(json.dumps(older), encoding="ascii")
    assert load(tmp_path) == KEPT


def test_what_cannot_be_read_or_written_is_told(tmp_path: Path) -> None:
    """A folder in the place of the file is told in words, and nothing is left beside it."""
    (tmp_path / enrolment.FILE).mkdir()
    with pytest.raises(ConfigError, match="cannot be read: is a directory"):
        load(tmp_path)
    with pytest.raises(ConfigError, match="cannot be written"):
        save(tmp_path, KEPT)
    assert [file.name for file in tmp_path.iterdir()] == [enrolment.FILE]


def test_no_key_in_what_is_printed() -> None:
    """Neither an enrolment nor an invitation shows its key."""
    assert TOKEN not in repr(KEPT)
    assert TOKEN not in repr(parse(LINE))
    assert TOKEN in json.dumps(_whole())
