"""What no screen of ours opens: a shell, a browser, a file, the clipboard.

Textual brings these along for programs that trust who sits before them. A bench stands in a hall,
and the board is all that its SSH user may reach.
"""

from __future__ import annotations

import logging
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from textual.app import App

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

log = logging.getLogger(__name__)

Result = TypeVar("Result")


class ClosedDoors(App[Result], Generic[Result], inherit_bindings=False):
    """An app without a way out of itself."""

    ENABLE_COMMAND_PALETTE = False

    def open_url(self, url: str, *, new_tab: bool = True) -> None:
        """Open nothing: addresses come from outside."""

    def suspend(self) -> AbstractContextManager[None]:  # type: ignore[override]  # the same to callers
        """Hand the terminal to nobody: there is no shell behind it."""
        return nullcontext()

    def action_suspend_process(self) -> None:
        """Do not suspend."""

    def action_screenshot(self, filename: str | None = None, path: str | None = None) -> None:
        """Write no picture: it would hold a buyer's name."""

    def save_screenshot(self, *_args: Any, **_more: Any) -> str:
        """Write no picture."""
        return ""

    def deliver_screenshot(self, *_args: Any, **_more: Any) -> str | None:
        """Hand no picture to a browser."""
        return None

    def deliver_text(self, *_args: Any, **_more: Any) -> str | None:
        """Hand no file to a browser."""
        return None

    def deliver_binary(self, *_args: Any, **_more: Any) -> str | None:
        """Hand no file to a browser."""
        return None

    def copy_to_clipboard(self, text: str) -> None:
        """Put nothing into the clipboard of whoever looks on (OSC 52)."""

    def action_command_palette(self) -> None:
        """Offer no palette: every command is on a key or a barcode."""

    def get_system_commands(self, screen: object) -> Iterator[Any]:  # noqa: ARG002 - Textual's form
        """Return none: Textual's own write pictures and end the program."""
        return iter(())

    def _fatal_error(self) -> None:
        """End with a few words: Textual would show every frame's locals, a PIN among them."""
        log.exception("an error that nobody expected")  # noqa: LOG004 - Textual calls this in one
        self.panic("The program ended by itself. Start it again; station.log says why.")
