"""What language a document is in, told by its first bytes. Pure."""

from __future__ import annotations

_FIRST_BYTES = (
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"%PDF-", "pdf"),
    (b"^XA", "zpl"),
    (b"~", "zpl"),
    (b"\xef\xbb\xbf^XA", "zpl"),
)

KINDS = ("zpl", "png", "pdf", "prn")
"""Every kind, as file names end; prn is raw printer data of any other language."""


def kind_of(document: bytes) -> str:
    """Return zpl, png, pdf, or prn for what begins like none of them."""
    start = document[:64].lstrip(b" \t\r\n")
    return next((kind for first, kind in _FIRST_BYTES if start.startswith(first)), "prn")
