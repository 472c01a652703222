from __future__ import annotations

import base64
import binascii
import gzip
import os
import zlib

import carrier_samples as samples
import label_reader
import pytest
import zplkit.parse
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from labels import LabelError, zpl
from labels.carrier import TakenLabel, take
from labels.carrier.zpl_rules import DRAWS
from labels.media import FOUR_BY_SIX
from labels.zpl import Bitmap

LONG = bool(os.environ.get("STATION_LONG"))
UPS = samples.UPS
_OURS = {"^XA", "^XZ", "^PW", "^LL", "^PQ", "^GF"}
_BOLD = "^FO0,0^GB100,100,50^FS"


def taken(data: bytes, tracking_id: str = UPS, dpi: int = 203) -> TakenLabel:
    """Take a label onto 4×6 paper."""
    return take(data, media=FOUR_BY_SIX, dpi=dpi, tracking_id=tracking_id)


def refusal(data: bytes, tracking_id: str = UPS, dpi: int = 203) -> LabelError:
    """Return why a label is not taken."""
    with pytest.raises(LabelError) as caught:
        taken(data, tracking_id, dpi)
    return caught.value


def read(label: TakenLabel) -> list[str]:
    """Return what a scanner reads on the printed label, drawn by an independent renderer."""
    assert label.zpl
    return label_reader.read(label_reader.printed(label.zpl, 812, 1219, 203))


def graphic_label(value: str = UPS) -> tuple[Bitmap, bytes]:
    """Return a label that is one graphic, as dots and as hex."""
    image = samples.picture(value).point(lambda v: 255 if v > 127 else 0, mode="1")
    rows = image.tobytes("raw", "1;I")
    return Bitmap(image.width, image.height, rows), rows.hex().upper().encode()


def names(data: bytes) -> set[str]:
    """Return the commands in ZPL as an independent parser finds them; fonts' names are cut off."""
    found = (bytes(each)[:3].decode() for each in zplkit.parse.parse(data).elements)
    return {"^A" if each.startswith("^A") else each for each in found if each.strip()}


def test_a_carriers_zpl_is_printed_and_says_its_number() -> None:
    """What a carrier sends comes out of the printer with the barcode that it was bought with."""
    assert read(taken(samples.zpl())) == [UPS]


@pytest.mark.parametrize(
    ("field", "number", "said"),
    [
        (f">;>842090210>8{samples.USPS}", samples.USPS, f"42090210\x1d{samples.USPS}"),
        (">:1Z999AA1>50123456784", UPS, UPS),
        (f">:{UPS}", UPS, UPS),
    ],
)
def test_escapes_of_code_128_are_read_as_the_printer_does(
    field: str, number: str, said: str
) -> None:
    """A field's invocation codes give the same text as a scanner reads from the printed bars."""
    label = taken(samples.zpl(field=field), number)
    assert label.codes == (said,)
    assert [each.removeprefix("]C1") for each in read(label)] == [said]


@pytest.mark.parametrize(
    "wrap",
    [
        base64.b64encode,
        base64.encodebytes,
        gzip.compress,
        lambda data: base64.b64encode(gzip.compress(data)),
        lambda data: b"data:text/plain;base64," + base64.b64encode(data),
        lambda data: b"\xef\xbb\xbf" + data,
    ],
)
def test_a_wrapped_label_is_unwrapped(wrap: object) -> None:
    """Base64, gzip, both, and data URLs are opened."""
    assert callable(wrap)
    assert taken(wrap(samples.zpl())).codes == (UPS,)


