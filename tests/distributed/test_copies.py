"""Copied disks and old images of benches: found out, explained, and renewed without loss."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from station.compose import Place
from station.config import Settings, StationSettings
from station.verbs import journals

if TYPE_CHECKING:
    import pytest
    from distributed.floor import Floor
    from distributed.packers import Station

WAY_OUT = "Work on nothing here; run `station journal renew` at the bench that shall go on."


def begun(place: Floor) -> Station:
    """Return a station that has shipped an order and has another in hand."""
    place.bring(4)
    station = place.newcomer(ahead=0)
    assert station.drain()
    station.finish_order()
    station.pack_on()
    station.pack_on()
    return station


def copied(place: Floor, station: Station, folder: str) -> None:
    """Copy the disk of a bench that is switched off, and switch it on again."""
    station.power_cut()
    shutil.copytree(station.folder, place.folder / folder)
    station.open()


def renewed(station: Station) -> None:
    """Run `station journal renew` at a bench and start it again."""
    sent = station.journal.sent_upto
    station.past += [entry for entry in station.journal._entries("1", ()) if entry.seq <= sent]
    station.power_cut()
    settings = replace(Settings(), station=StationSettings(id=station.name))
    assert journals.renew(Place(settings, station.folder)) == 0
    station.open()


def quarantined(station: Station) -> str:
    """Let a station try to work; return what it says when it may not."""
    station.link.once()
    assert station.reach.trouble == "QUARANTINED"
    bench = station.bench
    verdict = (bench.take_scan("MUG-350-BL") if bench.view.work else bench.claim_next()).verdict
    assert verdict
    assert verdict.text == station.reach.quarantined
    assert verdict.text.endswith(WAY_OUT)
    return station.reach.quarantined


def test_a_copy_is_found_out_and_changes_nothing(common: Floor) -> None:
    """A copied disk that starts after the bench went on may do nothing, and says why."""
    place = common
    bench = begun(place)
    copied(place, bench, f"copy of {bench.name}")
    bench.finish_order()
    assert bench.drain()
    copy = place.station(bench.name, folder=f"copy of {bench.name}", ahead=0)
    copy.acked = [str(e.data["text"]) for e in copy.history() if e.kind == "scanned"]
    assert "its disk was put back from an old image, or copied." in quarantined(copy)
    place.work([bench])
    place.gone.append(copy)
    assert place.broken() == []
    assert copy.closed == 1


def test_a_bench_whose_copy_came_first_goes_on_after_it_was_renewed(
    common: Floor, capsys: pytest.CaptureFixture[str]
) -> None:
    """The copy spoke first: the bench is told of another machine, is renewed, and the copy ends."""
    place = common
    bench = begun(place)
    copied(place, bench, f"copy of {bench.name}")
    copy = place.station(bench.name, folder=f"copy of {bench.name}", ahead=0)
    copy.acked = [str(e.data["text"]) for e in copy.history() if e.kind == "scanned"]
    copy.bench.sign_out()
    copy.bench.sign_in("Thief")
    assert copy.drain(), copy.reach
    bench.finish_order()
    assert quarantined(bench)
    in_hand = bench.journal.backlog()
    renewed(bench)
    printed = capsys.readouterr().out
    assert f"{in_hand} entries that the store had not taken go to it" in printed
    place.work([bench])
    place.gone.append(copy)
    assert place.broken() == []
    copy.a_minute_later()
    assert "this one is a copy" in quarantined(copy)


def test_an_old_image_is_found_out_and_goes_on_after_it_was_renewed(
    common: Floor, capsys: pytest.CaptureFixture[str]
) -> None:
    """A disk put back from an image that held unsent work: told, renewed, nothing is doubled."""
    place = common
    before = begun(place)
    before.finish_order()
    copied(place, before, f"image of {before.name}")
    assert before.drain()
    before.finish_order()
    assert before.drain()
    before.store.close()
    image = place.station(before.name, folder=f"image of {before.name}", ahead=0)
    image.acked = [str(e.data["text"]) for e in image.history() if e.kind == "scanned"]
    words = quarantined(image)
    assert words.startswith("This bench remembers ")
    assert image.journal.backlog() > 0
    renewed(image)
    assert f"The old journal is kept as {before.name}.journal." in capsys.readouterr().out
    place.work([image])
    place.gone.append(before)
    assert place.broken() == []
