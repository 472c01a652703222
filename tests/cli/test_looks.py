"""`station status`, `check` and `journal`: the truth in words, and 3 when a person must look."""

from __future__ import annotations

import json
import socket
import sqlite3
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cli.station_command import OWN_LABELS
from samples import order

from station import compose, config
from station.model import OrderState
from station.overview import Pulse

if TYPE_CHECKING:
    from cli.station_command import Station

KEYS = {
    "at": None,
    "orders": {state.value for state in OrderState},
    "due": {"overdue", "today", "later", "will_miss"},
    "confirmations": {"pending", "refused", "unknown", "oldest_pending_s"},
    "stations": None,
    "channels": None,
}
"""The JSON of the manual."""


def say(station: Station, pulse: Pulse, name: str = "bench-1") -> None:
    """Let a bench tell the store how it is."""
    store = compose.open_store(compose.Place(config.load(), station.home))
    store.pulse(name, pulse)
    store.close()


def bring_in(station: Station, order_id: str, hours: float) -> None:
    """Bring in an order that is due so many hours from now."""
    compose.prepare(station.home)
    store = compose.open_store(compose.Place(config.load(), station.home))
    when = datetime.now(UTC) + timedelta(hours=hours)
    store.put_orders([order(order_id, ship_by=when)], channel="amazon")
    store.close()


def test_status_of_an_empty_house_is_fine(station: Station) -> None:
    """Where nothing waits the status is 0 and says so."""
    answer = station("status")
    assert answer.code == 0
    assert "orders         none" in answer.out
    assert "0 overdue, 0 today, 0 later" in answer.out


def test_json_has_the_keys_of_the_manual(station: Station) -> None:
    """The JSON has exactly the keys that scripts were promised, one line, nothing else."""
    bring_in(station, "111-1", 50)
    say(station, Pulse("Ana", "111-9", 2, 5, backlog=3, printer="ok", scan_p99_ms=12))
    answer = station("status", "--json")
    assert (answer.code, answer.err, answer.out.count("\n")) == (0, "", 1)
    told = json.loads(answer.out)
    assert set(told) == set(KEYS)
    for key, inner in KEYS.items():
        assert inner is None or set(told[key]) == inner
    assert told["orders"]["waiting"] == told["due"]["later"] == 1
    bench = {"id": "bench-1", "packer": "Ana", "order": "111-9", "seen_s": 0}
    bench |= {"journal_pending": 3, "printer": "ok", "scan_p99_ms": 12}
    assert told["stations"] == [bench]
    (channel,) = told["channels"]
    assert set(channel) == {"name", "last_pull_s", "last_error"}
    assert channel["name"] == "amazon"
    assert 0 <= channel["last_pull_s"] < 600
    assert datetime.strptime(told["at"], "%Y-%m-%dT%H:%M:%SZ").year >= 2026  # noqa: DTZ007 - Z


def test_overdue_orders_need_attention(station: Station) -> None:
    """One overdue order makes the status 3, in words and in JSON."""
    bring_in(station, "111-1", -2)
    answer = station("status")
    assert answer.code == 3
    assert "1 overdue" in answer.out
    told = station("status", "--json")
    assert told.code == 3
    assert json.loads(told.out)["due"] == {"overdue": 1, "today": 0, "later": 0, "will_miss": 1}


def test_pending_confirmations_are_told(station: Station) -> None:
    """A packed order that no file has yet is pending."""
    station.stock("111-1")
    station.pack("111-1")
    station("export", "confirmations", "-o", station.home / "x.txt")
    assert json.loads(station("status", "--json").out)["confirmations"]["pending"] == 0
    station.stock("111-2")
    station.pack("111-2")
    parts = station.parts()
    parts.link.drain()
    parts.close()
    assert json.loads(station("status", "--json").out)["confirmations"]["pending"] == 1


def test_doubtful_printer_needs_attention(station: Station) -> None:
    """A bench that is unsure about a label makes the status 3."""
    compose.prepare(station.home)
    say(station, Pulse("Ana", printer="UNSURE about 1"))
    answer = station("status")
    assert answer.code == 3
    assert "Ana" in answer.out
    assert "UNSURE about 1" in answer.out


def test_check_of_a_good_house(station: Station) -> None:
    """Where all is well each thing is ok, and the check is 0."""
    station.configure(OWN_LABELS)
    answer = station("check")
    assert answer.code == 0, answer.out
    assert "LOOK" not in answer.out
    for name in ("data folder", "settings", "order store", "journal", "printer", "disk", "clock"):
        assert f"ok    {name}" in answer.out


def test_check_names_what_own_labels_lack(station: Station) -> None:
    """Labels of ours without prefix and sender are told with the keys to set."""
    station.configure('[shipping]\nlabel = "own"\n')
    answer = station("check")
    assert answer.code == 3
    assert "LOOK  settings" in answer.out
    assert "shipping.gs1_company_prefix and ship_from.name" in answer.out


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", "shipping.label_folder is missing in station.toml"),
        (
            'label_folder = "nowhere"',
            "nowhere is not there: make it, or mend shipping.label_folder",
        ),
    ],
)
def test_check_names_what_saved_labels_lack(station: Station, line: str, words: str) -> None:
    """Labels out of a folder need that folder, and nothing that labels of ours need."""
    station.configure(f'[shipping]\nlabel = "folder"\n{line}\n')
    answer = station("check")
    assert answer.code == 3
    assert "LOOK  settings" in answer.out
    assert words in answer.out
    assert "gs1_company_prefix" not in answer.out


def test_check_tells_where_saved_labels_lie(station: Station) -> None:
    """A folder of labels that is there is told by its path."""
    folder = station.home / "bought"
    folder.mkdir(parents=True)
    station.home.chmod(0o700)
    station.configure('[shipping]\nlabel = "folder"\nlabel_folder = "bought"\n')
    answer = station("check")
    assert f"ok    settings       bench-1; labels: from {folder}" in answer.out


