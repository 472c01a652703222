"""`claim_worker.py URL NAME THREADS CLAIMS SECONDS`: claims at a store when a line comes in.

It says `ready`, waits, claims in threads, and writes one JSON list: for each claim when it began
and ended on the machine's monotonic clock, and the order's id.
"""

from __future__ import annotations

import json
import sys
import threading
from itertools import count
from time import monotonic

from station.store.sql import SqlOrderStore


def main(url: str, name: str, threads: int, claims: int, seconds: float) -> None:
    """Claim until there is nothing, or as many were claimed, or the time is over."""
    store = SqlOrderStore.open(url)
    store.ping()
    done: list[tuple[float, float, str]] = []
    numbers = count()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    end = monotonic() + seconds

    def drain(thread: int) -> None:
        while next(numbers) < claims and (began := monotonic()) < end:
            lease = store.claim(f"{name}-{thread}", "Ana")
            if lease is None:
                return
            done.append((began, monotonic(), lease.order.order_id))

    running = [threading.Thread(target=drain, args=(n,)) for n in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    store.close()
    json.dump(done, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5]))
