"""Public keys whose private halves nobody has, or everybody."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def line_of(public: EllipticCurvePublicKey | Ed25519PublicKey) -> str:
    """Return a key in the form of OpenSSH's .pub files."""
    return public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def packed(*parts: bytes) -> str:
    """Return the blob of a key with these parts."""
    return base64.b64encode(b"".join(len(p).to_bytes(4, "big") + p for p in parts)).decode()


def rsa_line(bits: int) -> str:
    """Return an RSA key of that length."""
    modulus = b"\0" + (2**bits - 1).to_bytes(bits // 8, "big")
    return "ssh-rsa " + packed(b"ssh-rsa", b"\1\0\1", modulus)


GOOD = line_of(ed25519.Ed25519PrivateKey.from_private_bytes(b"7" * 32).public_key())
_SK = "sk-ssh-ed25519@openssh.com"
HARDWARE = f"{_SK} {packed(_SK.encode(), bytes(range(32)), b'ssh:')}"
STRONG = (
    GOOD,
    HARDWARE,
    rsa_line(3072),
    *(
        line_of(ec.derive_private_key(5, curve).public_key())
        for curve in (ec.SECP256R1(), ec.SECP384R1(), ec.SECP521R1())
    ),
)
"""One of each kind that is taken."""
