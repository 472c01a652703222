"""Which documents of another bench can be printed here as they are."""

from __future__ import annotations

import pytest

from labels.layout import Label, Text
from station import forms
from station.devices.suiting import suits
from station.forms import Format

FORMS = [Format(name, dpi) for name in ("zpl", "png") for dpi in (203, 300, 600)]


def drawn(form: Format) -> bytes:
    """Return a label with one word, drawn in this form."""
    return forms.draw((Label(101.6, 152.4, (Text(10, 10, 60, 10, "WORD", 5),)),), form)


@pytest.mark.parametrize("form", FORMS)
def test_a_document_suits_the_form_it_was_drawn_in(form: Format) -> None:
    """Of all languages and dots only its own suit a document."""
    document = drawn(form)
    assert [other for other in FORMS if suits(document, other)] == [form]


def test_a_pdf_suits_every_printer_of_pdfs() -> None:
    """A PDF knows its own size; the office printer's queue does the rest."""
    assert suits(drawn(Format("pdf", 300)), Format("pdf", 600, "a4"))
    assert not suits(drawn(Format("pdf", 300)), Format("zpl", 300))


@pytest.mark.parametrize(
    ("document", "form"),
    [
        (b"", Format("zpl")),
        (b"^XA^FDno width^FS^XZ", Format("zpl")),
        (b"^XA^PW9999999^XZ", Format("zpl")),
        (b"^XA^PW0^XZ", Format("zpl", 203, "a4")),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 80, Format("png")),
        (b"\nN\nP1\n", Format("epl2")),
        (b"SIZE 100 mm,150 mm\r\n", Format("tspl")),
    ],
)
def test_what_does_not_say_how_wide_it_is_never_suits(document: bytes, form: Format) -> None:
    """What tells too little of itself is drawn again."""
    assert not suits(document, form)
