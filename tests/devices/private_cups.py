"""A real CUPS of our own: its files in a temporary folder, its port on loopback, no neighbours."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Self

from station.devices.cups_ipp import CupsServer, Unanswered

if TYPE_CHECKING:
    from types import TracebackType

CUPSD = Path("/usr/sbin/cupsd")
HOST = "127.0.0.1"

_PPD = """\
*PPD-Adobe: "4.3"
*FormatVersion: "4.3"
*FileVersion: "1.0"
*LanguageVersion: English
*LanguageEncoding: ISOLatin1
*PCFileName: "OFFICE.PPD"
*Product: "(Office)"
*Manufacturer: "Station"
*ModelName: "Office"
*NickName: "Office printer that reads PDF"
*PSVersion: "(3010) 0"
*LanguageLevel: "3"
*ColorDevice: False
*DefaultColorSpace: Gray
*cupsVersion: 2.4
*cupsSNMPSupplies: False
*cupsFilter2: "application/pdf application/pdf 0 -"
*OpenUI *PageSize: PickOne
*DefaultPageSize: A4
*PageSize A4: "<</PageSize[595 842]>>setpagedevice"
*CloseUI: *PageSize
*OpenUI *PageRegion: PickOne
*DefaultPageRegion: A4
*PageRegion A4: "<</PageSize[595 842]>>setpagedevice"
*CloseUI: *PageRegion
*DefaultImageableArea: A4
*ImageableArea A4: "0 0 595 842"
*DefaultPaperDimension: A4
*PaperDimension A4: "595 842"
"""
_CONF = """\
Listen {host}:{port}
Listen {root}/cups.sock
Browsing No
WebInterface No
DefaultAuthType None
LogLevel warn
<Location />
  Order allow,deny
  Allow all
</Location>
<Location /admin>
  Order allow,deny
  Allow all
</Location>
<Policy default>
  # Who may do what with a job is as in the file that CUPS comes with.
  JobPrivateAccess default
  JobPrivateValues default
  SubscriptionPrivateAccess default
  SubscriptionPrivateValues default
  <Limit Create-Job Print-Job Print-URI Validate-Job>
    Order deny,allow
  </Limit>
  <Limit Send-Document Send-URI Hold-Job Release-Job Restart-Job Purge-Jobs \
      Set-Job-Attributes Create-Job-Subscription Renew-Subscription Cancel-Subscription \
      Get-Notifications Reprocess-Job Cancel-Current-Job Suspend-Current-Job Resume-Job \
      Cancel-My-Jobs Close-Job CUPS-Move-Job>
    Require user @OWNER @SYSTEM
    Order deny,allow
  </Limit>
  <Limit Cancel-Job CUPS-Authenticate-Job>
    Require user @OWNER @SYSTEM
    Order deny,allow
  </Limit>
  <Limit All>
    Order deny,allow
  </Limit>
</Policy>
"""
_FILES = """\
ServerRoot {root}
RequestRoot {root}/spool
TempDir {root}/spool/tmp
CacheDir {root}/cache
StateDir {root}/state
ErrorLog {root}/error
AccessLog {root}/access
PageLog {root}/page
FileDevice No
User lp
Group lp
SystemGroup root
"""


def missing() -> str:
    """Return why there can be no CUPS here; empty: there can."""
    if not CUPSD.exists():
        return "cups is not installed"
    return "" if os.geteuid() == 0 else "cupsd needs root to start its backends as another user"


class PrivateCups:
    """Runs cupsd until it is closed; a context manager."""

    def __init__(self) -> None:
        # Not pytest's folder: the backends run as another user and must be able to enter it.
        self.root = Path(tempfile.mkdtemp(prefix="station-cups-"))
        self.root.chmod(0o755)
        with socket.create_server((HOST, 0)) as free:
            self.port = free.getsockname()[1]
        for name in ("spool/tmp", "cache", "state"):
            (self.root / name).mkdir(parents=True)
        conf, files = self.root / "cupsd.conf", self.root / "cups-files.conf"
        conf.write_text(_CONF.format(host=HOST, port=self.port, root=self.root))
        files.write_text(_FILES.format(root=self.root))
        self._process = subprocess.Popen(
            [CUPSD, "-f", "-c", conf, "-s", files],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.server = CupsServer(HOST, self.port)
        self._wait_until_it_answers()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End it and remove its files."""
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)
        shutil.rmtree(self.root, ignore_errors=True)

    def url(self, queue: str, options: str = "") -> str:
        """Return what the owner would write in his settings."""
        return f"cups://{HOST}:{self.port}/{queue}{options}"

    def queue(self, name: str, device: str, *, policy: str = "abort-job") -> None:
        """Make a raw queue as docs/printers.md says."""
        option = f"printer-error-policy={policy}"
        self.run("lpadmin", "-p", name, "-E", "-v", device, "-m", "raw", "-o", option)

    def office_queue(self, name: str, device: str) -> None:
        """Make a queue of a printer that prints PDF."""
        ppd = self.root / "office.ppd"
        ppd.write_text(_PPD)
        option = "printer-error-policy=abort-job"
        self.run("lpadmin", "-p", name, "-E", "-v", device, "-P", str(ppd), "-o", option)

    def run(self, command: str, *words: str) -> str:
        """Run one of CUPS' commands with this server."""
        done = subprocess.run(
            [command, "-h", f"{HOST}:{self.port}", *words],
            capture_output=True,
            text=True,
            timeout=10,
            check=True,
            env={**os.environ, "LC_ALL": "C"},
        )
        return done.stdout

    def log(self) -> str:
        """Return what it complained of."""
        return (self.root / "error").read_text(errors="replace")

    def _wait_until_it_answers(self) -> None:
        end = time.monotonic() + 10
        while time.monotonic() < end and self._process.poll() is None:
            try:
                self.server.queues()
            except Unanswered:
                time.sleep(0.02)
            else:
                return
        log = self.log()
        self.close()
        raise AssertionError(f"cupsd does not start: {log}")
