"""The commands: parses, calls a verb, prints errors with what to do, returns the exit code."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from station import __version__, plain_terminal
from station.acts import Role
from station.errors import ConfigError, StationError
from station.model import OrderState
from station.verbs import FAILED, OK, USAGE, arguments, decisions, preview, printing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from station.compose import Place


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code: 0 ok, 1 failed, 2 wrong usage, 3 needs attention."""
    options = _parser().parse_args(arguments)
    plain_terminal.set_textual(os.environ)
    os.umask(0o077)  # everything we write may hold a buyer's address
    try:
        code: int = options.run(options)
    except ConfigError as error:
        print(f"station: {error}", file=sys.stderr)
        return USAGE
    except StationError as error:
        print(f"station: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stderr.close()
        return OK
    return code


def _place(options: argparse.Namespace) -> Place:
    from station import compose, config

    home = options.home or config.data_folder()
    place = compose.place_of(config.load(options.config, home=home), home)
    compose.log_to(place.home)
    return place


def _bench(options: argparse.Namespace) -> int:
    from station import compose, enrolment

    place = _place(options)
    enrolment.need_bench(place.joined)
    _need_terminal("station status")
    return compose.run_app(place)


def _demo(_options: argparse.Namespace) -> int:
    from station import demo

    if sys.stdin.isatty() and sys.stdout.isatty():
        return demo.run_app()
    demo.play(print)
    return OK


def _need_terminal(instead: str) -> None:
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ConfigError("The bench needs a terminal.", f"Without one, use `{instead}`.")


def _import(options: argparse.Namespace) -> int:
    from station.verbs import importing

    partial, channel = options.partial, options.channel
    return importing.run(
        _place(options), options.what, options.files, partial=partial, channel=channel
    )


def _export(options: argparse.Namespace) -> int:
    from station.verbs import exporting

    return exporting.run(_place(options), options.output, options.again)


def _status(options: argparse.Namespace) -> int:
    from station.verbs import status

    return status.run(_place(options), as_json=options.json)


def _board(options: argparse.Namespace) -> int:
    from station.verbs import boards

    return boards.run(_place(options), once=options.once)


def _orders(options: argparse.Namespace) -> int:
    from station.verbs import orders

    return orders.show(_place(options), options.state)


def _restored(options: argparse.Namespace) -> int:
    from station.verbs import enrolling

    return enrolling.restored(_place(options))


def _check(options: argparse.Namespace) -> int:
    from station.verbs import checking

    return checking.run(_place(options), prints=options.print)


def _scanner_list(options: argparse.Namespace) -> int:
    from station.verbs import scanners

    return scanners.show(_place(options))


def _scanner_learn(options: argparse.Namespace) -> int:
    from station.verbs import scanners

    return scanners.learn(_place(options), options.config)


def _journal_show(options: argparse.Namespace) -> int:
    from station.verbs import journals

    return journals.show(_place(options), options.order)


def _journal_renew(options: argparse.Namespace) -> int:
    from station.verbs import journals

    return journals.renew(_place(options))


def _journal_verify(options: argparse.Namespace) -> int:
    from station.verbs import journals

    return journals.verify(_place(options), options.anchor)


def _report_day(options: argparse.Namespace) -> int:
    from station.verbs import reporting

    return reporting.day(_place(options), options.date, as_json=options.format == "json")


def _user(options: argparse.Namespace) -> int:
    from station.verbs import people

    place = _place(options)
    match options.deed:
        case "add":
            return people.add(place, options.name, Role(options.role))
        case "disable":
            return people.disable(place, options.name)
        case "renew":
            return people.renew(place, options.name, badge=options.badge, pin=options.pin)
        case "unlock":
            return people.unlock(place, options.name)
        case _:
            return people.show(place)


def _serve(options: argparse.Namespace) -> int:
    from station.verbs import serving

    return serving.run(_place(options), options.host, options.port)


def _enrol(options: argparse.Namespace) -> int:
    return _ssh_viewer(options) if options.ssh_viewer is not None else _enrolled(options)


def _ssh_viewer(options: argparse.Namespace) -> int:
    from station.verbs import ssh_access

    return ssh_access.show(options.ssh_viewer, acting=options.acting, status=options.status)


def _enrolled(options: argparse.Namespace) -> int:
    from station.verbs import enrolling

    place = _place(options)
    if options.init:
        return enrolling.init(place, options.names)
    if options.list:
        return enrolling.show(place)
    if options.revoke is not None:
        return enrolling.revoke(place, options.revoke)
    if options.excuse:
        return enrolling.excuse(place, options.excuse)
    if options.join is not None:
        return enrolling.join(place, options.join, again=options.again)
    return enrolling.enrol(place, options.station, options.role)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="station", description="The packing station. Without a command it opens the bench."
    )
    parser.add_argument("--version", action="version", version=f"station {__version__}")
    parser.add_argument("--config", type=Path, help="settings file instead of station.toml")
    parser.add_argument("--home", type=Path, help="data folder instead of STATION_HOME")
    parser.set_defaults(run=_bench)
    verbs = parser.add_subparsers(title="commands", metavar="COMMAND")
    for add in (_add_files, _add_looks, _add_report, _add_papers, _add_scanner):
        add(verbs)
    for add in (_add_people, _add_service):
        add(verbs)
    return parser


