"""Values put into the text of a TOML file, of which everything else stays as it is; pure."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

from station.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEADER = re.compile(r"\s*\[")
_COMMENT = re.compile(r"""=\s*(?:"(?:[^"\\]|\\.)*"|'[^']*'|[^"'#\s]+)(\s*#.*)""")
"""What stands behind a value that is no list."""


def with_values(text: str, table: str, values: Mapping[str, str]) -> str:
    """Return the text with these keys in one table.

    Args:
        text: The file as it is; may be empty.
        table: The table's name, without brackets.
        values: Each key with its value as TOML writes it.

    Raises:
        InputError: The file is written in a way that this cannot change without harm.
    """
    lines = text.splitlines()
    begin = next((i for i, line in enumerate(lines) if _opens(line, table)), None)
    if begin is None:
        gap = [""] if lines and lines[-1].strip() else []
        lines += [*gap, f"[{table}]"]
        begin = len(lines) - 1
    for key, value in values.items():
        _put(lines, begin + 1, key, f"{key} = {value}")
    made = "\n".join(lines) + "\n"
    _check(text, made, table, values)
    return made


def _opens(line: str, table: str) -> bool:
    return bool(re.fullmatch(rf"\s*\[\s*{re.escape(table)}\s*\]\s*(#.*)?", line))


def _put(lines: list[str], begin: int, key: str, line: str) -> None:
    """Put one line into the table that begins here, in place of the one with the same key."""
    end = next((i for i in range(begin, len(lines)) if _HEADER.match(lines[i])), len(lines))
    for at in range(begin, end):
        if re.match(rf"\s*{key}\s*=", lines[at]):
            comment = _COMMENT.search(lines[at])
            lines[at] = line + (comment[1] if comment else "")
            return
    while end > begin and not lines[end - 1].strip():
        end -= 1
    lines.insert(end, line)


def _check(before: str, made: str, table: str, values: Mapping[str, str]) -> None:
    """Refuse a text that says anything else than before besides the values."""
    try:
        was, now = tomllib.loads(before), tomllib.loads(made)
        wanted = {key: tomllib.loads(f"it = {value}")["it"] for key, value in values.items()}
    except tomllib.TOMLDecodeError as error:
        raise _refused() from error
    if now != {**was, table: {**was.get(table, {}), **wanted}}:
        raise _refused()


def _refused() -> InputError:
    return InputError("The file cannot be changed by the program.", "Write these lines yourself.")
