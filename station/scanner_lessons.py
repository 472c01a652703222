"""Three codes and what they show of a scanner that types: its language, its ends, its speed; pure.

The codes are chosen so that every usual mistake shows: letters of both cases, the signs that move
between keyboards, an EAN that begins with 0, and two GS1 fields with a separator between them.
Each is narrow enough for a terminal of 80 columns.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from station.layouts import Pair, pairs
from station.text import visible
from station.wedge import ENDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

GS = "\x1d"
USUAL_PAUSE_MS = 300
_RIGHT_ENDS = {"\r": "Enter", "\n": "line feed", "\r\n": "CR LF", "\t": "Tab"}
_BY_HAND_S = 0.08
_WORTH_A_PAUSE_S = 0.1
"""A gap from which on the usual pause is too near to it."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One code to scan."""

    name: str
    text: str
    """What a scanner that is set right sends, without identifier, prefix and suffix."""
    symbology: str
    """code128, ean13 or gs1-128."""
    aim: str
    """What its AIM identifier begins with, after the bracket."""


LESSONS = (
    Lesson("Letters and signs", 'yZ-:/"#]', "code128", "C"),
    Lesson("An EAN that begins with 0", "0614141234561", "ean13", "E"),
    Lesson("Two fields with a separator", f"101234{GS}215678", "gs1-128", "C"),
)


@dataclass(frozen=True, slots=True)
class Heard:
    """What arrived for one lesson."""

    text: str
    """Prefix and identifier included, ends not."""
    ended_by: str = "\r"
    seconds: float = 0.0
    """From the first character to the last."""
    longest_s: float = 0.0
    """The longest silence in it."""


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that was found."""

    good: bool | None
    """None: it works, and could be better."""
    words: str
    todo: str = ""
    """What the owner does about it."""


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that three codes showed."""

    notes: tuple[Note, ...]
    settings: Mapping[str, str | int] = field(default_factory=dict)
    """What belongs into `[scanner]`; empty while the scanner itself must be set first."""

    @property
    def lines(self) -> str:
        """The settings as they stand in station.toml."""
        values = (f"{key} = {toml(value)}" for key, value in self.settings.items())
        return "\n".join(("[scanner]", *values)) if self.settings else ""


@dataclass(frozen=True, slots=True)
class _Found:
    """One lesson made out in what arrived."""

    front: str
    core: str
    back: str
    variant: str = ""
    separator: str = GS


def heard(run: Sequence[tuple[str, float]]) -> Heard:
    """Return what arrived, by characters and their times in seconds; of several codes the first."""
    begin = next((i for i, (char, _) in enumerate(run) if char not in ENDS), len(run))
    end = next((i for i in range(begin, len(run)) if run[i][0] in ENDS), len(run))
    rest = next((i for i in range(end, len(run)) if run[i][0] not in ENDS), len(run))
    text = "".join(char for char, _ in run[begin:end])
    ended_by = "".join(char for char, _ in run[end:rest])
    times = [at for _, at in run[begin:end]]
    gaps = [later - sooner for sooner, later in pairwise(times)]
    return Heard(text, ended_by, sum(gaps), max(gaps, default=0.0))


def judge(answers: Sequence[Heard], lessons: Sequence[Lesson] = LESSONS) -> Findings:
    """Tell what is wrong with a scanner, and what to set where."""
    pair, found = _made_out(answers, lessons)
    notes = [
        *_unread(found, answers),
        *_language(pair, found),
        *_case(found),
        *_around(pair, found, lessons),
        *_ean(found),
        *_separator(found),
        *_ends(answers),
        *_speed(answers),
    ]
    notes.sort(key=lambda note: (note.good is True, note.good is None))
    is_clear = pair.is_right and all(found) and not _is_slow(answers)
    is_clear = is_clear and not _prefix(pair, found, lessons).isalnum()
    return Findings(tuple(notes), _settings(pair, found, answers, lessons) if is_clear else {})


def toml(value: str | int) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, int):
        return str(value)
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


