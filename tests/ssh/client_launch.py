"""Makes standard input the controlling terminal, then becomes an SSH client; run as a script."""

from __future__ import annotations

import fcntl
import os
import sys
import termios

if __name__ == "__main__":
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)  # so that the client is told of new sizes
    os.execvp(sys.argv[1], sys.argv[1:])
