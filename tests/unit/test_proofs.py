"""Who is let in while the store is away: who showed his PIN here, for a while, and no guesser."""

from __future__ import annotations

import json
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from station import proofs
from station.acts import Pass, Role
from station.errors import StoreRefused
from station.proofs import MOST_WRONG, Proofs, Secret

if TYPE_CHECKING:
    from pathlib import Path

HOUR_S = 3600.0
PIN, WRONG = Secret("048151"), Secret("048152")
ANA = Pass("Ana", Role.PACKER, 10 * HOUR_S)


@dataclass
class Clock:
    """Seconds since the machine started, as the test says."""

    now: float = 500.0

    def __call__(self) -> float:
        """Return them."""
        return self.now


def kept(clock: Clock, file: Path | None = None) -> Proofs:
    """Return proofs at a bench where Ana showed her PIN just now."""
    made = Proofs(file, clock=clock, rounds=1)
    made.keep("BADGE1", PIN, ANA)
    return made


def again(clock: Clock, file: Path) -> Proofs:
    """Return the proofs as the program finds them when it is started again."""
    return Proofs(file, clock=clock, rounds=1)


def test_badge_and_pin_are_known_again() -> None:
    """Badge and PIN let in whom the store let in before; the badge alone too, for a while."""
    clock = Clock()
    bench = kept(clock)
    assert bench.let_in("BADGE1", PIN) == "Ana"
    assert bench.let_in("BADGE1", None) == "Ana"
    clock.now += 901
    assert bench.let_in("BADGE1", None) is None
    assert bench.wants_pin("BADGE1")
    assert bench.let_in("BADGE1", PIN) == "Ana"
    assert bench.let_in("BADGE1", None) == "Ana"


def test_work_keeps_a_badge_good() -> None:
    """Whoever worked here a moment ago needs no PIN, however long ago he showed it."""
    clock = Clock()
    bench = kept(clock)
    for _ in range(10):
        clock.now += 600
        bench.worked("BADGE1")
    assert bench.let_in("BADGE1", None) == "Ana"


def test_stranger_is_not_let_in() -> None:
    """A badge that was not here today is refused, whatever PIN comes with it."""
    bench = kept(Clock())
    for pin in (None, PIN, WRONG):
        with pytest.raises(StoreRefused, match="nobody can be let in here who was not here today"):
            bench.let_in("BADGE2", pin)
    assert not bench.wants_pin("BADGE2")


def test_a_proof_ends() -> None:
    """After the store's hours, or the house's if these are fewer, the PIN must go to the store."""
    clock = Clock()
    bench = kept(clock)
    short = Proofs(None, most_s=HOUR_S, clock=clock, rounds=1)
    short.keep("BADGE1", PIN, ANA)
    clock.now += HOUR_S
    assert not short.knows("BADGE1")
    assert bench.knows("BADGE1")
    clock.now += 9 * HOUR_S
    with pytest.raises(StoreRefused):
        bench.let_in("BADGE1", PIN)


def test_five_wrong_pins_drop_it(tmp_path: Path) -> None:
    """After five wrong PINs the right one does not help, nor does starting the program again."""
    clock, file = Clock(), tmp_path / "run" / "bench.proofs"
    bench = kept(clock, file)
    for number in range(1, MOST_WRONG + 1):
        bench = again(clock, file)
        words = "Too many" if number == MOST_WRONG else "do not fit"
        with pytest.raises(StoreRefused, match=words):
            bench.let_in("BADGE1", WRONG)
    assert not bench.knows("BADGE1")
    assert not again(clock, file).knows("BADGE1")


def test_right_pin_forgets_the_wrong_ones() -> None:
    """Four wrong PINs, a right one, and four wrong ones are no five in a row."""
    bench = kept(Clock())
    for _ in range(3):
        for _ in range(MOST_WRONG - 1):
            with pytest.raises(StoreRefused):
                bench.let_in("BADGE1", WRONG)
        assert bench.let_in("BADGE1", PIN) == "Ana"


