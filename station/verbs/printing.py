"""`station print`: the commands for the wall of the bench, and the badges of people."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from station import compose, forms, papers
from station.errors import InputError
from station.verbs import OK, serving, write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from station.acts import Person
    from station.compose import Place


def commands(place: Place, path: Path | None) -> int:
    """Write the sheet as PDF, for any office printer."""
    compose.prepare(place.home)
    sheets = papers.command_sheet(place.site_key)
    target = path or place.home / "commands.pdf"
    write(target, forms.draw(sheets, forms.Format("pdf", 300)))
    print(f"{target}: {len(sheets)} pages with every command. Print it on paper, 100 %.")
    return OK


def badges(place: Place, names: Sequence[str], path: Path | None) -> int:
    """Write badges as PDF: of everybody who may sign in, or of the names."""
    with closing(serving.open_here(place)) as store:
        people = _wanted(store.people(), names)
    sheets = papers.badge_sheet(people, place.site_key)
    target = path or place.home / "badges.pdf"
    write(target, forms.draw(sheets, forms.Format("pdf", 300)))
    many = f"{len(people)} badges" if len(people) != 1 else "1 badge"
    print(f"{target}: {many}. Print it on paper, 100 %, and cut along the marks.")
    return OK


def _wanted(people: Sequence[Person], names: Sequence[str]) -> list[Person]:
    here = [person for person in people if not person.disabled]
    if not here:
        raise InputError(
            "Nobody has a badge yet.", "Add somebody: station user add NAME --role owner"
        )
    by_name = {person.name.casefold(): person for person in here}
    unknown = [name for name in names if name.casefold() not in by_name]
    if unknown:
        raise InputError(
            f"Nobody here is called {unknown[0][:60]!r}.", "`station user list` shows everybody."
        )
    return [by_name[name.casefold()] for name in names] or here
