"""Another printer stands in: the packer reads where his label lies, the board what is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from samples import order
from screens.test_label import verify

from station import compose
from station.device_settings import PrinterSettings
from station.devices.pool import Pool
from station.devices.simulated import Fault, SimulatedPrinter

if TYPE_CHECKING:
    import pytest
    from screens.shop import Shop


async def test_the_packer_reads_where_his_label_lies(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The status row names the stand-in and the reason; mended, all is as before."""
    main, spare = SimulatedPrinter("main"), SimulatedPrinter("spare")
    pool = Pool({"main": main, "spare": spare}, {"label": ("main", "spare")})
    monkeypatch.setattr(compose, "open_printer", lambda _place: pool)
    spares = {"spare": PrinterSettings("simulated://spare", "zpl")}
    shop.settings = replace(shop.settings, printers=spares)
    shop.stock(order("111-1"))
    main.standing = Fault.REFUSED
    async with shop.open() as ana:
        await verify(ana)
        await ana.until(lambda: len(spare.came_out) == 1, "the label on the spare printer")
        await ana.sees("SCAN THE LABEL", "printed on spare: main has paper out")
        assert "printer printed" not in ana.text
        ana.fits()
        main.standing = None
        pool.end_rests()
        await ana.until(lambda: pool.words == "ok", "the printer was asked")
        await ana.sees("printer ok")