def test_pin_that_the_store_refuses_is_forgotten() -> None:
    """A proof goes when the store does not take its very PIN any more, not at another one."""
    bench = kept(Clock())
    bench.denied("BADGE1", WRONG)
    assert bench.knows("BADGE1")
    bench.denied("BADGE1", PIN)
    assert not bench.knows("BADGE1")


def test_who_is_not_welcome_is_forgotten() -> None:
    """A person who was disabled has no proof any more, under any badge."""
    bench = kept(Clock())
    bench.keep("BADGE9", PIN, ANA)
    bench.forget("Ana")
    assert not bench.knows("BADGE1")
    assert not bench.knows("BADGE9")


def test_outlives_the_program_but_not_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file lets in after a crash; after a restart of the machine it says nothing."""
    clock, file = Clock(), tmp_path / "run" / "bench.proofs"
    kept(clock, file)
    assert again(clock, file).let_in("BADGE1", PIN) == "Ana"
    monkeypatch.setattr(proofs, "_boot", lambda: "another start")
    assert not again(clock, file).knows("BADGE1")


def test_a_clock_set_back_gives_nothing(tmp_path: Path) -> None:
    """A proof from a time that has not come yet is none."""
    clock, file = Clock(5000.0), tmp_path / "run" / "bench.proofs"
    kept(clock, file)
    clock.now = 10.0
    assert not again(clock, file).knows("BADGE1")


def test_file_is_its_owners_alone(tmp_path: Path) -> None:
    """Nobody else can read the file, and neither PIN nor badge stands in it."""
    file = tmp_path / "run" / "bench.proofs"
    kept(Clock(), file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    text = file.read_text(encoding="utf-8")
    assert "048151" not in text
    assert "BADGE1" not in text


@pytest.mark.parametrize("bad", ["", "{", "[]", '{"boot": 1}', "null", "\x00" * 50])
def test_damaged_file_is_no_proof(tmp_path: Path, bad: str) -> None:
    """A file that cannot be understood lets nobody in, and a new proof replaces it."""
    file = tmp_path / "run" / "bench.proofs"
    kept(Clock(), file)
    file.write_text(bad, encoding="utf-8")
    assert not again(Clock(), file).knows("BADGE1")
    assert kept(Clock(), file).knows("BADGE1")
    assert json.loads(file.read_text(encoding="utf-8"))["proofs"]


def test_file_that_others_can_read_is_not_believed(tmp_path: Path) -> None:
    """A file with other rights, or a link, was not written by this program."""
    file = tmp_path / "run" / "bench.proofs"
    kept(Clock(), file)
    file.chmod(0o644)
    assert not again(Clock(), file).knows("BADGE1")
    file.chmod(0o600)
    link = file.with_name("link.proofs")
    link.symlink_to(file)
    assert not again(Clock(), link).knows("BADGE1")


def test_folder_that_others_can_write_gets_no_file(tmp_path: Path) -> None:
    """In a folder where others write, the proof stays in memory alone."""
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o777)
    file = folder / "bench.proofs"
    assert kept(Clock(), file).knows("BADGE1")
    assert not file.exists()


def test_name_of_the_file_tells_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file lies in the user's runtime folder, never with the data, under a name of its own."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    one = proofs.runtime_file(tmp_path / "home", "bench-1")
    other = proofs.runtime_file(tmp_path / "home", "bench-2")
    assert one is not None
    assert one.parent == tmp_path / "station"
    assert one != other
    assert "bench" not in one.name


def test_machine_without_such_a_folder_keeps_no_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no folder dies with the machine's run, nothing is written at all."""
    for named in (str(tmp_path / "gone"), "relative"):
        monkeypatch.setenv("XDG_RUNTIME_DIR", named)
        assert proofs.runtime_file(tmp_path, "bench-1") is None


def test_secret_has_no_picture() -> None:
    """Printed, formatted or shown in a trace, a PIN is not there."""
    assert "048151" not in f"{PIN} {PIN!r} {[PIN]}"
    assert PIN.reveal() == "048151"
