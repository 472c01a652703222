"""Characters to what was scanned: GTIN, GS1, SSCC, FNSKU, ASIN, Transparency, command, badge.

Everything here is pure. A code says what it could mean (`Code.keys`); what it does mean is decided
against the order and the store. Sources: GS1 General Specifications §3 (application identifiers),
§7.8 (element strings), §7.9 (check digits); AIM ISO/IEC 15424 (symbology identifiers).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass
from enum import StrEnum

from station import gs1
from station.text import visible

MAX_LENGTH = 200
"""Characters; no code of a product, a parcel or a command comes near it."""

_AIM = re.compile(r"\]([A-Za-z][0-9A-Za-z])")
_SIGNED = re.compile(r"(CMD|BDG|TOTE|BIN|BOX):(.+):([A-Z2-7]{5})")
_TRANSPARENCY = re.compile(r"(AZ|ZA):[A-Z0-9]{26}")
_FNSKU = re.compile(r"X0[0-9A-Z]{8}")
_ASIN = re.compile(r"B0[0-9A-Z]{8}")
_LINK = re.compile(r"https?://[^/]+/(?:.*/)?01/(\d{8,14})(?:[/?].*)?", re.IGNORECASE)
_GS1_SYMBOLOGIES = frozenset({"C1", "d2", "Q3", "e0"})


class Kind(StrEnum):
    """What a code looks like."""

    GTIN = "gtin"
    SSCC = "sscc"
    FNSKU = "fnsku"
    ASIN = "asin"
    TRANSPARENCY = "transparency"
    COMMAND = "command"
    BADGE = "badge"
    TOTE = "tote"
    BIN = "bin"
    BOX = "box"
    TEXT = "text"
    BAD = "bad"


_PREFIXES = {
    "CMD": Kind.COMMAND,
    "BDG": Kind.BADGE,
    "TOTE": Kind.TOTE,
    "BIN": Kind.BIN,
    "BOX": Kind.BOX,
}


@dataclass(frozen=True, slots=True)
class Code:
    """One scanned code and everything it could stand for."""

    text: str
    """What was read, without the symbology identifier."""
    kind: Kind
    keys: tuple[str, ...] = ()
    """What to look a product up by: `g:` + GTIN in 14 digits, `t:` + text in upper case."""
    symbology: str = ""
    """The AIM identifier's two characters, where the scanner sends it."""
    sscc: str = ""
    """The 18 digits of a serial shipping container code."""
    lot: str = ""
    expiry: str = ""
    """ISO date."""
    serial: str = ""
    word: str = ""
    """The word of a command, the name on a badge, the id of a tote, a bin or a kind of box."""
    reason: str = ""
    """Why a BAD code cannot be used, in the packer's words."""


def key_of(text: str) -> str:
    """Return the key that a code of a product is stored and found by.

    GTIN-8, -12, -13 and -14 of the same product have the same key.

    >>> key_of("036000291452") == key_of("0036000291452")
    True
    """
    text = text.strip()
    if gs1.is_gtin(text):
        return "g:" + text.zfill(14)
    return "t:" + text.upper()


def read(text: str, site_key: bytes = b"") -> Code:
    """Tell what was scanned; never raises.

    Args:
        text: The characters between two ends, AIM identifier and GS separators included.
        site_key: Secret of the site, without which commands and badges are not accepted.
    """
    symbology = ""
    if match := _AIM.match(text):
        symbology, text = match[1], text[3:]
    text = text.strip(" \r\n\t").rstrip(gs1.GS)
    if bad := _unreadable(text):
        return Code(visible(text), Kind.BAD, reason=bad)
    if match := _SIGNED.fullmatch(text.upper()):
        return _signed(text, match, site_key)
    if _TRANSPARENCY.fullmatch(text.upper()):
        return Code(text, Kind.TRANSPARENCY, symbology=symbology, serial=text)
    if symbology in _GS1_SYMBOLOGIES or gs1.looks_like(text):
        elements = gs1.parse(text)
        if elements:
            return _from_gs1(text, symbology, elements)
    return _simple(text.replace(gs1.GS, ""), symbology)


