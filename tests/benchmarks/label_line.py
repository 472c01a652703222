"""What a printer itself needs for one label: computed, for no printer is there to be timed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.report import Ratio, Result, Series

if TYPE_CHECKING:
    from collections.abc import Mapping

LABEL_MM = 152.4
LINE_MM_S = 152.4
"""6 inches a second, what desktop label printers are sold with."""
NETWORK_BYTES_S = 10_000_000 / 8
"""10 Mbit/s, the slowest Ethernet that printers have."""
USB_BYTES_S = 19 * 64 * 1000
"""Bulk transfers of a full-speed line at most: 19 packets of 64 bytes a frame (USB 2.0, 5.8.4)."""
WAYS = {"10 Mbit/s": NETWORK_BYTES_S, "full-speed USB": USB_BYTES_S}


def compared(made: Series, documents: Mapping[str, Series]) -> Result:
    """Return what making a label takes beside what its way and its paper take.

    Args:
        made: Milliseconds for one label, from the order on.
        documents: Bytes of one label, by the name of its form; the last is the longest.
    """
    paper = Series(f"computed: {LABEL_MM} mm at {LINE_MM_S} mm/s", [1000 * LABEL_MM / LINE_MM_S])
    ways = [
        _way(f"computed: {form} over {way}", document, bytes_s)
        for form, document in documents.items()
        for way, bytes_s in WAYS.items()
    ]
    ratios = (
        Ratio(paper, made, "So many labels are made while the printer prints one."),
        Ratio(paper, ways[-1], "So many of the longest form arrive meanwhile."),
    )
    return Result(
        "One 4x6 label beside the printer's line speed", "ms", (made, *ways, paper), ratios
    )


def _way(name: str, document: Series, bytes_s: float) -> Series:
    return Series(name, [1000 * size / bytes_s for size in document.values])
