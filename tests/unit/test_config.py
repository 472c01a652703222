"""Settings: file, environment, and what is said about mistakes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from station.config import Settings, load
from station.errors import ConfigError

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path, text: str) -> Path:
    """Write a settings file."""
    file = folder / "station.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_no_file_means_defaults(tmp_path: Path) -> None:
    """Without a file in the data folder everything is as documented."""
    assert load(environ={"STATION_HOME": str(tmp_path)}) == Settings()


def test_environment_goes_before_the_file(tmp_path: Path) -> None:
    """A variable of the environment wins over the file, the file over the default."""
    file = written(tmp_path, '[printer]\nurl = "tcp://a:9100"\ndpi = 300\n')

    settings = load(file, {"STATION_PRINTER_URL": "tcp://b:9100"})

    assert (settings.printer.url, settings.printer.dpi) == ("tcp://b:9100", 300)


def test_lists_and_booleans_come_from_both(tmp_path: Path) -> None:
    """Lists are TOML lists in the file and separated by commas in the environment."""
    file = written(tmp_path, '[shipping]\nother_carriers = ["Evri"]\npacking_slip = true\n')

    assert load(file, {}).shipping.other_carriers == ("Evri",)
    settings = load(file, {"STATION_SHIPPING_OTHER_CARRIERS": "DPD, GLS"})
    assert settings.shipping.other_carriers == ("DPD", "GLS")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[printer]\nulr = "x"', "printer.ulr is unknown. Did you mean url?"),
        ('[pinter]\nurl = "x"', "pinter is unknown. Did you mean printer?"),
        ("[printer]\ndpi = 250", "Choose one of 203, 300, 600."),
        ('[printer]\ndpi = "203"', "Write a whole number."),
        ('[shipping]\nother_carriers = "Evri"', "Write a list"),
        ('printer = "x"', "Write [printer]."),
        ("[printer\n", "is not TOML"),
        ('[station]\nday_ends = "25:99"', "Write hours and minutes: 18:00."),
        ('[station]\nid = "a/b"', "Write letters, digits, - and _"),
        ('[shipping]\ngs1_company_prefix = "95-21"', "GS1 company prefix"),
        ("[printers.spare]\ndpi = 250", "printers.spare.dpi is 250. Choose one of 203, 300, 600."),
        ("[printers.main]\ndpi = 203", "main is the printer of [printer]"),
        ("[boxes.S1]\ntare_g = -1", "boxes.S1.tare_g is -1. Write a number from 0 to 100000."),
        ('[boxes."S 1"]\ntare_g = 1', "Write letters, digits, - and _, 20 at most."),
    ],
)
def test_mistakes_are_told(tmp_path: Path, text: str, message: str) -> None:
    """Every mistake names the file, the key, and what to write instead."""
    file = written(tmp_path, text)

    with pytest.raises(ConfigError) as caught:
        load(file, {})

    assert message in str(caught.value)
    assert str(file) in str(caught.value)


def test_a_misspelt_variable_is_told(tmp_path: Path) -> None:
    """A variable that begins like one of ours and is none is refused with the nearest one."""
    with pytest.raises(ConfigError, match="STATION_PRINTER_URL"):
        load(environ={"STATION_HOME": str(tmp_path), "STATION_PRINTER_ULR": "x"})


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    """A file that was named and is missing is an error, not a default."""
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path / "none.toml", {})
