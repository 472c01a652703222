"""Terminals that show less than ours: no UTF-8, no colours; pure."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

NO_COLOURS = re.compile(r"dumb|unknown|vt\d+|.*-m|.*-mono(chrome)?")
"""Names of terminals that have no colours (terminfo(5))."""
_OLD = re.compile(r"dumb|unknown|vt\d+")
"""Names of terminals that came before UTF-8."""

_SAME = {
    "-": "·─━╌╍┄┅┈┉╴╶╸╺▔–—―⎯\u2010\u2011\u2012",
    "|": "│┃╎╏┆┇┊┋╵╷╹╻▌▍▎▐▕▊▋",
    "+": "┌┍┎┏┐┑┒┓└┕┖┗┘┙┚┛├┝┞┟┠┡┢┣┤┥┦┧┨┩┪┫┬┭┮┯┰┱┲┳┴┵┶┷┸┹┺┻┼┽┾┿╀╁╂╃╄╅╆╇╈╉╊╋╭╮╯╰▆✚",
    "=": "═▅",
    "#": "█▓■▉╬╔╗╚╝╠╣╦╩║",
    "*": "•▇●◆★",
    ".": "░▂…",
    ":": "▄",
    "!": "▒",
    "_": "▁▏",
    "~": "▃",
    ">": "▸▶►›→»⇒",
    "<": "◂◀◄←«⇐\u2039",
    "^": "▴▲↑",
    "v": "▾▼↓✓✔",
    "x": "×✗✘",
    '"': "“”„‟″",
    "'": "’\u2018\u201a\u201b\u2032",
    "o": "○◦",
}
_ASCII = {ord(char): plain for plain, chars in _SAME.items() for char in chars}


def is_utf8(environment: Mapping[str, str]) -> bool:
    """Tell whether the terminal shows UTF-8; where nobody says anything, it does (locale(7)).

    >>> is_utf8({"LANG": "C"}), is_utf8({"LC_ALL": "de_DE.UTF-8"}), is_utf8({})
    (False, True, True)
    """
    if _OLD.fullmatch(environment.get("TERM", "")):
        return False
    names = ("LC_ALL", "LC_CTYPE", "LANG")
    locale = next((environment[name] for name in names if environment.get(name)), "")
    return not locale or "utf8" in locale.lower().replace("-", "")


def has_colours(environment: Mapping[str, str]) -> bool:
    """Tell whether the terminal has colours, and its owner wants them (no-color.org)."""
    name = environment.get("TERM", "")
    return not environment.get("NO_COLOR") and not NO_COLOURS.fullmatch(name)


def set_textual(environment: MutableMapping[str, str]) -> None:
    """Drop all of Textual's own variables and set ours; before Textual is imported.

    They name log files, screenshots and driver classes: whoever sets one runs what he likes.
    """
    for name in [name for name in environment if name.startswith("TEXTUAL")]:
        del environment[name]
    environment["TEXTUAL_DISABLE_KITTY_KEY"] = "1"  # keys come as plain bytes, scans too


def began_with(file: bytes, environment: Mapping[str, str]) -> Mapping[str, str]:
    """Return the variables that a process was started with, from Linux's `/proc/self/environ`.

    Python itself writes LC_CTYPE=C.UTF-8 into its own environment where the locale is C (PEP 538).
    """
    pairs = (pair.partition("=") for pair in file.decode(errors="replace").split("\0") if pair)
    return {name: value for name, _, value in pairs} or environment


def ascii_of(text: str) -> str:
    """Return the text in ASCII, as wide as before: drawing as its nearest sign, else a “?”.

    >>> ascii_of("│ Zoë ✓ 茶")
    '| Zoe v ??'
    """
    if text.isascii():
        return text
    return "".join(char if char < "\x80" else _plain(char) for char in text)


@lru_cache(maxsize=2048)
def _plain(char: str) -> str:
    if sign := _ASCII.get(ord(char)):
        return sign
    base = unicodedata.normalize("NFD", char)[0]
    if base < "\x80":
        return base
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return ""
    return "??" if unicodedata.east_asian_width(char) in {"W", "F"} else "?"
