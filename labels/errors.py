"""What a label can refuse: a value that no bars can carry, or that does not fit."""

from __future__ import annotations


class LabelError(Exception):
    """A label cannot be made or taken as asked; nothing was printed."""

    def __init__(self, message: str, remedy: str = "", picture: bytes = b"") -> None:
        super().__init__(message)
        self.message = message
        """What is wrong, in one sentence."""
        self.remedy = remedy
        """What to do now, in the imperative; may be empty."""
        self.picture = picture
        """A PNG that shows what is wrong; empty where there is nothing to show."""

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()