@pytest.mark.parametrize(
    ("command", "why"),
    [
        ("^JUF", "sets up the printer"),
        ("~JR", "sets up the printer"),
        ("^KPxyz", "sets up the printer"),
        ("^SZ1", "sets up the printer"),
        ("^HV1,2", "sets up the printer"),
        ("^NC1", "network"),
        ("~NC001", "network"),
        ("^WX1", "network"),
        ("^DFR:X.ZPL^FS", "memory"),
        ("^XFR:X.ZPL", "memory"),
        ("~DYR:X,A,T,1,,00", "memory"),
        ("~DUR:X,1,0", "memory"),
        ("^IDR:*.*", "memory"),
        ("^ISR:X", "memory"),
        ("^ILR:X", "memory"),
        ("^CWX,R:X", "memory"),
        ("^CC{", "signs that commands start with"),
        ("^CT+", "signs that commands start with"),
        ("^CD;", "signs that commands start with"),
        ("^PQ500", "more than one copy"),
        ("^PMY", "mirrors"),
        ("^MUI,300,600", "units"),
        ("^JMB", "resolution"),
        ("^LS100", "shifts"),
        ("^CI28,36,21", "characters"),
        ("^A@N,20,20,E:EVIL.TTF", "font"),
        ("^QQ", "no drawing command"),
    ],
)
def test_what_does_not_draw_is_refused_by_its_name(command: str, why: str) -> None:
    """ZPL that sets up the printer, stores in it, or reaches its network is stopped, and told."""
    error = refusal(samples.zpl(extra=[command]))
    assert command[:3].rstrip("@") in error.message
    assert why in error.message
    assert error.remedy


@pytest.mark.parametrize(
    "around", [b'! U1 setvar "ip.addr" "1.2.3.4"\r\n%s', b"%s\r\n! U1 do x", b"~JR%s", b"%s^JUF"]
)
def test_commands_around_a_label_are_refused(around: bytes) -> None:
    """Nothing before or after the label reaches the printer."""
    refusal(around % samples.zpl())


def test_print_settings_are_left_out() -> None:
    """Speed, darkness and paper handling stay those of the house; the packer's log says so."""
    extra = ["^PR4", "^MD10", "~SD20", "^MNW", "^MTD", "^MMT", "^LT-10", "^POI", "^PQ1,0,1,Y"]
    label = taken(samples.zpl(extra=[*extra, "^JMA", "^PMN", "^FXa note"]))
    assert label.zpl
    assert names(label.zpl) <= DRAWS | _OURS
    assert any("speed" in note for note in label.notes)
    assert any("head first" in note for note in label.notes)
    assert read(label) == [UPS]


def test_a_label_does_not_leave_its_settings_behind() -> None:
    """A turned or inverted label ends as it began, because printers keep such settings."""
    label = taken(samples.zpl(extra=["^FWN", "^LRN"]))
    assert label.zpl
    assert label.zpl.rstrip().endswith(b"^LRN^FWN^LH0,0^PQ1^XZ")


def test_many_labels_in_a_file_are_counted_and_refused() -> None:
    """A file of 300 labels prints none of them."""
    assert "300 labels" in refusal(samples.zpl() * 300).message


def test_nothing_is_no_label() -> None:
    """Formats without anything on them are no label."""
    refusal(b"^XA^XZ" * 3)


@pytest.mark.parametrize("form", ["hex", "runs", "B64", "Z64", "binary", "stored"])
def test_every_form_of_a_graphic_is_read_back(form: str) -> None:
    """A label in one graphic is printed dot by dot, whichever way its dots are written."""
    bitmap, hexed = graphic_label()
    size, row = len(bitmap.rows), (bitmap.width + 7) // 8
    packed = {
        "hex": lambda: hexed,
        "runs": lambda: runs(hexed, row * 2),
        "B64": lambda: encoded(b"B64", base64.b64encode(bitmap.rows)),
        "Z64": lambda: encoded(b"Z64", base64.b64encode(zlib.compress(bitmap.rows))),
        "binary": lambda: bitmap.rows,
        "stored": lambda: hexed,
    }[form]()
    sizes = f"{size},{size},{row}," if form != "stored" else f"{size},{row},"
    letter = "B," if form == "binary" else "A,"
    graphic = sizes.encode() + packed
    body = b"^FO0,0^GF" + letter.encode() + graphic + b"^FS"
    data = b"^XA^PW812^LL1218" + body + b"^XZ"
    if form == "stored":
        uses = b"^XA^FO0,0^XGR:CARRIER.GRF,1,1^FS^XZ^XA^IDR:CARRIER.GRF^FS^XZ"
        data = b"~DGR:CARRIER.GRF," + graphic + uses
    label = taken(data)
    assert label.image
    assert label.zpl
    assert b"CARRIER" not in label.zpl
    printed = label_reader.printed(label.zpl, 812, 1219, 203)
    assert label_reader.read(printed) == [UPS]
    assert printed.point(lambda v: 255 if v else 0).tobytes() == label.image.convert("L").tobytes()


