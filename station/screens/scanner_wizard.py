"""Three codes to scan, what arrived, and what is to be set: at the scanner, and here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.screen import Screen
from textual.style import Style
from textual.widgets import Static

from station.scanner_lessons import LESSONS
from station.screens import bars
from station.screens.widgets import SIGNS, Line, fit
from station.text import visible

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from station.scanner_lessons import Findings, Heard, Lesson, Note

_HEIGHT = 9
_PAPER = "Make the terminal {} columns wide, or scan from paper: station print scanner-sheet"
_KEYS = {
    "lesson": " Esc again  F10 end",
    "offer": " F2 write them  Esc again  F10 end",
    "end": " Esc again  F10 end",
}


class ScannerWizard(Screen[None]):
    """Shows one code after the other, then the findings."""

    CSS_PATH = "scanner_wizard.tcss"

    def compose(self) -> ComposeResult:
        """Lay out head, code, what was heard, and the keys."""
        yield Line(classes="head", id="title")
        yield Line(classes="sentence", id="ask")
        with Vertical(id="paper"):
            yield Static(id="bars", markup=False)
            yield Line(id="text")
        yield Static(id="heard", markup=False)
        yield Static(id="notes", markup=False)
        yield Line(id="lines")
        yield Line(classes="status", id="said")
        yield Line(classes="keys", id="keys")

    def show_lesson(self, number: int, heard: tuple[Heard, ...]) -> None:
        """Show one code, and what arrived for those before it."""
        lesson = LESSONS[number]
        self._say("title", f" LEARN A SCANNER · {number + 1} of {len(LESSONS)} · {lesson.name}")
        self._say("ask", " Scan this code from the screen, once.")
        self.query_one("#paper").display = True
        self._show_code(lesson)
        self.query_one("#heard", Static).update(Content("\n".join(_heard(heard))))
        self.query_one("#notes", Static).update(Content(""))
        self._say("lines", "")
        self._say("said", " A laser reads no screens: station print scanner-sheet")
        self._say("keys", _KEYS["lesson"])

    def show_findings(self, findings: Findings, heard: tuple[Heard, ...]) -> None:
        """Show what was found, and the settings that follow from it."""
        wrong = sum(note.good is False for note in findings.notes)
        self._say("title", " LEARN A SCANNER · what was found")
        self._say("ask", f" {_verdict(wrong)}")
        self.query_one("#paper").display = False
        self.query_one("#heard", Static).update(Content("\n".join(_heard(heard))))
        rows = [row for note in findings.notes for row in _note(note, self.size.width - 2)]
        self.query_one("#notes", Static).update(Content("\n").join(rows))
        values = "  ".join(findings.lines.splitlines())
        self._say("lines", f" For station.toml:  {values}" if values else "")
        self._say("said", "")
        self._say("keys", _KEYS["offer" if findings.lines else "end"])

    def say(self, words: str) -> None:
        """Say what was done."""
        self._say("said", f" {words}")

    def _say(self, where: str, words: str) -> None:
        self.query_one(f"#{where}", Line).say(words)

    def _show_code(self, lesson: Lesson) -> None:
        code = bars.row(lesson.text, lesson.symbology)
        fits = len(code) <= self.size.width
        shown = "\n".join([code] * _HEIGHT) if fits else _PAPER.format(len(code))
        self.query_one("#bars", Static).update(Content(shown))
        self._say("text", visible(lesson.text) if fits else "")


def _verdict(wrong: int) -> str:
    if not wrong:
        return "This scanner is good as it is."
    return f"{wrong} thing{'s' * (wrong > 1)} to set at the scanner; then press Esc and scan again."


def _heard(heard: tuple[Heard, ...]) -> list[str]:
    rows = [
        f"  {number}  {visible(one.text, 40)}{visible(one.ended_by, 8)}"
        for number, one in enumerate(heard, 1)
    ]
    return ["  What arrived:", *rows] if rows else []


def _note(note: Note, width: int) -> list[Content]:
    style = Style(bold=True) if note.good is False else Style()
    rows = [Content.styled(fit(f"  {SIGNS[note.good]} {note.words}", width), style)]
    if note.todo:
        rows.append(Content.styled(fit(f"    → {note.todo}", width), style))
    return rows
