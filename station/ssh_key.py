"""A public SSH key as a person pastes it: exactly one, strong enough, and nothing beside it; pure.

The blob's layout is that of RFC 4253 §6.6, RFC 5656 §3.1, RFC 8709 §4, and OpenSSH's PROTOCOL.u2f.
"""

from __future__ import annotations

import base64
import re

from station.errors import InputError

RSA_BITS = 3072
"""The shortest RSA key that is taken."""

_CURVES = {"nistp256": 65, "nistp384": 97, "nistp521": 133}
"""Bytes of an uncompressed point (SEC 1 §2.3.3)."""

KINDS = (
    "ssh-ed25519",
    "sk-ssh-ed25519@openssh.com",
    *(f"ecdsa-sha2-{curve}" for curve in _CURVES),
    "ssh-rsa",
)
"""Kinds of keys that are taken."""

_COMMENT = re.compile(r"[A-Za-z0-9@._+ -]{1,80}")
_LONGEST = 4096


def one_key(text: str) -> str:
    """Return the key as one line of kind, blob and comment.

    Raises:
        InputError: It is no such key, too weak, or there is more than a key.
    """
    line = text.strip()
    if "PRIVATE KEY" in line:
        raise InputError(
            "This is a private key: it must never leave the computer it was made on.",
            "Give the file that ends in .pub. If somebody saw this one, make another key.",
        )
    if "SSH2 PUBLIC KEY" in line:
        raise InputError(
            "This public key is in another form.", "Turn it: ssh-keygen -i -f FILE > key.pub"
        )
    if len(line) > _LONGEST or not line.isprintable():
        raise InputError("This is not one public key.", "Give one line, of one key.")
    return _known(line)


def _known(line: str) -> str:
    kind, _, rest = line.partition(" ")
    if kind not in KINDS:
        raise InputError(*_refusal(line))
    blob, _, comment = rest.strip().partition(" ")
    parts = _parts(blob)
    if parts[:1] != (kind.encode(),) or not _is_sound(kind, parts[1:]):
        raise InputError(
            f"This {kind} key is damaged.", "Copy the whole line of the .pub file once more."
        )
    _strong(kind, parts)
    told = comment.strip()
    return f"{kind} {blob} {told}" if _COMMENT.fullmatch(told) else f"{kind} {blob}"


def _refusal(line: str) -> tuple[str, str]:
    """Return what a line is that does not begin with a kind that we take, and what to do."""
    first = (line.split(maxsplit=1) or [""])[0]
    if "-cert-v01@" in first:
        return "This is a certificate, not a key.", "Give the file whose name ends in .pub alone."
    if first.startswith(("ssh-", "ecdsa-", "sk-")):
        return f"Keys of the kind {first[:40]} are not taken.", _MAKE
    if any(kind in line for kind in KINDS):
        return (
            "Something stands before the key.",
            "Give the key alone: station writes the options that belong to it.",
        )
    return "This is not a public SSH key.", _MAKE


_MAKE = "Make one on the supervisor's computer: ssh-keygen -t ed25519"


def _parts(text: str) -> tuple[bytes, ...]:
    """Return the strings of a blob, each of which stands behind its length (RFC 4251 §5)."""
    try:
        blob = base64.b64decode(text, validate=True)
    except ValueError:
        return ()
    parts = []
    while blob:
        size = int.from_bytes(blob[:4], "big")
        part, rest = blob[4 : 4 + size], blob[4 + size :]
        if len(blob) < 4 + size:
            return ()
        parts.append(part)
        blob = rest
    return tuple(parts)


def _is_sound(kind: str, parts: tuple[bytes, ...]) -> bool:
    sizes = tuple(map(len, parts))
    if kind == "ssh-ed25519":
        return sizes == (32,)
    if kind.startswith("sk-"):
        return len(sizes) == 2 and sizes[0] == 32
    if kind == "ssh-rsa":
        return len(sizes) == 2 and all(sizes)
    curve = kind.rpartition("-")[2]
    return len(sizes) == 2 and parts[0] == curve.encode() and sizes[1] == _CURVES[curve]


def _strong(kind: str, parts: tuple[bytes, ...]) -> None:
    if kind != "ssh-rsa":
        return
    bits = int.from_bytes(parts[2], "big").bit_length()
    if bits < RSA_BITS:
        raise InputError(f"This RSA key has {bits} bits, and {RSA_BITS} are needed.", _MAKE)
