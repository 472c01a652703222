"""What it costs to pack the picture of a label for a printer, against zebrafy in the same run."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

from benchmarks.report import Ratio, Result, Series
from benchmarks.rounds import in_turn, timed
from zebrafy.zebrafy_image import ZebrafyImage

from labels import render
from labels.languages import encode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PIL.Image import Image

    from labels.layout import Label

    Pack = Callable[[Image], bytes]

OURS, RUNS = "ours, ^GF in Z64", "ours, ^GF in runs of digits"
PEER, PEER_RUNS = "zebrafy, Z64", "zebrafy, runs of digits"
WORDS = "ours, ZPL in the printer's own font"


def compared(labels: Sequence[Label], dpi: int, rounds: int) -> tuple[Result, Result]:
    """Return milliseconds and bytes of each way to write the same pictures."""
    pictures = [render.image(label, dpi) for label in labels]
    packers = ways(dpi)
    sources = {name: timed(cycle(pictures), pack) for name, pack in packers.items()}
    in_turn(2, sources)
    times = {name: Series(name, took) for name, took in in_turn(rounds, sources).items()}
    sizes = {name: _sizes(name, pictures, pack) for name, pack in packers.items()}
    words = Series(WORDS, [float(len(render.zpl(label, dpi))) for label in labels])
    raw = [_sizes(f"ours, {name}", pictures, _plain(name, dpi)) for name in ("epl2", "tspl")]
    return (
        Result(f"Picture of a label packed at {dpi} dpi", "ms", *_against_peer(times)),
        _with(Result(f"Bytes of a label at {dpi} dpi", "bytes", *_against_peer(sizes)), words, raw),
    )


def ways(dpi: int) -> dict[str, Pack]:
    """Return what writes a picture, by its name."""
    return {
        OURS: lambda image: encode(image, "zpl", dpi),
        PEER: lambda image: _zebrafy(image, "Z64"),
        RUNS: lambda image: encode(image, "zpl", dpi, "acs"),
        PEER_RUNS: lambda image: _zebrafy(image, "ASCII_COMPRESSED"),
    }


def _zebrafy(image: Image, form: str) -> bytes:
    peer = ZebrafyImage(image, format=form, invert=False, dither=False, set_label_size=True)
    return peer.to_zpl().encode("ascii")


def _plain(language: str, dpi: int) -> Pack:
    return lambda image: encode(image, language, dpi)


def _sizes(name: str, pictures: Sequence[Image], pack: Pack) -> Series:
    return Series(name, [float(len(pack(picture))) for picture in pictures])


def _against_peer(series: dict[str, Series]) -> tuple[tuple[Series, ...], tuple[Ratio, ...]]:
    same = "The same picture in the same form: below 1 is better than the peer."
    ratios = (
        Ratio(series[OURS], series[PEER], same),
        Ratio(series[RUNS], series[PEER_RUNS], same),
    )
    return tuple(series.values()), ratios


def _with(result: Result, words: Series, raw: Sequence[Series]) -> Result:
    picture = result.series[0]
    means = "What words and bars of the printer's own save over a picture of them."
    ratio = Ratio(words, picture, means)
    return Result(
        result.title,
        result.unit,
        (words, *result.series, *raw),
        (*result.ratios, ratio),
    )
