"""Whatever a buyer or a scanner writes is shown as it is: never markup, never an escape."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyte
import pytest
from samples import order
from sync.channels.report_files import COLUMNS, GOOD, text_of

from station import compose
from station.barcodes import is_name
from station.model import Barcode, Product
from station.sync.channels.imports import import_orders, import_products
from station.text import plain

if TYPE_CHECKING:
    from screens.shop import Packer, Shop

NASTY = (
    "[/]",
    "[b +",
    "Foo [/red] bar",
    "[@click=app.quit]x[/]",
    "[link=file:///etc/passwd]y[/link]",
    "\\[",
    "[[$var",
    "\x1b]52;c;aGFsbG8=\x07clip",
    "\x1b[2J\x9b31mred",
    "W" * 300,
    "[" * 300,
    "right\u202eto\u2066left\u200f مرحبا שלום",
    "👩\u200d👩\u200d👧 🎁🚚 mug",
    "青い大きなマグカップ三百五十ミリ",
    "p\u0301\u0302\u0303\u0304\u0305\u0306ile" + "\u0301" * 300,
    "{now} %s $(reboot) `id`",
)
"""Markup, escapes, length, direction, width: as it comes from outside."""

PLAIN = tuple(plain(text, 200) for text in NASTY)
"""The same after the border, as the store has it."""


def beginning(text: str) -> str:
    """Return as much of a text as every column has room for."""
    return text[:8].rstrip()


def check(ana: Packer, *texts: str) -> None:
    """Make sure that the texts are on the screen, and that another terminal agrees on widths."""
    ana.fits()
    for text in texts:
        assert beginning(text).casefold() in ana.text.casefold(), f"{text!r} not in\n{ana.text}"
    width, rows = ana.app.size.width, [row for row in ana.rows if not row.isascii()]
    terminal = pyte.Screen(width + 8, len(rows) + 1)
    pyte.Stream(terminal).feed("".join(row + "|\r\n" for row in rows))
    for y, row in enumerate(rows):
        assert terminal.buffer[y][width].data == "|", f"another terminal shifts {row!r}"


@pytest.fixture
def nasty(shop: Shop) -> Shop:
    """Return a shop whose products and orders carry all of it."""
    products = [
        Product(f"{n}{text}"[:40], text, bin=text[:12], barcodes=(Barcode(f"NASTY{n:03}"),))
        for n, text in enumerate(PLAIN)
    ]
    orders = [
        order(f"{n:02}-{beginning(text)}", (product, 2), (products[n - 1], 1))
        for n, (text, product) in enumerate(zip(PLAIN, products, strict=True))
    ]
    shop.news = False
    return shop.stock(*orders, products=products)


async def test_queue_shows_it_as_it_is(nasty: Shop) -> None:
    """Order numbers and titles of the queue are literal and keep their columns."""
    async with nasty.open() as ana:
        await ana.sees("00-[/]")
        check(ana, *(f"{n:02}-{beginning(text)}" for n, text in enumerate(PLAIN[:14])))
        await ana.press("end")
        check(ana, *PLAIN[-2:])


@pytest.mark.parametrize("part", range(4))
async def test_no_text_breaks_the_bench(nasty: Shop, part: int) -> None:
    """An order full of it can be opened, scanned wrong and right, looked at and parked."""
    async with nasty.open() as ana:
        for n in range(part, len(PLAIN), 4):
            await ana.press("f10")
            name = PLAIN[n] if is_name(plain(PLAIN[n], 40)) else "Ana"
            await ana.type_in(name)
            assert ana.view.packer == plain(name, 40)
            await through_the_bench(ana, n)


async def through_the_bench(ana: Packer, n: int) -> None:
    """Pack one of the orders until it is parked, looking at every screen."""
    text, other = PLAIN[n], PLAIN[n - 3]
    await ana.scan(f"{n:02}-{beginning(text)}")
    await ana.needs("2")
    check(ana, text)
    await ana.scan(f"NASTY{(n - 3) % len(PLAIN):03}")
    await ana.sees("✗ WRONG")
    check(ana, f"this is {beginning(other)}")
    await ana.scan(f"NASTY{n:03}")
    await ana.sees("✓ RIGHT")
    check(ana, text)
    await ana.press("f4")
    await ana.sees("WHAT IS WRONG?")
    check(ana, f"{n:02}-{beginning(text)}")
    await ana.press("f2")
    await ana.sees("Parked: short")


async def test_scanned_and_typed_text_is_shown_as_signs(shop: Shop) -> None:
    """What is scanned, searched or typed is literal, with signs for what cannot be seen."""
    async with shop.open() as ana:
        for text in NASTY:
            await ana.paste(text.replace("\n", " "))
            check(ana)
            assert ana.view.verdict
        await ana.press("f6")
        for text in NASTY:
            await ana.paste(text)
            await ana.sees("Nothing was found.")
            check(ana, plain(text, 60))
        assert ana.screen == "LookupScreen"


async def test_changes_of_hostile_orders_are_told(nasty: Shop) -> None:
    """The reason of a stop may name what a buyer wrote, and stays literal."""
    sku = f"{3}{PLAIN[3]}"[:40]
    order_id = f"03-{beginning(PLAIN[3])}"
    async with nasty.open() as ana:
        await ana.scan(order_id)
        await ana.needs("2")
        nasty.stock(order(order_id, (Product(sku, PLAIN[3]), 9)), products=())
        await ana.hear("queue")
        await ana.sees("STOP", "The order changed")
        check(ana, sku)


async def test_files_from_outside_reach_the_screen_plain(shop: Shop) -> None:
    """A report and a product list full of escapes put no control character on the screen."""
    cells = ("product-name", "buyer-name", "recipient-name", "ship-address-1", "sku")
    rows = []
    for n, text in enumerate(NASTY):
        changes = dict.fromkeys(cells, text.replace("\n", " ")[:200])
        ids = {"order-id": f"111-{n:07}-0000000", "order-item-id": f"{n:014}"}
        rows.append({**GOOD, **changes, **ids})
    report = shop.home / "orders.txt"
    report.write_bytes(text_of(rows, COLUMNS).encode())
    listed = shop.home / "products.csv"
    listed.write_text(f"sku,barcode,title,bin\nHOST-1,NASTY1,{NASTY[7]},{NASTY[8]}\n")
    store = compose.open_store(compose.Place(shop.settings, shop.home))
    taken = import_orders(report, store).result.new
    import_products(listed, store)
    store.close()
    assert taken >= len(NASTY) // 2
    async with shop.open() as ana:
        await ana.sees(f"{taken} waiting")
        check(ana)
        for _ in range(4):
            await ana.press("enter")
            assert ana.screen == "PackScreen"
            check(ana)
            await ana.press("f4", "f2")
