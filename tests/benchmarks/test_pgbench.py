"""That pgbench gets the statement that the store sends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks import pgbench

if TYPE_CHECKING:
    from pathlib import Path


def test_the_script_is_the_statement(tmp_path: Path) -> None:
    """Every parameter of the claim statement has a value, and its slot is the client's own."""
    script = pgbench.claim_script(tmp_path).read_text("utf-8")
    assert "SKIP LOCKED" in script
    assert "%(" not in script
    assert "None" not in script
    assert script.startswith("\\set slot 1 + :client_id % 63\n")