# — what arrived —
def _made_out(
    answers: Sequence[Heard], lessons: Sequence[Lesson]
) -> tuple[Pair, list[_Found | None]]:
    """Return the keyboards that explain the most, and each lesson as they explain it."""
    best: tuple[int, int] = (-1, 0)
    chosen: tuple[Pair, list[_Found | None]] = (pairs()[0], [])
    for pair in pairs():
        both = zip(lessons, answers, strict=True)
        found = [_match(pair, lesson, answer.text) for lesson, answer in both]
        clutter = sum(len(one.front) + len(one.back) for one in found if one)
        score = (sum(one is not None for one in found), -clutter)
        if score > best:
            best, chosen = score, (pair, found)
    return chosen


def _match(pair: Pair, lesson: Lesson, text: str) -> _Found | None:
    for variant, wanted in _variants(lesson):
        parts = [pair.pattern(part) for part in wanted.split(GS)]
        core = "(?P<separator>.{0,4}?)".join(parts)
        whole = f"(?P<front>.{{0,12}}?)(?P<core>{core})(?P<back>.{{0,4}})"
        if match := re.fullmatch(whole, text, re.DOTALL | re.IGNORECASE):
            groups = match.groupdict()
            if re.search(r"\][A-Za-z]$", pair.meant(groups["front"])):
                continue  # half an identifier: its last sign was taken for the code's first
            separator = groups.get("separator", GS)
            return _Found(groups["front"], groups["core"], groups["back"], variant, separator)
    return None


def _variants(lesson: Lesson) -> tuple[tuple[str, str], ...]:
    text = lesson.text
    if lesson.symbology != "ean13":
        return (("", text),)
    return (("", text), ("upc", text[1:]), ("no check", text[:-1]), ("no check", text[1:-1]))


# — what it means —
def _unread(found: Sequence[_Found | None], answers: Sequence[Heard]) -> list[Note]:
    return [
        Note(
            False,
            f"Code {number} is not what arrived: {visible(answer.text, 40) or 'nothing'}",
            "Scan the three codes again, each once and in order.",
        )
        for number, (one, answer) in enumerate(zip(found, answers, strict=True), 1)
        if one is None
    ]


def _language(pair: Pair, found: Sequence[_Found | None]) -> list[Note]:
    if not any(found):
        return []
    if pair.is_right:
        return [Note(True, "Its keyboard is that of this computer.")]
    signs = [
        f"{char} → {visible(typed)}"
        for char in LESSONS[0].text
        if (typed := pair.typed(char)) and typed != char
    ]
    return [
        Note(
            False,
            f"Keyboard: scanner {pair.scanner.name}, computer {pair.computer.name}:"
            f" {', '.join(signs[:3])}.",
            f"Set the scanner's keyboard language to {pair.computer.name}.",
        )
    ]


def _case(found: Sequence[_Found | None]) -> list[Note]:
    if not found[0]:
        return []
    small, capital = found[0].core[:1], found[0].core[1:2]
    if small.islower() and capital.isupper():
        return []
    if small.isupper() and capital.islower():
        return [
            Note(
                False,
                "Capitals and small letters are the wrong way round.",
                "Switch Caps Lock off here, and “inverse case” off at the scanner.",
            )
        ]
    kind = "capitals" if small.isupper() else "small letters"
    words = f"All letters arrive as {kind}: serial numbers may come out wrong."
    return [Note(None, words, "Set the scanner to send letters as they are.")]


def _fronts(
    pair: Pair, found: Sequence[_Found | None], lessons: Sequence[Lesson]
) -> list[tuple[str, str]]:
    """Return (what stands before the identifier, the identifier) of each lesson made out."""
    fronts = []
    for one, lesson in zip(found, lessons, strict=True):
        if one:
            meant = pair.meant(one.front)
            match = re.search(rf"\]{lesson.aim}[0-9A-Za-z]$", meant, re.IGNORECASE)
            aim = match[0] if match else ""
            fronts.append((meant.removesuffix(aim), aim))
    return fronts


def _prefix(pair: Pair, found: Sequence[_Found | None], lessons: Sequence[Lesson]) -> str:
    """Return what stands before each code made out; empty where it is not the same everywhere."""
    before = {front for front, _ in _fronts(pair, found, lessons)}
    return before.pop() if len(before) == 1 else ""


