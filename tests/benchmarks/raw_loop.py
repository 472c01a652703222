"""The floor: a tty in raw mode, `os.read`, one line back; with a file also one durable commit."""

from __future__ import annotations

import os
import sqlite3
import sys
import tty


def main(path: str = "") -> None:
    """Count scans and show each at once; with a path it is committed to that file before."""
    database = _open(path) if path else None
    tty.setraw(0)
    os.write(1, b"RAW READY")
    count, typed = 0, b""
    while piece := os.read(0, 4096):
        *whole, typed = (typed + piece).split(b"\r")
        for code in whole:
            count += 1
            if database:
                database.execute("INSERT INTO scans(code) VALUES(?)", (code.decode("latin-1"),))
            os.write(1, b"\x1b[1;1HACK%07d %s" % (count, code))


def _open(path: str) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE scans(n INTEGER PRIMARY KEY, code TEXT)")
    return database


if __name__ == "__main__":
    main(*sys.argv[1:])