_STATES = tuple(state.value for state in OrderState)
Verbs = argparse._SubParsersAction  # noqa: SLF001 - argparse has no public name for it


def _verb(
    verbs: Verbs[argparse.ArgumentParser],
    name: str,
    run: Callable[[argparse.Namespace], int],
    words: str,
) -> argparse.ArgumentParser:
    verb = verbs.add_parser(name, help=words, description=words)
    verb.set_defaults(run=run)
    return verb


def _add_files(verbs: Verbs[argparse.ArgumentParser]) -> None:
    taken = _verb(verbs, "import", _import, "take in a file from Seller Central, or products")
    taken.add_argument("what", choices=("orders", "listings", "products"))
    taken.add_argument("files", nargs="+", type=Path, metavar="FILE")
    taken.add_argument(
        "--partial", action="store_true", help="the report does not list every unshipped order"
    )
    taken.add_argument("--channel", default="amazon", help="name of the account it comes from")
    given = _verb(verbs, "export", _export, "write the confirmation file for Seller Central")
    given.add_argument("what", choices=("confirmations",))
    given.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    given.add_argument("--again", type=int, metavar="N", help="export number N once more")


def _add_looks(verbs: Verbs[argparse.ArgumentParser]) -> None:
    _verb(verbs, "demo", _demo, "pack sample orders; your own data is left alone")
    status = _verb(verbs, "status", _status, "what waits, what is late, what is not confirmed")
    status.add_argument("--json", action="store_true")
    board = _verb(verbs, "board", _board, "the whole floor, for a supervisor; also over SSH")
    board.add_argument("--once", action="store_true", help="print it and end")
    orders = _verb(verbs, "orders", _orders, "list orders by state: what is held, what is parked")
    orders.add_argument("--state", nargs="+", choices=_STATES, default=["held", "problem"])
    decisions.add(verbs, _place)
    check = _verb(verbs, "check", _check, "look at everything: each ok, or what to do")
    check.add_argument("--print", action="store_true", help="a test label on every printer, too")
    journal = verbs.add_parser("journal", help="what happened to an order, scan by scan")
    kinds = journal.add_subparsers(required=True, metavar="show|verify|renew")
    show = _verb(kinds, "show", _journal_show, "every entry about an order")
    show.add_argument("order")
    _verb(kinds, "renew", _journal_renew, "begin a new one where the store does not trust this")
    verify = _verb(kinds, "verify", _journal_verify, "follow it, and the audit log, line by line")
    verify.add_argument(
        "--anchor", type=arguments.anchor, metavar="SEQ:HASH", help="a report's last line"
    )


def _add_report(verbs: Verbs[argparse.ArgumentParser]) -> None:
    report = verbs.add_parser("report", help="what happened, for a file or the printer")
    kinds = report.add_subparsers(required=True, metavar="day")
    day = _verb(kinds, "day", _report_day, "what left, who packed it, and what was signed")
    day.add_argument("--date", type=arguments.day, metavar="YYYY-MM-DD", help="instead of today")
    day.add_argument("--format", choices=("text", "json"), default="text")


