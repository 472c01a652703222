"""The terminal program: keys before focus, one screen for each state of the bench.

Every key and paste comes through `on_event` first: printable and control characters belong to
the scanner, function keys to the commands. Text fields do not exist here, because they lose and
glue scans (see README, decisions).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from textual import on, work
from textual.reactive import var

from station import commands
from station.desk import Desk
from station.device_desk import DeviceDesk
from station.entrance import MAX_NAME, Entrance
from station.errors import StationError
from station.messages import (
    BenchChanged,
    OpeningFailed,
    ScanRead,
    StoreOpened,
    Ticked,
)
from station.proofs import Secret
from station.screens.code import CodeScreen
from station.screens.devices import DevicesScreen
from station.screens.help import HelpScreen
from station.screens.label_preview import LabelPreview
from station.screens.lookup import LookupScreen
from station.screens.pack import PackScreen
from station.screens.problem import KINDS, ProblemScreen
from station.screens.queue import QueueScreen
from station.screens.queue_list import QueueList
from station.screens.sign_in import SignIn
from station.screens.signing import SignScreen
from station.signatures import Signatures
from station.text import visible
from station.typed_app import TypedApp
from station.view import View
from station.weighing_desk import WeighingDesk

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.message import Message
    from textual.screen import Screen

    from station.floor import Floor
    from station.wedge import Wedge

MAX_SHOWN = 60
"""Characters shown of what was scanned to try a scanner."""

READ_ONLY = (HelpScreen, CodeScreen, LabelPreview)
"""Dialogs that only show something: Escape closes them, and so does the next scan."""


class StationApp(TypedApp[None], inherit_bindings=False):
    """The bench in a terminal.

    Args:
        open_floor: Opens store, journal and devices; called once, in a thread, after the first
            frame. It is given a function that posts messages from any thread.
        wedge: Collects typed characters.
        station: The name of this bench, for the head of each screen.
    """

    CSS_PATH = "app.tcss"
    TITLE = "station"
    view: var[View] = var(View())
    status: var[str] = var("")
    hint: var[str] = var("")
    SCREENS: ClassVar[dict[str, Callable[[], Screen[Any]]]] = {
        "sign_in": SignIn,
        "queue": QueueScreen,
        "pack": PackScreen,
    }

    def __init__(
        self,
        open_floor: Callable[[Callable[[Message], object]], Floor],
        wedge: Wedge,
        station: str,
    ) -> None:
        super().__init__(wedge)
        self._open_floor = open_floor
        self._station = station
        self._desk: Desk | None = None
        self._entrance: Entrance | None = None
        self._signatures: Signatures | None = None
        self._weighing: WeighingDesk | None = None
        self._devices: DeviceDesk | None = None
        self._early: Secret | None = None

    # — opening —
    def on_mount(self) -> None:
        """Show the sign-in at once; the store is opened behind it."""
        self._show("sign_in")
        self.call_after_refresh(self._open)
        self.set_interval(0.1, lambda: self.post_message(Ticked()))

    @work(thread=True, exclusive=True, group="open")
    def _open(self) -> None:
        try:
            floor = self._open_floor(self.post_message)
            if not floor.is_far:
                floor.bench.learn_badges()
        except StationError as error:
            self.post_message(OpeningFailed(str(error)))
        except OSError as error:
            self.post_message(OpeningFailed(f"{error.filename}: {error.strerror}."))
        else:
            self.post_message(StoreOpened(floor))

    @on(StoreOpened)
    def take_floor(self, message: StoreOpened) -> None:
        """Begin to work: the bench knows where it stopped."""
        self._desk = Desk(self, message.floor)
        self._entrance = Entrance(self, message.floor, self._desk)
        self._signatures = Signatures(self, message.floor, self._desk)
        self._weighing = WeighingDesk(self, message.floor, self._desk)
        self._devices = DeviceDesk(self, message.floor, self._desk, self._station)
        self.set_class(message.floor.coach is not None, "-demo")
        self.present(message.floor.bench.view)
        if self._early:
            self._entrance.take(self._early)
        self.set_interval(15, self._desk.refresh)
        self._desk.settle()

    @on(OpeningFailed)
    def tell_failure(self, message: OpeningFailed) -> None:
        """Say why the station cannot work; it stays on the screen."""
        self._sign_in_words(message.reason)
        self.bell()

    def _sign_in_words(self, words: str) -> None:
        if isinstance(self.screen, SignIn):
            self.screen.words = words

    # — keys before focus —
    def _command_key(self, key: str) -> None:
        if self._entrance:
            self._entrance.touch()
        if isinstance(self.screen, SignScreen | DevicesScreen):
            self.screen.take_key(key)
            return
        if key == "escape" and isinstance(self.screen, SignIn) and self._entrance:
            self._entrance.again()
        where = self._where()
        for bound, command in commands.on_screen(where) if where else ():
            if bound == key:
                self.run_command(command.word)
                return
        rows = self.screen.query(QueueList)
        if rows and rows.first().move(key):
            return
        if key == "escape" and isinstance(self.screen, READ_ONLY):
            self.pop_screen()

    def _where(self) -> commands.Screen | None:
        screens = {
            SignIn: commands.Screen.SIGN_IN,
            QueueScreen: commands.Screen.QUEUE,
            PackScreen: commands.Screen.PACK,
            ProblemScreen: commands.Screen.PROBLEM,
            LookupScreen: commands.Screen.LOOKUP,
        }
        return screens.get(type(self.screen))

    @on(Ticked)
    def tick(self, message: Ticked) -> None:
        """Look whether a pause has ended a scan, and bring the small print up to date."""
        if not self.screen_stack:
            return
        self._scanned(self._wedge.tick(message.time), message.time)
        if self._wedge.pending == "\x03":
            self._wedge.clear()
        self._show_typed()
        if self._desk and self._entrance:
            self._desk.tell()
            self._entrance.tick(self._wedge.pending)
            if self._weighing:
                self._weighing.tick()
            if self._devices:
                self._devices.tick()

    def _show_typed(self) -> None:
        if isinstance(self.screen, SignIn | SignScreen):
            self.screen.show_typed(visible(self._wedge.pending, MAX_NAME))
        elif isinstance(self.screen, LookupScreen):
            self.screen.typed = visible(self._wedge.pending, MAX_NAME)
        elif isinstance(self.screen, QueueScreen | PackScreen) and self._desk:
            self._desk.show_typed(self._wedge.pending)

    # — scans and commands —
    @on(ScanRead)
    def take_scan(self, message: ScanRead) -> None:
        """Give a whole scan to whoever it is for: the sign-in, the search, or the bench."""
        if self._entrance:
            self._entrance.touch()
        if isinstance(self.screen, SignIn):
            self._sign_in(Secret(message.text if message.whole else ""))
            return
        if self._desk is None or self._entrance is None:
            return
        if isinstance(self.screen, SignScreen):
            self._answer(message)
            return
        if isinstance(self.screen, READ_ONLY):
            self.pop_screen()
        if not (message.whole and self._entrance.takes(Secret(message.text))):
            self._take_code(self._desk, message)

    def _take_code(self, desk: Desk, message: ScanRead) -> None:
        if message.whole and (word := desk.command_of(message.text)):
            self.run_command(word)
        elif isinstance(self.screen, LookupScreen):
            desk.look_up(message.text)
        elif isinstance(self.screen, QueueScreen | PackScreen):
            desk.scan(message)
        elif isinstance(self.screen, DevicesScreen):
            self.screen.heard(visible(message.text, MAX_SHOWN), whole=message.whole)
        else:
            self.bell()

    def _answer(self, message: ScanRead) -> None:
        if message.whole and isinstance(self.screen, SignScreen):
            self.screen.take_text(message.text)
        else:
            self.bell()

    def _sign_in(self, text: Secret) -> None:
        if self._entrance:
            self._entrance.take(text)
        else:
            self._early = text
            self._sign_in_words("One moment, the order store is being opened …")

    def run_command(self, word: str) -> None:
        """Do what a command says, by key or by barcode."""
        command = commands.BY_WORD.get(word)
        if command is None or (self._desk is None and command != commands.QUIT):
            self.bell()
            return
        if self._screen_command(command) or self._desk is None:
            return
        if self._weighing and self._weighing.takes(command):
            return
        if self._devices and self._devices.takes(command):
            return
        if not (self._signatures and self._signatures.takes(command)):
            self._desk.command(command)

    def _screen_command(self, command: commands.Command) -> bool:
        """Do a command that only changes what is shown; tell whether it was one."""
        where = self._where()
        if command == commands.HELP and where:
            self.push_screen(HelpScreen(where, demo=self.has_class("-demo")))
        elif command == commands.PROBLEM and isinstance(self.screen, PackScreen):
            offers = self._signatures.offers() if self._signatures else ()
            self.push_screen(ProblemScreen(self.view, offers))
        elif command == commands.LOOKUP and isinstance(self.screen, QueueScreen):
            self.push_screen(LookupScreen())
        elif command == commands.BACK and len(self.screen_stack) > 2:
            self.pop_screen()
        elif command == commands.QUIT:
            self.exit()
        elif command.word in KINDS and isinstance(self.screen, ProblemScreen):
            self.pop_screen()
            return False
        else:
            return False
        return True

    @on(DevicesScreen.Asked)
    def ask_device(self, message: DevicesScreen.Asked) -> None:
        """Have a device do something."""
        if self._devices:
            self._devices.take(message)

    def on_resize(self) -> None:
        """Fetch as many rows as fit now."""
        if self._desk:
            self.call_after_refresh(self._desk.refresh)

    @on(BenchChanged)
    def hear_bench(self) -> None:
        """Show what changed without a scan: a label was bought or printed, a stop came."""
        if self._desk and self.screen_stack:
            self._desk.hear()

    @on(QueueList.PageWanted)
    def fetch_page(self, message: QueueList.PageWanted) -> None:
        """Fetch the rows that the list lacks."""
        if self._desk:
            self._desk.fetch(message.where, message.row)

    # — what is shown —
    def present(self, view: View) -> None:
        """Show the bench on the screen that its state asks for."""
        name = "sign_in" if not view.packer else "pack" if view.work else "queue"
        if not self.screen_stack:
            return
        if view is not self.view:
            self.view = view
        self._show(name)
        if isinstance(self.screen, SignIn) and self._entrance:
            self._entrance.show(self.screen, view)

    def _show(self, name: str) -> None:
        """Show a screen as the lowest one; dialogs stay open while it does not change."""
        screen = self.get_screen(name)
        if isinstance(screen, QueueScreen | PackScreen) and screen.station != self._station:
            screen.station = self._station
            if isinstance(screen, PackScreen) and self._desk:
                screen.clock = self._desk.clock
            screen.data_bind(StationApp.view, StationApp.status, StationApp.hint)
        if screen in self.screen_stack:
            return
        while len(self.screen_stack) > 2:
            self.pop_screen()
        if len(self.screen_stack) > 1:
            self.switch_screen(screen)
        else:
            self.push_screen(screen)
        if self._desk:
            self._desk.refresh()