def _around(pair: Pair, found: Sequence[_Found | None], lessons: Sequence[Lesson]) -> list[Note]:
    fronts = _fronts(pair, found, lessons)
    before, aims = {front for front, _ in fronts}, [aim for _, aim in fronts]
    notes = []
    if len(before) > 1:
        signs = " ".join(visible(front) for front, _ in fronts if front)
        words = f"It sends signs of its own before each kind of code: {signs}"
        notes.append(Note(False, words, "Switch its “code ID” off, or set it to AIM."))
    elif (prefix := _prefix(pair, found, lessons)).isalnum():
        words = f"Its prefix is {visible(prefix)}, which stands in codes as well."
        notes.append(Note(False, words, "Set it to a sign that no code has, such as ~."))
    elif prefix:
        notes.append(Note(True, f"Its prefix is {visible(prefix)}: good, it shows every begin."))
    if fronts and all(aims):
        notes.append(Note(True, "It sends AIM identifiers."))
    elif fronts:
        words = "It sends no AIM identifiers." if not any(aims) else "AIM: not before each code."
        notes.append(Note(None, words, "Switch “AIM code ID” on if it can: fewer doubts."))
    if backs := {one.back for one in found if one and one.back}:
        words = f"It sends {visible(min(backs))} after the code."
        notes.append(Note(False, words, "Take all suffixes off but Enter (CR)."))
    return notes


def _ean(found: Sequence[_Found | None]) -> list[Note]:
    variant = found[1].variant if found[1] else ""
    if variant == "no check":
        todo = "Switch on “transmit check digit” for EAN and UPC."
        return [Note(False, "The last digit of an EAN is missing.", todo)]
    if variant == "upc":
        return [Note(True, "An EAN that begins with 0 comes as UPC-A: that is the same.")]
    return []


def _separator(found: Sequence[_Found | None]) -> list[Note]:
    if not found[2]:
        return []
    separator, todo = found[2].separator, "Let it send FNC1 as ASCII 29, GS (Ctrl and ])."
    if separator == GS:
        return [Note(True, "It sends the separator of GS1 codes (GS).")]
    if separator:
        words = f"Instead of the separator GS it sends {visible(separator)}."
        return [Note(False, words, todo)]
    return [Note(False, "It swallows the separator GS: lot and serial run together.", todo)]


def _ends(answers: Sequence[Heard]) -> list[Note]:
    ends = {answer.ended_by for answer in answers}
    if "" in ends:
        words = "It sends nothing after the code: a code that broke off looks like a whole one."
        return [Note(None, words, "Better: set its suffix to Enter (CR), and scan again.")]
    if doubled := ends - set(_RIGHT_ENDS):
        words = f"It sends {visible(min(doubled))} after the code."
        return [Note(None, words, "One Enter (CR) is enough.")]
    return [Note(True, f"It ends a code with {' or '.join(sorted(_RIGHT_ENDS[e] for e in ends))}.")]


def _each_s(answers: Sequence[Heard]) -> float:
    """Return the seconds that a character took in the slowest code."""
    return max((one.seconds / max(1, len(one.text) - 1) for one in answers), default=0.0)


def _is_slow(answers: Sequence[Heard]) -> bool:
    return _each_s(answers) > _BY_HAND_S


def _speed(answers: Sequence[Heard]) -> list[Note]:
    slowest = f"{_each_s(answers) * 1000:.0f} ms a character"
    if _is_slow(answers):
        words = f"{slowest}: typed by hand, or over a very slow line."
        return [Note(False, words, "Scan the codes; do not type them.")]
    longest = max((one.longest_s for one in answers), default=0.0)
    if longest < _WORTH_A_PAUSE_S:
        return [Note(True, f"Its characters come fast: {slowest}.")]
    words = f"Its characters come with gaps of up to {longest * 1000:.0f} ms."
    return [Note(None, words, "Take a shorter delay between characters, if it has one.")]


def _settings(
    pair: Pair, found: Sequence[_Found | None], answers: Sequence[Heard], lessons: Sequence[Lesson]
) -> dict[str, str | int]:
    settings: dict[str, str | int] = {}
    settings["suffix"] = "enter" if all(answer.ended_by for answer in answers) else "none"
    longest = max(answer.longest_s for answer in answers)
    wanted = math.ceil(longest * 4 * 10) * 100
    settings["pause_ms"] = min(max(USUAL_PAUSE_MS, wanted), 3000)
    settings["prefix"] = _prefix(pair, found, lessons)
    return settings
