"""`station print commands`: the sheet of barcodes for the wall of the bench."""

from __future__ import annotations

from typing import TYPE_CHECKING

from station import compose, papers
from station.verbs import OK, write

if TYPE_CHECKING:
    from pathlib import Path

    from station.compose import Place


def commands(place: Place, path: Path | None) -> int:
    """Write the sheet as PDF, for any office printer."""
    compose.prepare(place.home)
    sheets = papers.command_sheet(compose.site_key(place.home))
    target = path or place.home / "commands.pdf"
    write(target, papers.draw(sheets, papers.Format("pdf", 300)))
    print(f"{target}: {len(sheets)} pages with every command. Print it on paper, 100 %.")
    return OK
