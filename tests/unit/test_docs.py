"""What the documentation says of settings, commands, limits and pages, against the program."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from station import cli, commands, equipment
from station.config import Settings, load
from station.device_settings import BoxSettings
from station.devices.open_scale import open_scale
from station.devices.open_scanner import scanner_port
from station.place import Place
from station.store.leases import TTL_S
from station.store.postgresql import CONNECTIONS, SPARE
from station.store.service import connection, door, guard, lookout, server
from station.store.service.fields import MAX_PAGE
from station.sync.link import SERIALS

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
KIB = 1024
_CODE = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_KEY = re.compile(r"`(\w+) = ([^`]+)`")


def words_of(page: Path) -> str:
    """Return a page with its lines joined, so that a sentence is one line."""
    return " ".join(page.read_text(encoding="utf-8").split())


def anchors(page: Path) -> set[str]:
    """Return the names of a page's headings as links spell them."""
    prose = _CODE.sub("", page.read_text(encoding="utf-8"))
    heads = re.findall(r"^#+ (.+)$", prose, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def documented() -> dict[str, object]:
    """Return every setting that the page of settings lists, with its default."""
    text = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    listed = text.partition("## Which one counts")[0]
    tables = re.split(r"^\*\*`\[([\w.]+)\]`\*\*", listed, flags=re.MULTILINE)
    found = {}
    for table, keys in zip(tables[1::2], tables[2::2], strict=True):
        for line in re.findall(r"^- (`.*)$", keys, re.MULTILINE):
            for name, default in _KEY.findall(line):
                found[f"{table}.{name}"] = tomllib.loads(f"it = {default}")["it"]
    return found


def known() -> dict[str, object]:
    """Return every setting of the program with its default, as TOML has it."""
    house = Settings()
    tables = {table.name: getattr(house, table.name) for table in fields(house)}
    del tables["printers"]  # each is like [printer]
    tables["boxes.CODE"] = BoxSettings()
    del tables["boxes"]
    return {
        f"{name}.{key.name}": list(value) if isinstance(value, tuple) else value
        for name, table in tables.items()
        for key in fields(table)
        for value in [getattr(table, key.name)]
    }


def test_every_setting_is_documented() -> None:
    """The page lists exactly the settings that there are, with their defaults."""
    assert documented() == known()


def test_the_example_of_settings_can_be_read(tmp_path: Path) -> None:
    """The complete example is a settings file as it stands, of devices that can be opened."""
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    file = tmp_path / "station.toml"
    file.write_text(page.split("```toml\n")[1].partition("```")[0], encoding="utf-8")

    settings = load(file, {})
    place = Place(settings, tmp_path)
    assert settings.shipping.gs1_company_prefix == "9521234"
    assert place.rules["label"] == ("main", "spare")
    for name in place.printers:
        equipment.one_printer(place, name)
    for url in settings.scanner.ports:
        scanner_port(url, settings.scanner, tmp_path)
    open_scale(settings.scale.url)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    """Every link inside the documentation has a file and a heading at its end."""
    for link in _LINK.findall(_CODE.sub("", page.read_text(encoding="utf-8"))):
        name, _, anchor = link.partition("#")
        target = page.parent / name if name else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_commands_exist(capsys: pytest.CaptureFixture[str]) -> None:
    """Every command that a page names is one that the program has."""
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    verbs = set(re.findall(r"^    ([a-z]+) ", capsys.readouterr().out, re.MULTILINE))
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        typed = "\n".join(_CODE.findall(text))
        named = re.findall(r"`station ([a-z]+)[ `\n]", text)
        named += re.findall(r"^ *(?:\$ )?station ([a-z]+)\b", typed, re.MULTILINE)
        assert set(named) <= verbs, page.name


def test_every_command_is_in_the_table_of_packing() -> None:
    """The packer's table has each command by its barcode and its key, where it can be given."""
    page = (ROOT / "docs" / "packing.md").read_text(encoding="utf-8")
    listed: dict[tuple[str, str], set[str]] = {}
    for line in re.findall(r"^\| .* \|$", page.partition("| barcode |")[2], re.MULTILINE):
        word, key, where, _ = (cell.strip() for cell in line.strip("|").split("|"))
        listed.setdefault((word, key), set()).update(where.split(", "))
    names = {"sign_in": "sign-in", "pack": "packing", "lookup": "look up"}
    for command in set(commands.COMMANDS) - {commands.HELP}:  # everywhere but sign-in
        printed = command not in {commands.CODE, commands.QUIT}
        for screen, key in command.keys:
            name = {"escape": "Esc", "enter": "Enter"}.get(key, key.upper())
            where = listed[command.word if printed else "(none)", name]
            assert names.get(screen, screen) in where, command.word


def test_limits_are_those_of_the_server() -> None:
    """The numbers of the page of many stations are the program's own."""
    house, page = Settings().serve, words_of(ROOT / "docs" / "many-stations.md")
    guests, wrong, tries = door._GUESTS, door._WRONG, door._TRIES
    bounds = connection.Bounds()
    burst = house.rate * door.BURST_S
    sizes = [size // KIB for size in (guard.BODY_BYTES, *sorted(set(guard.LARGER.values())))]
    for words in (
        f"{house.rate} a second (`serve.rate`), {burst:.0f} at once",
        f"{house.at_once} (`serve.at_once`), {house.at_once // 8} of one station",
        f"{tries[0]:.0f} a second, {tries[1]:.0f} at once",
        f"{server.BOARDS}, {server.BOARDS_EACH} of one key; {lookout.DAYS} different ends",
        f"{guests[0]:.0f} a second, {guests[1]:.0f} at once",
        f"{wrong[0] * 60:.0f} a minute, {wrong[1]:.0f} at once",
        f"{connection.HEAD_BYTES // KIB} KiB",
        f"{bounds.connections}, from one address {bounds.each}",
        f"{MAX_PAGE} rows",
        f"up to {CONNECTIONS + SPARE} connections",
        f"{SERIALS // 2} to {SERIALS} numbers",
    ):
        assert words in page
    assert sizes == [256, KIB, 2 * KIB, 4 * KIB]
    assert TTL_S == 600
