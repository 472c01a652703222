"""Carriers' labels that the tests make: pictures, PDF and ZPL with a tracking barcode each."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

from PIL import Image, ImageDraw

from labels import fonts, raster
from labels.code128 import modules
from labels.layout import Symbology
from labels.sheet import PlacedBars

if TYPE_CHECKING:
    from collections.abc import Sequence

UPS = "1Z999AA10123456784"
USPS = "9205590164917312751089"
USPS_ROUTED = f"42090210{USPS}"
MM = 8
"""Dots of a millimetre at 203 dpi."""


def bars(value: str, module: int = 3, height: int = 200) -> Image.Image:
    """Return Code 128 bars without their quiet zones."""
    count = modules(value, Symbology.CODE128)
    placed = PlacedBars(0, 0, module, count, height, value, Symbology.CODE128)
    return raster.bars(placed)


def picture(value: str = UPS, size: tuple[int, int] = (812, 1218), module: int = 3) -> Image.Image:
    """Return a label as carriers print it: a frame, an address, a big barcode."""
    width, height = size
    image = Image.new("L", size, 255)
    pen = ImageDraw.Draw(image)
    pen.rectangle((12, 12, width - 13, height - 13), outline=0, width=4)
    unit = width // 20
    big, small = (fonts.faces(True)[0].sized(unit * s) for s in (1.3, 0.9))
    pen.text((unit, unit), "SAMPLE CARRIER  GROUND", fill=0, font=big)
    pen.line((12, unit * 3, width - 13, unit * 3), fill=0, width=4)
    for row, line in enumerate(("SHIP TO:", "Jane Sample", "12 Example Street", "Sampletown WA")):
        pen.text((unit, unit * (4 + row * 1.5)), line, fill=0, font=small)
    pen.line((12, unit * 11, width - 13, unit * 11), fill=0, width=4)
    code = bars(value, module, height // 6)
    image.paste(code, ((width - code.width) // 2, unit * 13))
    pen.text((unit * 3, unit * 13 + code.height + unit // 2), value, fill=0, font=small)
    return image


def png(image: Image.Image, dpi: float | None = None) -> bytes:
    """Return the picture as a PNG file."""
    file = BytesIO()
    image.save(file, "PNG", **({"dpi": (dpi, dpi)} if dpi else {}))
    return file.getvalue()


def pdf(*images: Image.Image, dpi: float = 203.2) -> bytes:
    """Return pictures as pages of a PDF."""
    file = BytesIO()
    first, *rest = (each.convert("L") for each in images)
    first.save(file, "PDF", resolution=dpi, save_all=True, append_images=rest)
    return file.getvalue()


def on_sheet(
    label: Image.Image, size_mm: tuple[float, float], at_mm: tuple[float, float]
) -> Image.Image:
    """Return an office sheet with a label on it, a cut line, and words to read beside it."""
    sheet = Image.new("L", (round(size_mm[0] * MM), round(size_mm[1] * MM)), 255)
    x, y = (round(side * MM) for side in at_mm)
    sheet.paste(label, (x, y))
    pen = ImageDraw.Draw(sheet)
    below = y + label.height + 8 * MM
    for start in range(0, sheet.width, 40):
        pen.line((start, below, start + 20, below), fill=0, width=2)
    font = fonts.faces(False)[0].sized(30)
    for row in range(12):
        words = "Fold here. Place the label in a pouch and fix it to the parcel. " * 2
        pen.text((60, below + 60 + row * 45), words[:80], fill=0, font=font)
    return sheet


def vector_pdf(
    value: str = UPS, mil: float = 15, size: tuple[float, float] = (288, 432), turned: int = 0
) -> bytes:
    """Return a PDF that draws its bars as rectangles, modules so many thousandths of an inch."""
    runs = bars(value, 1, 1).tobytes()
    unit = mil * 72 / 1000
    left = (size[0] - len(runs) * unit) / 2
    drawn = ["0 g", f"10 10 {size[0] - 20} 2 re f", f"10 {size[1] - 12} {size[0] - 20} 2 re f"]
    drawn += [
        f"{left + at * unit:.4f} 100 {unit:.4f} 90 re f" for at, dot in enumerate(runs) if not dot
    ]
    return raw_pdf("\n".join(drawn).encode(), size, turned)


def raw_pdf(
    content: bytes, size: tuple[float, float] = (288, 432), turned: int = 0, more: bytes = b""
) -> bytes:
    """Return a PDF of one page with this content; `more` goes into the content's dictionary."""
    box = f"/MediaBox[0 0 {size[0]} {size[1]}]/Rotate {turned}"
    page = f"<</Type/Page/Parent 2 0 R{box}/Contents 4 0 R>>"
    length = f"<</Length {len(content)}".encode() + more + b">>"
    return objects(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
        page.encode(),
        length + b"stream\n" + content + b"\nendstream",
    )


def objects(*bodies: bytes, trailer: bytes = b"") -> bytes:
    """Return a PDF file of these objects, the first of them its root."""
    out, places = bytearray(b"%PDF-1.5\n"), []
    for number, body in enumerate(bodies, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    start = len(out)
    out += f"xref\n0 {len(bodies) + 1}\n0000000000 65535 f \n".encode()
    out += b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    out += f"trailer\n<</Size {len(bodies) + 1}/Root 1 0 R".encode() + trailer + b">>\n"
    return bytes(out) + f"startxref\n{start}\n%%EOF\n".encode()


def zpl(value: str = UPS, extra: Sequence[str] = (), *, field: str = "") -> bytes:
    """Return a label in ZPL as carriers send it."""
    lines = (
        "^XA^LH0,0^PW812^LL1218",
        *extra,
        "^FO12,12^GB788,1194,4^FS",
        "^CF0,50^FO40,50^FDSAMPLE CARRIER GROUND^FS",
        "^FO40,160^A0N,36,36^FDJane Sample^FS",
        "^FO40,210^A0N,36,36^FD12 Example Street^FS",
        f"^FO60,600^BY3^BCN,220,Y,N,N^FD{field or value}^FS",
        "^XZ",
    )
    return "\r\n".join(lines).encode()
