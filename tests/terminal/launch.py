"""Makes standard input the controlling terminal, then becomes the program; run as a script."""

from __future__ import annotations

import fcntl
import os
import sys
import termios

if __name__ == "__main__":
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that a closed terminal hangs the program up
    os.execv(sys.executable, [sys.executable, "-m", "station", *sys.argv[1:]])
