"""Wrong usage is 2, and the words say what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from station import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from cli.station_command import Station


def test_bench_needs_a_terminal(station: Station) -> None:
    """Without a terminal the bench waits for no key: it says so and ends."""
    answer = station()
    assert answer.code == 2
    assert "The bench needs a terminal." in answer.err
    assert "station status" in answer.err


def test_version_and_help_are_answered(station: Station) -> None:
    """Version and help are printed, and are no failure."""
    assert station("--version").out.strip() == f"station {__version__}"
    told = station("--help")
    assert told.code == 0
    for word in ("import", "export", "demo", "status", "check", "journal", "preview", "print"):
        assert word in told.out


@pytest.mark.parametrize(
    "arguments",
    [
        ["impotr"],
        ["import"],
        ["import", "orders"],
        ["import", "sweets", "x"],
        ["export", "confirmations"],
        ["preview", "111-1", "--format", "gif", "-o", "x"],
        ["journal"],
        ["status", "--yaml"],
    ],
)
def test_wrong_words_are_usage(station: Station, arguments: list[str]) -> None:
    """What cannot be understood ends with 2, says how it is written, and touches nothing."""
    answer = station(*arguments)
    assert answer.code == 2
    assert "usage: station" in answer.err
    assert not station.home.exists()


def test_unknown_key_names_the_nearest(station: Station) -> None:
    """A key that does not exist is refused with its name and the nearest known one."""
    station.configure('[printer]\nurll = "file:x"\n')
    answer = station("status")
    assert answer.code == 2
    assert "printer.urll is unknown" in answer.err
    assert "Did you mean url?" in answer.err


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[printer", "not TOML"),
        ("[printer]\ndpi = 204\n", "Choose one of 203, 300, 600."),
        ('[printer]\ndpi = "203"\n', "a whole number"),
        ('[shipping]\nlabel = "mine"\n', "'carrier', 'own', 'own-asked'"),
        ('printer = "file:x"\n', "Write [printer]."),
        ('[station]\nday_ends = "25:00"\n', "day_ends"),
        ('[station]\nday_ends = "six"\n', "day_ends"),
        ('[station]\nid = "../elsewhere"\n', "station.id"),
    ],
)
def test_wrong_settings_are_named(station: Station, text: str, words: str) -> None:
    """Each wrong setting ends with 2 and words that name it and what may stand there."""
    station.configure(text)
    answer = station("status")
    assert (answer.code, words in answer.err) == (2, True), answer


def test_variable_goes_before_the_file(station: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    """A STATION_ variable is used instead of the file, and is checked like it."""
    station.configure("[printer]\ndpi = 300\n")
    monkeypatch.setenv("STATION_PRINTER_DPI", "tall")
    answer = station("status")
    assert answer.code == 2
    assert "STATION_PRINTER_DPI" in answer.err


def test_named_settings_must_be_there(station: Station, tmp_path: Path) -> None:
    """A settings file that was named and is not there is an error, never the defaults."""
    answer = station("--config", tmp_path / "none.toml", "status")
    assert answer.code == 2
    assert "none.toml cannot be read" in answer.err


def test_named_folder_holds_its_settings(station: Station, tmp_path: Path) -> None:
    """The settings are those beside the data, also when the folder is given by --home."""
    folder = tmp_path / "second"
    folder.mkdir()
    (folder / "station.toml").write_text("[printer]\nnonsense = 1\n")
    answer = station("--home", folder, "status")
    assert answer.code == 2
    assert "nonsense" in answer.err


@pytest.mark.parametrize("command", [["status"], ["check"], ["import", "orders", "x.txt"]])
def test_folder_that_cannot_be_written_is_told(
    station: Station, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    """A data folder that cannot be made ends in words that name it, without a traceback."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("STATION_HOME", str(tmp_path / "file" / "home"))
    answer = station(*command)
    assert answer.code == (3 if command == ["check"] else 2)
    assert "cannot be written" in answer.out + answer.err
    assert "STATION_HOME" in answer.out + answer.err
