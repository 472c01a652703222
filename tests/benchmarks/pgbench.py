"""PostgreSQL's own load program, with an UPDATE by key and with our claim statement."""

from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

from sqlalchemy import create_engine

from station.store.claim_statement import claim_statement
from station.store.schema import QUEUE_ORDER
from station.store.watermark import HEAD

if TYPE_CHECKING:
    from pathlib import Path

    from benchmarks.pg_shop import Server

THREADS = 2


def update_script(folder: Path, orders: int) -> Path:
    """Write a script that updates what a claim updates, of one order by its key."""
    path = folder / f"update-{orders}.sql"
    path.write_text(
        f"\\set n random(0, {orders - 1})\n"
        "UPDATE orders SET state = 'claimed', fence = fence + 1, base_fence = fence + 1,"
        " station = 'bench-1', packer = 'Ana', lease_until = 1795435800, updated = 1795435200"
        " WHERE order_id = '111-' || lpad(:n::text, 12, '0');\n",
        encoding="ascii",
    )
    return path


def claim_script(folder: Path) -> Path:
    """Write a script of the statement that the store sends, from the head of the queue."""
    compiled = claim_statement().compile(create_engine("postgresql+psycopg://"))
    values: dict[str, object] = {
        **compiled.params,
        **{f"from_{column.name}": n for column, n in zip(QUEUE_ORDER, HEAD, strict=True)},
        "skip": "{}",
        "now": 1_795_435_200,
        "to_station": "bench-1",
        "to_packer": "Ana",
    }
    words = {name: _literal(value) for name, value in values.items()} | {"slot": ":slot"}
    sql = re.sub(r"%\((\w+)\)s", lambda found: words[found[1]], str(compiled)).replace("%%", "%")
    path = folder / "claim.sql"
    path.write_text(f"\\set slot 1 + :client_id % 63\n{sql.strip()};\n", encoding="utf-8")
    return path


def _literal(value: object) -> str:
    # The lowest number cannot be written as a literal: its sign is applied later.
    return f"'{value}'"


def rate(server: Server, name: str, script: Path, clients: int, seconds: int) -> list[float]:
    """Run a script for some seconds and return its transactions per second, as one sample."""
    command = [
        *(str(server.bin / "pgbench"), "-n", "-M", "prepared", "-f", str(script)),
        *("-c", str(clients), "-j", str(min(THREADS, clients)), "-T", str(seconds)),
        *("-h", str(server.address.query["host"]), "-U", str(server.address.username), name),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = re.search(r"tps = ([\d.]+)", done.stdout)
    if found is None:
        raise ValueError(done.stdout + done.stderr)
    return [float(found[1])]
