"""Encodings found out and said."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

import pytest
from sync.channels.report_files import other, read_orders, text_of, write

from station.sync.channels.encoding import detect

if TYPE_CHECKING:
    from pathlib import Path

GERMAN = "Annegret Weiß-Müller, Görlitz, straße GRÖßE é è ñ café crème Ünal Øst"
JAPANESE = "山田 花子 サンプルビル 千代田区 ブルーマグカップ"


@pytest.mark.parametrize(
    ("codec", "name", "text"),
    [
        ("utf-8", "UTF-8", GERMAN + JAPANESE),
        ("ascii", "UTF-8", "Ruth Okafor"),
        ("utf-8-sig", "UTF-8 with a byte order mark", GERMAN),
        ("utf-16", "UTF-16", GERMAN + JAPANESE),
        ("cp1252", "Windows-1252", GERMAN + " “smart” it’s – €"),
        ("cp932", "Shift_JIS (cp932)", JAPANESE),
    ],
)
def test_a_report_in_any_usual_encoding_comes_out_right(
    tmp_path: Path, codec: str, name: str, text: str
) -> None:
    """Names come out as they were written, and the encoding is named."""
    path = write(tmp_path, text_of([other(1, {"recipient-name": text})]).encode(codec))
    orders, errors, _ = read_orders(path)
    assert (detect(path).name, detect(path).unreadable) == (name, 0)
    assert [order.ship_to.name for order in orders] == [text]
    assert errors == []


def test_a_spreadsheets_utf16_is_read_in_either_byte_order(tmp_path: Path) -> None:
    """The mark in front decides the order of the bytes, and is no part of the first column."""
    text = "\ufeff" + text_of([other(1, {"recipient-name": JAPANESE})])
    orders, errors, _ = read_orders(write(tmp_path, text.encode("utf-16-be")))
    assert ([order.ship_to.name for order in orders], errors) == ([JAPANESE], [])


@pytest.mark.parametrize("text", ["é", "Müller", "ÄÖÜß", "José Ñandú", "garçon’s Café", "œuvre"])
def test_western_names_are_not_taken_for_japanese(tmp_path: Path, text: str) -> None:
    """Accents that happen to be valid Shift_JIS are read as Windows-1252."""
    assert detect(write(tmp_path, text.encode("cp1252"))).codec == "cp1252"


def test_undefined_bytes_are_counted(tmp_path: Path) -> None:
    """Bytes that Windows-1252 does not know become replacement signs, and are counted."""
    found = detect(write(tmp_path, b"M\xfcller \x81\x8d\x8f \xe9t\xe9"))
    assert (found.codec, found.unreadable) == ("cp1252", 3)


def test_one_damaged_name_leaves_utf8_as_it_is(tmp_path: Path) -> None:
    """A wrong byte in a UTF-8 file costs one sign, not every accent of the file."""
    found = detect(write(tmp_path, ("é" * 40).encode() + b"\xff" + JAPANESE.encode()))
    assert (found.codec, found.unreadable) == ("utf-8", 1)


@pytest.mark.parametrize("codec", ["utf-8", "cp932"])
def test_a_character_cut_off_at_the_end_does_not_change_the_encoding(
    tmp_path: Path, codec: str
) -> None:
    """A file that ends within a character keeps its encoding."""
    assert detect(write(tmp_path, JAPANESE.encode(codec)[:-1])).codec == codec


def test_a_damaged_file_with_a_mark_counts_its_damage(tmp_path: Path) -> None:
    """The byte order mark decides; what contradicts it is counted."""
    found = detect(write(tmp_path, codecs.BOM_UTF8 + b"sku\xff\xfe"))
    assert (found.codec, found.unreadable) == ("utf-8-sig", 2)
