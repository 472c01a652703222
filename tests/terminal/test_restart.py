"""Ends of the program that no packer wants: signals, a lost terminal, a second program."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from samples import MUG
from terminal.homes import entries, furnish, order_for, scans
from terminal.pty_station import PtyStation

if TYPE_CHECKING:
    from pathlib import Path

MUG_CODE = MUG.barcodes[0].text


def test_a_restart_goes_on_at_the_same_unit(tmp_path: Path) -> None:
    """Hung up, terminated, killed, or its terminal lost: the next start has every unit."""
    home = furnish(tmp_path, order_for((MUG, 9)))
    ends = (signal.SIGHUP, signal.SIGTERM, signal.SIGKILL, None)
    for done, end in enumerate(ends):
        with PtyStation(home) as station:
            station.sign_in()
            if not done:
                station.press_enter()
            station.wait_for(f"{done}/9")
            station.scan(MUG_CODE)
            station.wait_for(f"✓ RIGHT  Blue mug 350 ml, {done + 1} of 9")
            if end is None:
                station.hang_up()
            else:
                station.process.send_signal(end)
            station.process.wait(10)
    assert [verdict for _, verdict in scans(home)] == ["RIGHT"] * len(ends)
    assert [entry.kind for entry in entries(home)].count("opened") == 1


def test_a_second_program_on_the_same_data_is_refused(tmp_path: Path) -> None:
    """It says in words whose data this is, ends with code 2, and the first one works on."""
    home = furnish(tmp_path, order_for((MUG, 2)))
    with PtyStation(home) as station:
        station.sign_in()
        station.press_enter()
        station.wait_for("0/2")
        with PtyStation(home) as second:
            assert second.wait_for_end() == 2
            assert f"(process {station.process.pid})" in second.text.replace("\n", "")
            assert "Another station already works with" in second.text
            assert "give this one its own STATION_HOME" in second.text.replace("\n", "")
        station.scan(MUG_CODE)
        station.wait_for("✓ RIGHT  Blue mug 350 ml, 1 of 2")
