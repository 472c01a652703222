"""What three scanned codes show of a scanner, and the lines for station.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from station import toml_lines
from station.errors import InputError
from station.layouts import LAYOUTS, US, Pair, pairs
from station.scanner_lessons import GS, LESSONS, Findings, Heard, heard, judge, toml

if TYPE_CHECKING:
    from collections.abc import Callable

AIM = {"code128": "]C0", "ean13": "]E0", "gs1-128": "]C1"}


@dataclass(frozen=True)
class Simulated:
    """A scanner that types, set well or badly."""

    prefix: str = ""
    aim: bool = True
    end: str = "\r"
    separator: str = GS
    pair: Pair = pairs()[0]
    case: Callable[[str], str] = str
    ean: tuple[int, int] = (0, 13)
    gap_s: float = 0.005

    def scan(self) -> list[Heard]:
        """Return what arrives for the three codes."""
        arrived = []
        for lesson in LESSONS:
            code = lesson.text[slice(*self.ean)] if lesson.symbology == "ean13" else lesson.text
            text = self.prefix + (AIM[lesson.symbology] if self.aim else "")
            text += code.replace(GS, self.separator)
            typed = "".join(char if char == GS else self.pair.typed(char) or "" for char in text)
            run = self.case(typed) + self.end
            arrived.append(heard([(char, at * self.gap_s) for at, char in enumerate(run)]))
        return arrived


def words(findings: Findings, *, good: bool | None) -> str:
    """Return every sentence of one kind."""
    return " ".join(note.words for note in findings.notes if note.good is good)


def test_a_scanner_set_well_is_told_so() -> None:
    """Nothing is wrong and nothing could be better; the settings are the usual ones."""
    findings = judge(Simulated().scan())

    assert {note.good for note in findings.notes} == {True}
    assert findings.settings == {"suffix": "enter", "pause_ms": 300, "prefix": ""}


@pytest.mark.parametrize(
    ("scanner", "wrong"),
    [
        (Simulated(separator=""), "swallows the separator"),
        (Simulated(separator="|"), "Instead of the separator GS it sends |."),
        (Simulated(separator="^]"), "Instead of the separator GS it sends ^]."),
        (Simulated(case=str.swapcase), "wrong way round"),
        (Simulated(ean=(0, 12)), "The last digit of an EAN is missing."),
        (Simulated(ean=(1, 12)), "The last digit of an EAN is missing."),
        (Simulated(gap_s=0.2), "typed by hand"),
    ],
    ids=lambda value: str(value)[:20] if isinstance(value, str) else "",
)
def test_what_is_wrong_is_named(scanner: Simulated, wrong: str) -> None:
    """Exactly one thing is wrong, and there is something to do about it."""
    findings = judge(scanner.scan())

    (note,) = (note for note in findings.notes if note.good is False)
    assert wrong in note.words
    assert note.todo


@pytest.mark.parametrize(
    ("scanner", "better"),
    [
        (Simulated(aim=False), "It sends no AIM identifiers."),
        (Simulated(end=""), "It sends nothing after the code"),
        (Simulated(end="\r\r"), "It sends ␍␍ after the code."),
        (Simulated(case=str.upper), "All letters arrive as capitals"),
        (Simulated(gap_s=0.079), ""),
    ],
)
def test_what_could_be_better_is_named(scanner: Simulated, better: str) -> None:
    """It works as it is, and the note says what would be better."""
    findings = judge(scanner.scan())

    assert better in words(findings, good=None)
    assert not words(findings, good=False)
    assert findings.settings


@pytest.mark.parametrize("prefix", ["~", "\x02", "#1"])
def test_a_prefix_is_offered_as_a_setting(prefix: str) -> None:
    """The same signs before each code are the prefix, with AIM identifiers and without."""
    for aim in (True, False):
        findings = judge(Simulated(prefix=prefix, aim=aim).scan())
        assert findings.settings["prefix"] == prefix
        assert tomllib.loads(findings.lines)["scanner"]["prefix"] == prefix


def test_a_leading_zero_may_be_missing() -> None:
    """An EAN that begins with 0 may come as UPC-A: that is no fault."""
    findings = judge(Simulated(ean=(1, 13)).scan())

    assert "comes as UPC-A" in words(findings, good=True)
    assert not words(findings, good=False)


@pytest.mark.parametrize("layout", LAYOUTS[1:], ids=lambda layout: layout.name)
@pytest.mark.parametrize("aim", [True, False])
def test_the_keyboards_are_named(layout: object, aim: bool) -> None:
    """An American scanner at any other keyboard is told as that; nothing is written then."""
    pair = next(pair for pair in pairs() if pair.scanner == US and pair.computer == layout)
    findings = judge(Simulated(pair=pair, aim=aim).scan())

    wrong = words(findings, good=False)
    assert f"scanner American, computer {pair.computer.name}" in wrong
    assert not findings.lines


@pytest.mark.parametrize("layout", LAYOUTS[1:4], ids=lambda layout: layout.name)
def test_a_foreign_scanner_at_an_american_keyboard_is_named(layout: object) -> None:
    """A German, French or British scanner at an American keyboard is told as that."""
    pair = next(pair for pair in pairs() if pair.scanner == layout and pair.computer == US)
    wrong = words(judge(Simulated(pair=pair, aim=False).scan()), good=False)

    assert f"scanner {pair.scanner.name}, computer American" in wrong


@pytest.mark.parametrize("prefix", ["A", "7", "x1"])
def test_a_prefix_that_codes_have_in_them_is_no_prefix(prefix: str) -> None:
    """Written down, it would let the tail of a code pass for a whole one."""
    findings = judge(Simulated(prefix=prefix).scan())
    assert f"Its prefix is {prefix}, which stands in codes" in words(findings, good=False)
    assert not findings.settings


def test_signs_for_the_kind_of_code_are_no_prefix() -> None:
    """Other signs before each code are a code ID, which must go."""
    arrived = Simulated(aim=False).scan()
    marked = [replace(one, text=sign + one.text) for sign, one in zip("jdI", arrived, strict=True)]

    assert "signs of its own before each kind of code" in words(judge(marked), good=False)


def test_another_code_is_no_answer() -> None:
    """A code that is none of the three is shown as it arrived, and nothing is written."""
    findings = judge([Heard("9520000000011"), *Simulated().scan()[1:]])

    assert "Code 1 is not what arrived: 9520000000011" in words(findings, good=False)
    assert not findings.settings


def test_gaps_raise_the_pause() -> None:
    """One gap of 150 ms in a fast code asks for a longer pause than the usual one."""
    arrived = Simulated().scan()
    arrived[0] = replace(arrived[0], longest_s=0.15)

    assert judge(arrived).settings["pause_ms"] == 600


def test_of_two_codes_in_one_run_the_first_counts() -> None:
    """What was scanned twice in a row is heard once, with its own end."""
    run = [(char, at * 0.01) for at, char in enumerate("\nAB\r\nAB\r\n")]

    first = heard(run)
    assert (first.text, first.ended_by) == ("AB", "\r\n")
    assert first.seconds == first.longest_s == pytest.approx(0.01)


@settings(max_examples=25)
@given(st.lists(st.text(max_size=60), min_size=3, max_size=3))
def test_nothing_that_arrives_breaks_the_judge(texts: list[str]) -> None:
    """Any three texts are judged, and the settings can be read back."""
    findings = judge([Heard(text, "") for text in texts])

    assert findings.notes
    assert not findings.lines or tomllib.loads(findings.lines)


# — the file —
FILE = """# of the owner
[station]
id = "bench-1"

