"""What the owner wrote about a device, one URL, taken apart; the words for whatever is wrong."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from station.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


@dataclass(frozen=True, slots=True)
class Address:
    """A device's URL in its parts."""

    what: str
    """printer, scanner or scale: for the words of an error."""
    scheme: str
    host: str
    """Without user and port; empty where there is none."""
    port: int | None
    path: str
    """Percent signs resolved."""
    options: Mapping[str, str]
    examples: str

    def known(self, *names: str) -> None:
        """Refuse an option that is none of these.

        Raises:
            ConfigError: with the nearest known one.
        """
        for option in self.options:
            if option not in names:
                raise unknown(f"option for a {self.what}", option, names)

    def seconds(self, option: str, usual: float) -> float:
        """Return an option that is a time in seconds, from above 0 to 600."""
        text = self.options.get(option)
        if text is None:
            return usual
        try:
            seconds = float(text)
        except ValueError:
            seconds = -1.0
        if not 0 < seconds <= 600:
            raise ConfigError(
                f"The {self.what}'s {option} “{text}” is no time.",
                "Write seconds from 0.1 to 600.",
            )
        return seconds

    def choice(self, option: str, usual: str, choices: Collection[str]) -> str:
        """Return an option that is one of a few words."""
        word = self.options.get(option, usual)
        if word not in choices:
            raise unknown(f"{option} for a {self.what}", word, choices)
        return word

    def number(self, option: str, usual: int, choices: range) -> int:
        """Return an option that is a whole number."""
        text = self.options.get(option)
        if text is None:
            return usual
        if not (text.isascii() and text.isdecimal() and int(text[:9]) in choices):
            raise ConfigError(
                f"The {self.what}'s {option} “{text}” cannot be.",
                f"Write a number from {choices.start} to {choices.stop - 1}.",
            )
        return int(text)

    def wrong(self, words: str) -> ConfigError:
        """Return the error for an address that is not what its scheme wants."""
        return ConfigError(f"The {self.what}'s address {words}.", self.examples)


def address(url: str, what: str, schemes: Collection[str], examples: str) -> Address:
    """Take a URL apart.

    Raises:
        ConfigError: it cannot be read, or its scheme is unknown, with the nearest known one.
    """
    try:
        parts = urlsplit(url.strip())
        pairs = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        port = parts.port
    except ValueError as error:
        raise ConfigError(f"The {what} “{url}” cannot be read.", examples) from error
    if parts.scheme not in schemes:
        raise unknown(what, parts.scheme or url, schemes, examples)
    if parts.username is not None:
        raise ConfigError(f"The {what}'s address has a user in it.", examples)
    path = unquote(parts.path)
    if "\0" in path:
        raise ConfigError(f"The {what} “{url}” cannot be read.", examples)
    return Address(what, parts.scheme, parts.hostname or "", port, path, dict(pairs), examples)


def unknown(what: str, word: str, known: Collection[str], remedy: str = "") -> ConfigError:
    """Return the error for a word that is none of those known, with the nearest."""
    near = difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.4)
    hint = f"Did you mean “{near[0]}”?" if near else f"Known: {', '.join(known)}."
    return ConfigError(f"Unknown {what}: “{word}”.", f"{hint} {remedy}".strip())