def runs(text: bytes, row: int) -> bytes:
    """Return hex with runs of digits and rows repeated, as ZPL compresses it."""
    out, above = bytearray(), b""
    for start in range(0, len(text), row):
        line = text[start : start + row]
        out += b":" if line == above else compressed(line)
        above = line
    return bytes(out)


def compressed(line: bytes) -> bytes:
    """Return one row of hex with its runs counted, blank and black ends as , and !."""
    out = bytearray()
    for digit, end in ((b"0", b","), (b"F", b"!")):
        bare = line.rstrip(digit)
        if len(bare) < len(line):
            line, close = bare, end
            break
    else:
        close = b""
    at = 0
    while at < len(line):
        count = len(line[at:]) - len(line[at:].lstrip(line[at : at + 1]))
        at += count
        digit = line[at - 1 : at]
        out += b"z" * (count // 400)
        count %= 400
        out += bytes([102 + count // 20]) if count >= 20 else b""
        out += bytes([70 + count % 20]) if count % 20 else b""
        out += digit
    return bytes(out + close)


def encoded(name: bytes, text: bytes) -> bytes:
    """Return base64 data with their check sum."""
    import binascii

    return b":%s:%s:%04X" % (name, text, binascii.crc_hqx(text, 0))


def test_a_stored_graphic_must_be_in_the_file() -> None:
    """A graphic that only some other printer has is not asked for."""
    assert "not in it" in refusal(b"^XA^FO0,0^XGE:LOGO.GRF^FS^XZ").message


def test_a_broken_graphic_is_refused() -> None:
    """A graphic that is cut short, or whose check sum is wrong, is not printed in part."""
    bitmap, hexed = graphic_label()
    size, row = len(bitmap.rows), (bitmap.width + 7) // 8
    head = b"^XA^FO0,0^GFA,%d,%d,%d," % (size, size, row)
    assert "cut short" in refusal(head + hexed[:-400] + b"^FS^XZ").message
    whole = encoded(b"Z64", base64.b64encode(zlib.compress(bitmap.rows)))
    assert "check sum" in refusal(head + whole[:-4] + b"0000^FS^XZ").message
    bomb = encoded(b"Z64", base64.b64encode(zlib.compress(bytes(50_000_000))))
    refusal(b"^XA^FO0,0^GFA,9999999,9999999,100," + bomb + b"^FS^XZ")


@pytest.mark.parametrize(
    ("size", "words"),
    [
        ("^PW1200^LL1800", "300 dots per inch"),
        ("^PW406^LL203", None),
        ("^PW812^LL1624", "7.99 inches"),
        ("^PW1624^LL1218", "7.99 × 5.99 inches"),
    ],
)
def test_a_label_for_other_paper_is_refused(size: str, words: str | None) -> None:
    """A larger label, or one for another resolution, is never printed in part or too small."""
    data = samples.zpl().replace(b"^PW812^LL1218", size.encode())
    if words:
        assert words in refusal(data).message
    else:
        assert taken(data).codes == (UPS,)


def test_a_label_for_a_coarser_printer_is_told() -> None:
    """A label of 203 dots per inch would come out at two thirds of its size at 300."""
    error = refusal(samples.zpl(), dpi=300)
    assert "made for 203 dots per inch" in error.message


def test_bars_beyond_the_paper_are_refused() -> None:
    """A barcode whose end falls off the paper is found before it is printed."""
    assert "4.03 ×" in refusal(samples.zpl().replace(b"^FO60,", b"^FO120,")).message
    assert "inches" in refusal(samples.zpl().replace(b"^BY3", b"^BY6")).message
    assert "inches" in refusal(samples.zpl().replace(b"^BCN", b"^BCR")).message


def test_another_parcels_label_is_refused() -> None:
    """A label that says another tracking number than was bought is stopped, with both told."""
    error = refusal(samples.zpl("1Z999AA10123456799"))
    assert UPS in error.message
    assert "1Z999AA10123456799" in error.message


def test_a_label_without_a_barcode_is_refused() -> None:
    """A label that no scanner can read is stopped."""
    refusal(b"^XA^FO0,0^A0N,50,50^FDhello^FS^XZ", "")


def test_a_label_that_is_covered_by_black_is_refused_with_a_picture() -> None:
    """Graphics whose bars are hidden under a box are read as they would be printed."""
    _, hexed = graphic_label()
    graphic = zpl.graphic(graphic_label()[0]).encode()
    error = refusal(b"^XA^FO0,0" + graphic + b"^FS^FO0,450^GB800,400,400^FS^XZ")
    assert hexed
    assert error.picture.startswith(b"\x89PNG")


_ALLOWED = st.sampled_from([*DRAWS, "^XA", "^XZ", "^PQ", "^POI", "^FD1Z", "~DG", "^JU", "~JA"])
_PIECES = st.tuples(_ALLOWED, st.text("0123456789,NRYAB:;>_zG!R.", max_size=12)).map("".join)


@settings(max_examples=5000 if LONG else 60, deadline=None)
@given(st.lists(_PIECES, max_size=12), st.booleans())
def test_a_taken_label_holds_drawing_alone(pieces: list[str], is_whole: bool) -> None:
    """Whatever is in the ZPL, it is refused in words or becomes one format of drawing commands."""
    text = "".join(pieces)
    data = (f"^XA{text}^FO9,9^BCN,99^FD{UPS}^FS^XZ" if is_whole else text).encode()
    try:
        label = taken(data, "")
    except LabelError:
        return
    assert label.zpl
    assert names(label.zpl) <= DRAWS | _OURS
    assert label.zpl.count(b"^XA") == label.zpl.count(b"^XZ") == 1


@settings(max_examples=5000 if LONG else 60, deadline=None)
@given(st.binary(max_size=60), st.integers(0, 300), st.integers(0, 20))
def test_any_bytes_are_a_label_or_refused_in_words(noise: bytes, at: int, cut: int) -> None:
    """Damage anywhere in a label ends in a label of drawing commands, or in words."""
    whole = samples.zpl()
    data = whole[:at] + noise + whole[at + cut :]
    try:
        label = taken(data)
    except LabelError:
        pass
    else:
        assert label.zpl
        assert b"~" not in label.zpl
        assert label.zpl.count(b"^XA") == 1


def stored(name: str, size: tuple[int, int]) -> bytes:
    """Return the definition of a black graphic, in few bytes."""
    rows = b"\xff" * (size[0] // 8 * size[1])
    data = base64.b64encode(zlib.compress(rows, 9))
    check = binascii.crc_hqx(data, 0)
    head = f"~DGR:{name}.GRF,{len(rows)},{size[0] // 8},:Z64:"
    return head.encode() + data + f":{check:04X}".encode()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (stored("A", (2000, 3900)) + b"^XA^FO0,0^XGR:A,10,10^FS^XZ", "magnified"),
        (stored("A", (800, 1200)) + b"^XA" + b"^FO0,0^XGR:A^FS" * 1000 + b"^XZ", "more graphics"),
        (
            b"".join(stored(f"A{n}", (2000, 3900)) for n in range(9)) + samples.zpl(),
            "more graphics",
        ),
    ],
    ids=["magnified", "often", "many"],
)
def test_a_bomb_of_graphics_is_refused(
    data: bytes, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few bytes that would fill the memory, or keep the bench busy for minutes, end in words."""
    monkeypatch.delattr(Image.Image, "resize")  # what is refused is not magnified first
    assert words in refusal(data).message
