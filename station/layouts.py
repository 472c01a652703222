"""Which character a key types on the keyboards of different countries; pure.

A scanner that types presses keys, not characters: where the computer has another keyboard than the
scanner thinks, other characters arrive.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

NOTHING = "\0"
"""A key that types nothing there."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The keys of one keyboard, in the order of an American one from ` to /."""

    name: str
    plain: str
    shifted: str
    dead: str = ""
    """Accents that wait for the next key and may swallow it."""


US = Layout(
    "American",
    "`1234567890-=qwertyuiop[]asdfghjkl;'\\zxcvbnm,./",
    '~!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:"|ZXCVBNM<>?',
)
LAYOUTS = (
    US,
    Layout(
        "German",
        "^1234567890ß´qwertzuiopü+asdfghjklöä#yxcvbnm,.-",
        "°!\"§$%&/()=?`QWERTZUIOPÜ*ASDFGHJKLÖÄ'YXCVBNM;:_",
        "^´`",
    ),
    Layout(
        "French",
        "²&é\"'(-è_çà)=azertyuiop^$qsdfghjklmù*wxcvbn,;:!",
        "\x001234567890°+AZERTYUIOP¨£QSDFGHJKLM%µWXCVBN?./§",
        "^¨",
    ),
    Layout(
        "British",
        "`1234567890-=qwertyuiop[]asdfghjkl;'#zxcvbnm,./",
        '¬!"£$%^&*()_+QWERTYUIOP{}ASDFGHJKL:@~ZXCVBNM<>?',
    ),
    Layout(
        "Spanish",
        "º1234567890'¡qwertyuiop`+asdfghjklñ´çzxcvbnm,.-",
        'ª!"·$%&/()=?¿QWERTYUIOP^*ASDFGHJKLÑ¨ÇZXCVBNM;:_',
        "`´^¨",
    ),
    Layout(
        "Italian",
        "\\1234567890'ìqwertyuiopè+asdfghjklòàùzxcvbnm,.-",
        '|!"£$%&/()=?^QWERTYUIOPé*ASDFGHJKLç°§ZXCVBNM;:_',
    ),
    Layout(
        "Portuguese",
        "\\1234567890'«qwertyuiop+´asdfghjklçº~zxcvbnm,.-",
        '|!"#$%&/()=?»QWERTYUIOP*`ASDFGHJKLÇª^ZXCVBNM;:_',
        "´`~^",
    ),
    Layout(
        "Swiss",
        "§1234567890'^qwertzuiopü¨asdfghjklöä$yxcvbnm,.-",
        '°+"*ç%&/()=?`QWERTZUIOPè!ASDFGHJKLéà£YXCVBNM;:_',
        "^¨`",
    ),
    Layout(
        "Belgian",
        "²&é\"'(§è!çà)-azertyuiop^$qsdfghjklmùµwxcvbn,;:=",
        "³1234567890°_AZERTYUIOP¨*QSDFGHJKLM%£WXCVBN?./+",
        "^¨`",
    ),
    Layout(
        "Swedish",
        "§1234567890+´qwertyuiopå¨asdfghjklöä'zxcvbnm,.-",
        '½!"#¤%&/()=?`QWERTYUIOPÅ^ASDFGHJKLÖÄ*ZXCVBNM;:_',
        "´¨`^",
    ),
)
"""The usual keyboard of each country, on which Amazon has a shop."""

_UNKNOWN = ".{0,3}"
"""What comes of a key that is pressed with AltGr, which other keyboards take for something else."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A scanner that presses the keys of one keyboard at a computer that has another one."""

    scanner: Layout
    computer: Layout

    @property
    def is_right(self) -> bool:
        """Whether both are the same, so that every character arrives."""
        return self.scanner == self.computer

    def typed(self, char: str) -> str | None:
        """Return what arrives for one character; None where that cannot be told."""
        if self.is_right:
            return char
        for there, here in (
            (self.scanner.plain, self.computer.plain),
            (self.scanner.shifted, self.computer.shifted),
        ):
            if (at := there.find(char)) >= 0:
                return here[at]
        return char if char == " " else None

    def pattern(self, text: str) -> str:
        """Return a regular expression for what arrives for a text."""
        parts, swallowed = [], False
        for char in text:
            typed = self.typed(char)
            is_dead = typed is not None and not self.is_right and typed in self.computer.dead
            exact = _UNKNOWN if typed is None else re.escape(typed)
            parts.append(f"(?:{exact})?" if is_dead or swallowed else exact)
            swallowed = is_dead
        return "".join(parts)

    def meant(self, text: str) -> str:
        """Return what the scanner meant by the characters that arrived."""
        back = Pair(self.computer, self.scanner)
        return "".join(back.typed(char) or char for char in text)


def pairs() -> tuple[Pair, ...]:
    """Return every pair, the likeliest first: the right one, then an American scanner."""
    right = (Pair(US, US),)
    american = tuple(Pair(US, other) for other in LAYOUTS[1:])
    others = tuple(Pair(one, other) for one in LAYOUTS[1:] for other in LAYOUTS if one is not other)
    return right + american + others