def test_check_names_a_printer_that_is_away(station: Station) -> None:
    """A printer that cannot be reached is told with its address."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    station.configure(f'[printer]\nurl = "tcp://127.0.0.1:{port}?connect=1"\n')
    answer = station("check")
    assert answer.code == 3
    assert f"LOOK  printer        tcp://127.0.0.1:{port}" in answer.out


def test_check_names_every_device(station: Station) -> None:
    """Printers, scanners with a port and the scale have a line each: how it is, and what to do."""
    station.configure(
        """
        [printer]
        url = "simulated://paper?fault=paper-out"
        [printers.spare]
        url = "simulated://spare"
        [scanner]
        ports = ["serial:///dev/nowhere", "simulated://hand"]
        [scale]
        url = "simulated://bench?grams=1250"
        """
    )
    answer = station("check", "--print")
    assert answer.code == 3
    for line in (
        "LOOK  printer main   simulated://paper?fault=paper-out: paper out",
        "ok    printer spare  simulated://spare: ok; the test label is sent",
        "LOOK  scanner        scanner nowhere unplugged. Plug it in: /dev/nowhere is not there.",
        "ok    scanner        simulated://hand: ok",
        "LOOK  scale          simulated://bench?grams=1250: 1,250 g; no box is known",
    ):
        assert line in answer.out


def test_check_reads_a_scale_whose_boxes_are_known(station: Station) -> None:
    """A scale is well when it answers and the boxes have their weights."""
    station.configure('[scale]\nurl = "simulated://bench?grams=1250"\n[boxes.S1]\ntare_g = 85\n')
    assert "ok    scale          simulated://bench?grams=1250: 1,250 g\n" in station("check").out


@pytest.mark.parametrize("url", ["serial:/dev/ttyX", "tcp://", "tcp://host:0", "http://[", "x"])
def test_check_names_a_printer_that_is_no_address(station: Station, url: str) -> None:
    """A printer's address that cannot be read is one line of the check, with what is known."""
    station.configure(f"[printer]\nurl = '{url}'\n")
    answer = station("check")
    assert answer.code == 3
    assert "LOOK  printer" in answer.out


def test_check_wants_a_terminal_of_80_columns(
    station: Station, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A terminal that is too small is told before somebody packs in it."""
    monkeypatch.setenv("COLUMNS", "60")
    answer = station("check")
    assert answer.code == 3
    assert "60×24" in answer.out


def test_check_wants_a_private_folder(station: Station) -> None:
    """A data folder that others can read is told with what to do."""
    station.home.mkdir(mode=0o755)
    station.home.chmod(0o755)
    answer = station("check")
    assert answer.code == 3
    assert "chmod 700" in answer.out


def test_journal_tells_an_order_scan_by_scan(station: Station) -> None:
    """Every entry about an order is printed with time, packer and what happened."""
    station.stock("111-1")
    station.pack("111-1")
    answer = station("journal", "show", "111-1")
    assert answer.code == 0
    kinds = [line.split()[4] for line in answer.out.splitlines()]
    assert kinds == ["opened", "scanned", "scanned", "bought"]
    assert "Ana" in answer.out
    assert "9520000000011" in answer.out
    assert "→ shipped" in answer.out


@pytest.mark.parametrize("order_id", ["999", "\x1b]0;x\x07", "[/red]"])
def test_journal_of_an_unknown_order_is_empty(station: Station, order_id: str) -> None:
    """An order that the journal does not know is told as such, safely."""
    station.stock("111-1")
    station.pack("111-1")
    answer = station("journal", "show", order_id)
    assert answer.code == 1
    assert "Nothing is written about" in answer.out
    assert "\x1b" not in answer.out


def test_journal_is_whole(station: Station) -> None:
    """A journal that nobody touched is verified with its number of entries."""
    station.stock("111-1")
    assert "0 entries" in station("journal", "verify").out
    station.pack("111-1")
    answer = station("journal", "verify")
    assert answer.code == 0
    assert answer.out.startswith("ok    journal    5 entries, none missing, none changed")


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("DELETE FROM entries WHERE seq=3", "Entry 3 is missing: the next one is 4."),
        ("DELETE FROM entries WHERE seq=1", "Entry 1 is missing"),
        ("DELETE FROM entries WHERE seq=5", "5"),
        ("UPDATE entries SET data='{' WHERE seq=2", "cannot be read"),
        ("UPDATE entries SET data='[]' WHERE seq=2", "cannot be read"),
        ("UPDATE entries SET state='gone' WHERE seq=2", "cannot be read"),
    ],
)
def test_damage_is_named(station: Station, damage: str, words: str) -> None:
    """A deleted or spoilt entry is named, and a person must look."""
    station.stock("111-1")
    station.pack("111-1")
    with sqlite3.connect(station.home / "bench-1.journal.db") as db:
        db.execute(damage)
    db.close()
    answer = station("journal", "verify")
    assert answer.code == 1, answer.out
    assert words in answer.out
    assert "LOOK  journal" in station("check").out


def test_newer_journal_is_left_alone(station: Station) -> None:
    """A journal of a newer version is refused in words, and not a byte of it changes."""
    station.stock("111-1")
    station.pack("111-1")
    path = station.home / "bench-1.journal.db"
    db = sqlite3.connect(path)
    db.execute("PRAGMA user_version=99")
    db.commit()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    before = path.read_bytes()
    answer = station("journal", "verify")
    assert answer.code == 1
    assert "was written by a newer version of station" in answer.err
    assert "Install the newer version again" in answer.err
    assert path.read_bytes() == before
