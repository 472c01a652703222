"""Whether a file can be a report at all; everything else is refused in words before it is read."""

from __future__ import annotations

import codecs
import stat
from typing import TYPE_CHECKING

from station.errors import InputError
from station.text import visible

if TYPE_CHECKING:
    import os
    from pathlib import Path

MAX_BYTES = 128 * 2**20
"""A file above this is refused: no report of unshipped orders is that large."""

HEAD = 1 << 16

SAVE_AS_TEXT = "Open it in the spreadsheet and save it as “Text (Tab delimited)” or CSV UTF-8."
DOWNLOAD = "Download the report from Seller Central again and import it as it comes."

MAGIC: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "an Excel workbook (.xlsx) or a ZIP archive", SAVE_AS_TEXT),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)", SAVE_AS_TEXT),
    (b"%PDF", "a PDF", DOWNLOAD),
    (b"\x1f\x8b", "a gzip archive", "Unpack it first."),
    (b"\x89PNG", "a picture", DOWNLOAD),
    (b"\xff\xd8\xff", "a picture", DOWNLOAD),
    (b"SQLite format 3", "a database", "Name the report that you downloaded."),
    (b"{\\rtf", "a word processor's document", DOWNLOAD),
)

WEB = (b"<!doctype", b"<html", b"<?xml")

MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def shown(path: Path) -> str:
    """Return the name of a file as it can be shown to a person."""
    return visible(path.name or str(path), 80)


def check_file(path: Path) -> None:
    """Raise InputError unless the path is a readable, filled text file of at most 128 MiB."""
    try:
        info = path.stat()
        _check_kind(path, info)
        with path.open("rb") as stream:
            head = stream.read(HEAD)
    except FileNotFoundError as error:
        raise InputError(f"There is no file {shown(path)}.", "Check its name.") from error
    except (OSError, ValueError) as error:
        raise unreadable(path, error) from error
    _check_content(path, head)


def unreadable(path: Path, error: OSError | ValueError) -> InputError:
    """Return the error for a file which the system does not let us read."""
    why = getattr(error, "strerror", None) or str(error)
    return InputError(
        f"{shown(path)} cannot be read: {why}.",
        "Check that the file is whole and that you may read it.",
    )


def _check_kind(path: Path, info: os.stat_result) -> None:
    if stat.S_ISDIR(info.st_mode):
        raise InputError(f"{shown(path)} is a folder.", "Name the file inside it.")
    if not stat.S_ISREG(info.st_mode):
        raise InputError(f"{shown(path)} is not a file on a disk.", "Save the report to a file.")
    if info.st_size == 0:
        raise InputError(f"{shown(path)} is empty.", DOWNLOAD)
    if info.st_size > MAX_BYTES:
        raise InputError(
            f"{shown(path)} has {info.st_size / 2**20:,.0f} MiB; at most 128 MiB are read.",
            "Download a report of fewer days, or split it and import the parts with --partial.",
        )


def _check_content(path: Path, head: bytes) -> None:
    for magic, what, remedy in MAGIC:
        if head.startswith(magic):
            raise InputError(f"{shown(path)} is {what}, not a text file.", remedy)
    start = head.removeprefix(codecs.BOM_UTF8).lstrip().lower()
    if start.startswith(WEB):
        raise InputError(f"{shown(path)} is a web page or XML, not a text file.", DOWNLOAD)
    # Buyers can put NULs into names, where they are cleaned; nobody but a program into the header.
    if 0 in head.partition(b"\n")[0] and not head.startswith(MARKS):
        raise InputError(
            f"{shown(path)} is a binary file, or text without its byte order mark.", DOWNLOAD
        )
