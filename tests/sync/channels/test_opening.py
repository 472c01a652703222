"""Files that cannot be a report are refused in words."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sync.channels.fake_store import FakeStore
from sync.channels.report_files import fresh, other, text_of, write

from station.errors import InputError
from station.sync.channels.imports import import_listings, import_orders, import_products, sniff
from station.sync.channels.opening import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from station.sync.channels.port import ImportReport


def refused(path: Path) -> InputError:
    """Return the error of importing a file as orders; it must have a remedy."""
    store = FakeStore()
    with pytest.raises(InputError) as caught:
        import_orders(path, store.port)
    assert store.orders == {}
    assert caught.value.remedy
    return caught.value


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\r\n\r\n", "no header"),
        (b"PK\x03\x04rest", "Excel workbook (.xlsx)"),
        (b"\xd0\xcf\x11\xe0rest", "old Excel workbook"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\xef\xbb\xbf <!DOCTYPE html><title>Sign in</title>", "a web page"),
        (bytes(range(256)) * 3, "binary"),
        ("sku,barcode\n".encode("utf-16-le") * 9, "byte order mark"),
        (b"just some words\nand more\n", "order-id is missing"),
    ],
)
def test_what_is_no_report_is_named(tmp_path: Path, content: bytes, words: str) -> None:
    """Empty, binary and foreign files are refused with what they are."""
    assert words in refused(write(tmp_path, content)).message


def test_a_file_above_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    """200 MB are refused by their size alone, with a way out."""
    path = write(tmp_path, b"x")
    os.truncate(path, 200_000_000)
    error = refused(path)
    assert "191 MiB" in error.message
    assert "--partial" in error.remedy
    assert MAX_BYTES < 200_000_000


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    """Folders, absent files, pipes and impossible names are refused in words."""
    os.mkfifo(tmp_path / "pipe")
    assert "is a folder" in refused(tmp_path).message
    assert "There is no file" in refused(tmp_path / "gone.txt").message
    assert "not a file on a disk" in refused(tmp_path / "pipe").message
    assert "cannot be read" in refused(tmp_path / ("x" * 300)).message
    assert "cannot be read" in refused(tmp_path / "nul\0name").message
    assert "cannot be read" in refused(write(tmp_path, b"x") / "below").message


def test_a_name_with_escapes_does_not_reach_the_terminal(tmp_path: Path) -> None:
    """File names are shown with their controls made visible."""
    error = refused(tmp_path / "\x1b[31mred\udcff.txt")
    assert error.message.isprintable()


FIXTURE = HealthCheck.function_scoped_fixture

WHOLE = text_of([other(1), other(2), other(2, {"order-item-id": "2"})]).encode()


@settings(max_examples=60, deadline=None, suppress_health_check=[FIXTURE])
@given(st.integers(0, len(WHOLE)))
def test_a_truncated_report_never_yields_part_of_an_order(tmp_path: Path, length: int) -> None:
    """Cut anywhere: an order is imported with all its rows that the file shows, or not at all."""
    store = FakeStore()
    try:
        import_orders(fresh(tmp_path, WHOLE[:length]), store.port)
    except InputError:
        return
    boundary = WHOLE.rfind(b"\r\n", 0, len(WHOLE) - 2)
    two = store.orders.get("111-0000002-0000000")
    if length > boundary + 2 and two is not None:
        assert len(two.items) == 2


CONTENT = st.one_of(
    st.binary(max_size=600),
    st.builds(lambda tail: WHOLE[:300] + tail, st.binary(max_size=300)),
    st.builds(
        lambda at, bit: WHOLE[:at] + bit + WHOLE[at + 1 :],
        st.integers(0, len(WHOLE) - 1),
        st.binary(max_size=3),
    ),
    st.builds(lambda rest: b"sku,barcode\r\n" + rest.encode(), st.text('",;=\r\n\t\0ab1')),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[FIXTURE])
@given(CONTENT)
@example(b'sku,barcode\n"a\n' + b"b,1\n" * 20)
@example(b'"sku\rbarcode"\n1')
@example(b"sku\n\xff\xfe\n")
@example(b"\xff\xfe\xff")
def test_any_bytes_give_a_report_or_words(tmp_path: Path, content: bytes) -> None:
    """Whatever a file holds, importing it ends in a report or in an InputError with a remedy."""
    path, store = fresh(tmp_path, content), FakeStore().port
    texts = [
        *said(lambda: import_orders(path, store)),
        *said(lambda: import_listings(path, store)),
        *said(lambda: import_products(path, store)),
        *said(lambda: sniff(path)),
    ]
    assert all(text and text.isprintable() for text in texts)


def said(read: Callable[[], ImportReport | str]) -> list[str]:
    """Return every text that a person gets to read about a file."""
    try:
        outcome = read()
    except InputError as error:
        return [error.message, error.remedy]
    if isinstance(outcome, str):
        return [outcome]
    return [*(each.reason for each in outcome.errors), *outcome.notes, *outcome.unknown_columns]
