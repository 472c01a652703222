"""Bars that a carrier's ZPL has the printer draw count where nothing lies over them."""

from __future__ import annotations

import carrier_samples as samples
import pytest

from labels import LabelError
from labels.carrier import take
from labels.media import FOUR_BY_SIX

UPS = samples.UPS


def codes(zpl: str) -> tuple[str, ...]:
    """Return what is read on a label."""
    return take(zpl.encode(), media=FOUR_BY_SIX, dpi=203, tracking_id=UPS).codes


@pytest.mark.parametrize(
    ("bars", "box", "line"),
    [
        ("^FO60,600^BY3^BCN,220,Y,N,N", "^FO100,580^GB300,260,130^FS", "^FO0,700^GB812,3,3^FS"),
        ("^FO60,300^BY3^BCR,220,Y,N,N", "^FO40,500^GB260,500,130^FS", "^FO150,0^GB3,1218,3^FS"),
        ("^FT60,820^BY3,3,220^BCN,,Y,N,N", "^FO0,600^GB812,240,120^FS", "^FO0,700^GB812,3,3^FS"),
    ],
    ids=["across", "down", "from below"],
)
def test_bars_under_a_box_do_not_count(bars: str, box: str, line: str) -> None:
    """The printer's own bars that a box covers are as unreadable as those of a picture."""
    label = f"^XA^PW812^LL1218{bars}^FD{UPS}^FS%s^XZ"
    assert codes(label % "") == (UPS,)
    assert codes(label % line) == (UPS,)
    assert codes(label % "^FO20,270^GB770,920,4^FS") == (UPS,)
    with pytest.raises(LabelError, match="No barcode"):
        codes(label % box)


def test_a_white_box_clears_the_ground_for_bars() -> None:
    """Bars on white that was cleared out of black are read; on the black itself they are not."""
    ground, bars = "^FO0,500^GB812,400,200^FS", f"^FO60,600^BY3^BCN,220,Y,N,N^FD{UPS}^FS"
    clear = "^FO20,560^GB770,300,150,W^FS"
    assert codes(f"^XA{ground}{clear}{bars}^XZ") == (UPS,)
    with pytest.raises(LabelError, match="No barcode"):
        codes(f"^XA{ground}{bars}^XZ")