def _add_papers(verbs: Verbs[argparse.ArgumentParser]) -> None:
    preview.add(verbs, _place)
    printing.add(verbs, _place)


def _add_scanner(verbs: Verbs[argparse.ArgumentParser]) -> None:
    scanner = verbs.add_parser("scanner", help="the scanners of this bench, and how one is set")
    kinds = scanner.add_subparsers(required=True, metavar="list|learn")
    _verb(kinds, "list", _scanner_list, "every scanner, and whether it can be read")
    _verb(kinds, "learn", _scanner_learn, "scan three codes: what is wrong, and the settings")


def _add_people(verbs: Verbs[argparse.ArgumentParser]) -> None:
    user = _verb(verbs, "user", _user, "who works here: badges, PINs, who is locked or has left")
    deeds = user.add_subparsers(dest="deed", required=True, metavar="add|list|disable|renew|unlock")
    added = deeds.add_parser("add", help="give somebody a badge and a PIN, which is shown once")
    added.add_argument("name", metavar="NAME")
    added.add_argument("--role", choices=tuple(Role), required=True)
    deeds.add_parser("list", help="everybody: role, since when, locked, disabled")
    left = deeds.add_parser("disable", help="somebody left: badge and PIN end everywhere")
    left.add_argument("name", metavar="NAME")
    renewed = deeds.add_parser("renew", help="a new badge and PIN; the old ones end")
    renewed.add_argument("name", metavar="NAME")
    renewed.add_argument("--badge", action="store_true", help="the badge alone")
    renewed.add_argument("--pin", action="store_true", help="the PIN alone")
    locked = deeds.add_parser("unlock", help="let somebody try again after wrong PINs")
    locked.add_argument("name", metavar="NAME")


def _add_service(verbs: Verbs[argparse.ArgumentParser]) -> None:
    serve = _verb(verbs, "serve", _serve, "let other benches use the order store of this machine")
    serve.add_argument("--host", help="address to listen on instead of serve.host")
    serve.add_argument("--port", type=_port, help="port to listen on instead of serve.port")
    _verb(verbs, "restored", _restored, "the store's database was put back from a backup")
    enrol = _verb(verbs, "enrol", _enrol, "let a bench use the server, and end that again")
    what = enrol.add_mutually_exclusive_group(required=True)
    what.add_argument("station", nargs="?", metavar="NAME", help="bench that gets a key")
    what.add_argument("--init", action="store_true", help="make the server's certificates")
    what.add_argument("--list", action="store_true", help="who is enrolled")
    what.add_argument("--revoke", metavar="NAME", help="end the key of a bench")
    what.add_argument(
        "--excuse", metavar="NAME", help="after a restore: wait no longer for this bench"
    )
    what.add_argument(
        "--join", nargs="?", const="", metavar="LINE", help="on the bench: paste the line"
    )
    what.add_argument(
        "--ssh-viewer", metavar="KEY", help="print how a public SSH key opens the board"
    )
    enrol.add_argument("--acting", action="store_true", help="with --ssh-viewer: acts as well")
    enrol.add_argument("--status", action="store_true", help="with --ssh-viewer: status JSON only")
    enrol.add_argument("--again", action="store_true", help="with --join: leave another store")
    role = enrol.add_mutually_exclusive_group()
    for name, words in (
        ("office", "NAME imports and exports, no packing"),
        ("board", "NAME shows the board, and decides with a supervisor's signature"),
        ("viewer", "NAME shows the board without names of people, and decides nothing"),
    ):
        role.add_argument(f"--{name}", action="store_const", dest="role", const=name, help=words)
    enrol.set_defaults(role="station")
    enrol.add_argument(
        "--name",
        action="append",
        default=[],
        dest="names",
        metavar="HOST",
        help="with --init: a name or address by which benches reach this machine",
    )


def _port(text: str) -> int:
    if text.isdecimal() and 0 < int(text[:6]) < 65536:
        return int(text)
    raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")


if __name__ == "__main__":
    sys.exit(main())
