"""A machine of its own for sshd: mounts that nobody else sees, gone with this process.

Run as `unshare --mount --pid --fork --kill-child --mount-proc python world.py FOLDER PATH…`. /etc,
/var/lib and /opt are overlays in memory, so that the commands which a person is told to type can be
run as they stand, `useradd` included. FOLDER must be an empty one; the PATHs become readable for
all, and so does this Python, as if they were installed in /opt.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parents[2]
PLACES = ("/etc", "/var/lib", "/opt")


def overlay(place: Path, memory: Path) -> None:
    """Let everything that is written in a folder go into memory."""
    mine = memory / str(place).strip("/").replace("/", "-")
    (mine / "upper").mkdir(parents=True)
    (mine / "work").mkdir()
    told = f"lowerdir={place},upperdir={mine}/upper,workdir={mine}/work"
    subprocess.run(["mount", "-t", "overlay", "overlay", "-o", told, place], check=True)


def open_the_way(to: Path, memory: Path) -> None:
    """Let every user enter the folders on the way to a file or a folder."""
    for folder in reversed((to, *to.parents)):
        if folder.is_dir() and folder.stat().st_mode & 0o005 != 0o005:
            overlay(folder, memory)
            folder.chmod(0o755)


def install(memory: Path) -> None:
    """Make /opt/station, which has this checkout and the packages of this Python."""
    base, packages = Path(sys.executable).resolve(), sysconfig.get_path("purelib")
    for way in (base, Path(sys.base_prefix), Path(packages), ROOT):
        open_the_way(way, memory)
    python = Path("/opt/station/bin/python")
    python.parent.mkdir(parents=True)
    python.symlink_to(base)
    config = Path("/opt/station/pyvenv.cfg")
    config.write_text(f"home = {base.parent}\ninclude-system-site-packages = false\n")
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    site = Path("/opt/station/lib") / version / "site-packages"
    site.mkdir(parents=True)
    (site / "station.pth").write_text(f"{ROOT}\n{packages}\n")


def main(memory: Path) -> None:
    """Mount, install, say so, and wait until standard input ends."""
    os.umask(0o022)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "memory", memory], check=True)
    for place in PLACES:
        overlay(Path(place), memory)
    install(memory)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "run", "/run"], check=True)
    Path("/run/sshd").mkdir()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody else buries what ends here
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
