"""One machine with sshd for all tests of the board over SSH."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from ssh.machine import Machine, lacking, new_key
from ssh.owner import Keys, set_up

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    """The SSH keys of the people and programs that come."""
    folder: Path = tmp_path_factory.mktemp("keys")
    return Keys(*(new_key(folder / name) for name in Keys._fields))


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory, keys: Keys) -> Iterator[Machine]:
    """A machine as the owner has made it by typing what `station enrol --ssh-viewer` printed."""
    if reason := lacking():
        pytest.skip(reason)
    made = Machine(tmp_path_factory.mktemp("machine"))
    try:
        made.start()
        set_up(made, keys)
        yield made
    finally:
        made.stop()
