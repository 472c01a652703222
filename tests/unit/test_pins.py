"""PINs by themselves: what is kept of one, what it costs, and how many are looked at at once."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from station.store import people, pins, roster


def test_a_pin_is_kept_as_argon2id() -> None:
    """With the real cost: 19 MiB, two passes, a salt of its own, and nothing of the PIN."""
    kept, again = pins.hashed("048151"), pins.hashed("048151")
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert kept != again
    assert "048151" not in kept
    assert pins.matches("048151", kept)
    assert not pins.matches("048152", kept)


def test_others_read_what_is_kept() -> None:
    """The string is the PHC form that other programs write and check."""
    argon2 = pytest.importorskip("cryptography.hazmat.primitives.kdf.argon2").Argon2id
    if not hasattr(argon2, "verify_phc_encoded"):
        pytest.skip("this cryptography has no PHC strings of its own")
    argon2.verify_phc_encoded(b"048151", pins.hashed("048151"))
    theirs = argon2(salt=b"saltsaltsalt", length=32, iterations=1, lanes=1, memory_cost=8)
    assert pins.matches("048151", theirs.derive_phc_encoded(b"048151"))


@pytest.mark.parametrize("kept", ["", "048151", "$argon2id$", "$argon2i$v=19$m=8,t=1,p=1$YQ$YQ"])
def test_what_is_no_hash_matches_nothing(kept: str) -> None:
    """A damaged row lets nobody in."""
    assert not pins.matches("048151", kept)


def test_a_pin_made_with_another_cost_still_counts() -> None:
    """What was kept says how it was made: a later cost does not lock anybody out."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(pins, "COST", pins.Cost(memory_kib=16, passes=3, lanes=2))
        kept = pins.hashed("000000")
    assert "$m=16,t=3,p=2$" in kept
    assert pins.matches("000000", kept)


def test_new_pins_are_six_digits_of_any_kind() -> None:
    """They begin with zeros too, and come without a pattern."""
    made = {pins.new() for _ in range(1000)}
    assert len(made) > 950
    assert all(pins.is_pin(pin) for pin in made)
    assert {pin[0] for pin in made} == set("0123456789")


def test_the_page_of_people_has_the_same_numbers() -> None:
    """What is promised of waits, locks and shifts is what the program does."""
    page = (Path(__file__).parents[2] / "docs" / "people.md").read_text(encoding="utf-8")
    waits = [pins.wait_s(wrong) for wrong in range(pins.FREE, pins.LOCKED)]
    assert waits == [30, 60, 120, 240, 480]
    assert "| 5, 6, 7, 8, 9 | wait 30 s, 60 s, 2 min, 4 min, 8 min before the next one |" in page
    assert f"| {pins.LOCKED} | locked" in page
    words = " ".join(page.split())
    assert f"within the last {people.PASS_S // 3600} hours" in words
    assert f"within the last {people.SWITCH_S // 60} minutes" in words
    assert f"A name has 1 to {roster.NAME_LENGTH} characters" in words


@pytest.mark.usefixtures("cheap_pins")
def test_two_are_looked_at_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many come together, no more than two take their memory and their processor."""
    inside, gate = threading.Semaphore(0), threading.Semaphore(0)

    class Slow:
        """A derivation that lasts until it is told to end."""

        def __init__(self, **_how: object) -> None:
            pass

        def derive(self, _pin: bytes) -> bytes:
            """Say who is here, and wait."""
            inside.release()
            gate.acquire()
            return bytes(32)

    monkeypatch.setattr("cryptography.hazmat.primitives.kdf.argon2.Argon2id", Slow)
    running = [threading.Thread(target=pins.spend, args=("000000",)) for _ in range(5)]
    for thread in running:
        thread.start()
    assert inside.acquire(timeout=10)
    assert inside.acquire(timeout=10)
    assert not inside.acquire(timeout=0.1)
    for _ in running:
        gate.release()
    for thread in running:
        thread.join()