[scanner]  # by the door
pause_ms = 500
ports = ["simulated://hand"]

[printer]
url = "file:labels"
"""


def test_other_lines_stay_as_they_are() -> None:
    """Keys are changed or added in their table; comments and order stay."""
    made = toml_lines.with_values(FILE, "scanner", {"pause_ms": "300", "prefix": toml("~")})

    added = 'ports = ["simulated://hand"]\nprefix = "~"\n'
    wanted = FILE.replace("pause_ms = 500", "pause_ms = 300")
    assert made == wanted.replace('ports = ["simulated://hand"]\n', added)


@pytest.mark.parametrize("value", ["'~ # ~'", '"~\\"#"', "300"])
def test_a_comment_behind_a_value_stays(value: str) -> None:
    """What the owner noted is not lost, and a sign within the value is none of it."""
    before = f"[scanner]\nprefix = {value}  # as the scanner at the door\n"
    made = toml_lines.with_values(before, "scanner", {"prefix": toml("#")})

    assert made == '[scanner]\nprefix = "#"  # as the scanner at the door\n'


@pytest.mark.parametrize("before", ["", "[station]\nid = 'b'\n", "[station]\nid = 'b'\n\n\n"])
def test_a_missing_table_is_added(before: str) -> None:
    """A file without the table gets it at its end."""
    made = toml_lines.with_values(before, "scanner", {"suffix": toml("none")})

    assert tomllib.loads(made)["scanner"] == {"suffix": "none"}
    assert made.startswith(before.rstrip("\n"))


@pytest.mark.parametrize(
    "before",
    [
        "scanner.suffix = 'none'\n",
        "scanner = {suffix = 'none'}\n",
        "[scanner]\nprefix = '''\na\n'''\n",
        "[station]\nid = '''\n[scanner]\n'''\n",
        "not TOML",
    ],
)
def test_a_file_written_otherwise_is_left_alone(before: str) -> None:
    """Where a change would harm anything, it is refused."""
    with pytest.raises(InputError):
        toml_lines.with_values(before, "scanner", {"prefix": toml("~")})


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=5))
def test_any_prefix_can_be_written(prefix: str) -> None:
    """Whatever a scanner sends before a code comes back from the file."""
    made = toml_lines.with_values(FILE, "scanner", {"prefix": toml(prefix)})

    assert tomllib.loads(made)["scanner"]["prefix"] == prefix