def signed(prefix: str, word: str, site_key: bytes) -> str:
    """Return the text of a command, badge, tote bin or box barcode with its check characters.

    The five characters come from an HMAC, so that no product and no buyer can produce one.
    """
    return f"{prefix}:{word}:{_check(prefix, word, site_key)}"


def _check(prefix: str, word: str, site_key: bytes) -> str:
    digest = hmac.new(site_key, f"{prefix}:{word}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest)[:5].decode()


def _unreadable(text: str) -> str:
    if not text.replace(gs1.GS, ""):
        return "The scan was empty."
    if len(text) > MAX_LENGTH:
        return f"The code has {len(text)} characters; no code of ours is that long."
    allowed = "\x1d\x1e\x04" if text.startswith("[)>") else "\x1d"
    if any(ord(char) < 0x20 and char not in allowed for char in text):
        return "The code holds control characters."
    if not text.isprintable() and any(ord(c) >= 0x7F and not c.isprintable() for c in text):
        return "The code holds characters that no scanner sends."
    return ""


def _signed(text: str, match: re.Match[str], site_key: bytes) -> Code:
    prefix, word, check = match.groups()
    good = site_key and hmac.compare_digest(check, _check(prefix, word, site_key))
    if not good:
        return Code(text, Kind.BAD, reason="This sheet is not from this site: print a new one.")
    return Code(text, _PREFIXES[prefix], word=word)


def _from_gs1(text: str, symbology: str, elements: dict[str, str]) -> Code:
    gtin = elements.get("01") or elements.get("02", "")
    sscc = elements.get("00", "")
    kind = Kind.GTIN if gtin else Kind.SSCC if sscc else Kind.TEXT
    plain = text.strip(gs1.GS)
    keys = ("g:" + gtin,) if gtin else ("t:" + plain.upper(),)
    return Code(
        text=plain,
        kind=kind,
        keys=keys,
        symbology=symbology,
        sscc=sscc,
        lot=elements.get("10", ""),
        expiry=gs1.date(elements.get("17", "")),
        serial=elements.get("21", ""),
    )


def _simple(text: str, symbology: str) -> Code:
    upper = text.upper()
    link = _LINK.fullmatch(text)
    if link and gs1.is_gtin(link[1].zfill(14)):
        return Code(text, Kind.GTIN, ("g:" + link[1].zfill(14),), symbology)
    gtins = gs1.gtins(text, symbology)
    if gtins:
        keys = (*("g:" + gtin for gtin in gtins), "t:" + upper)
        return Code(text, Kind.GTIN, keys, symbology)
    if len(text) == 18 and gs1.is_sscc(text):
        return Code(text, Kind.SSCC, ("t:" + upper,), symbology, sscc=text)
    kind = Kind.FNSKU if _FNSKU.fullmatch(upper) else Kind.TEXT
    kind = Kind.ASIN if _ASIN.fullmatch(upper) else kind
    return Code(text, kind, ("t:" + upper,), symbology)


def is_name(text: str) -> bool:
    """Tell whether a person can be called that: letters for the most part, and no code.

    >>> is_name("Ana 2"), is_name("9520000000011"), is_name("CMD:NEXT:ABCDE")
    (True, False, False)
    """
    letters = sum(char.isalpha() for char in text)
    return letters * 2 > len(text) and ":" not in text


def glued(text: str) -> bool:
    """Tell whether the text looks like one or two codes run together: two GTINs without an end.

    >>> glued("40063813339314006381333931")
    True
    """
    return text.isdigit() and any(
        gs1.is_gtin(text[:cut]) and gs1.is_gtin(text[cut:]) for cut in (8, 12, 13, 14)
    )
