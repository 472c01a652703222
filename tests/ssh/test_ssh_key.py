"""Which public keys are taken, and what is said about the others."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ssh.public_keys import GOOD, STRONG, packed, rsa_line

from station.errors import InputError
from station.ssh_key import one_key

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("line", STRONG, ids=lambda line: line.split()[0])
def test_strong_keys_are_taken(line: str, tmp_path: Path) -> None:
    """Each kind that is taken is one that OpenSSH itself reads, with the comment or without."""
    assert one_key(f"  {line}\n") == line
    assert one_key(f"{line} ana@desk") == f"{line} ana@desk"
    if shutil.which("ssh-keygen"):
        (tmp_path / "key.pub").write_text(f"{one_key(line)}\n", encoding="ascii")
        subprocess.run(["ssh-keygen", "-l", "-f", tmp_path / "key.pub"], check=True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f'command="sh" {GOOD}', "Something stands before the key."),
        (f"restrict {GOOD}", "Something stands before the key."),
        (f"{GOOD}\n{GOOD}", "not one public key"),
        (f"{GOOD}\nssh-rsa x", "not one public key"),
        (f"{GOOD} a\rb", "not one public key"),
        (f"{GOOD} \x1b[31m", "not one public key"),
        (f"{GOOD} {'x' * 5000}", "not one public key"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA", "private key"),
        ("---- BEGIN SSH2 PUBLIC KEY ----\nAAAA", "another form"),
        ("ssh-ed25519-cert-v01@openssh.com AAAA", "certificate"),
        ("ssh-dss AAAAB3NzaC1kc3M=", "not taken"),
        (f"sk-ecdsa-sha2-nistp256@openssh.com {packed(b'x')}", "not taken"),
        ("hello", "not a public SSH key"),
        ("", "not a public SSH key"),
        (GOOD[:-4], "damaged"),
        (f"ssh-ed25519 {packed(b'ssh-rsa', bytes(32))}", "damaged"),
        (f"ssh-ed25519 {packed(b'ssh-ed25519', bytes(31))}", "damaged"),
        (f"ssh-ed25519 {packed(b'ssh-ed25519', bytes(32), b'more')}", "damaged"),
        (f"ssh-ed25519 {GOOD.split()[1]}!", "damaged"),
        ("ssh-ed25519", "damaged"),
        (
            f"ecdsa-sha2-nistp256 {packed(b'ecdsa-sha2-nistp256', b'nistp384', bytes(97))}",
            "damaged",
        ),
        (rsa_line(2048), "2048 bits, and 3072 are needed"),
    ],
)
def test_others_are_refused_in_words(text: str, words: str) -> None:
    """What is not exactly one strong key is refused, and none of it is repeated but its kind."""
    with pytest.raises(InputError, match=words) as refused:
        one_key(text)
    assert refused.value.remedy
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("comment", ['"; sh #', "$(id)", "`id`", "é"])
def test_comments_that_mean_something_are_left_out(comment: str) -> None:
    """Only a plain comment stays beside the key."""
    assert one_key(f"{GOOD} {comment}") == GOOD


@given(st.text(max_size=200) | st.text(max_size=200).map(lambda tail: f"{GOOD}{tail}"))
def test_any_text_is_a_key_or_refused(text: str) -> None:
    """Whatever is given: one line that begins with a kind that is taken, or words."""
    try:
        line = one_key(text)
    except InputError:
        return
    assert line.startswith(GOOD)
    assert line.isascii()
    assert line.isprintable()
