"""The command line: the one place that puts every part of the product together.

No word opens the app; the words are journey, sample, figures, register, doctor, forms, bundle.
Imports lazily, so that only a window loads Qt and only the register its server. Refuses secrets
on the command line, and says a known fault as one plain sentence, never as a traceback.
"""

from __future__ import annotations

import argparse
import errno
import getpass
import json
import os
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from desktop.command_faults import is_of_database, of_file
from desktop.operations.long_work import in_units, nobody

if TYPE_CHECKING:
    from desktop.operations.long_work import Tell
    from storage.rebuild import Mended
    from storage.vault import Vault
    from sync.register.store import RegisterStore

Handler = Callable[[argparse.Namespace], int]

DEFAULT_PORT = 8640
_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")
# where each package keeps its known faults; looked at only when something was raised
_FAULTS = (
    ("storage.errors", "VaultFault"),
    ("sync.errors", "SyncError"),
    ("sync.register.errors", "RegisterError"),
    ("forms.rules.pack_file", "PackError"),
    ("forms.rules.arithmetic", "FiguresError"),
    ("evidence.errors", "EvidenceFault"),
    ("desktop.operations.errors", "OperationFault"),
    ("desktop.journey.errors", "JourneyError"),
)
# what a laptop has and build_spec/register/requirements.lock does not bring
_OF_A_LAPTOP = frozenset(
    {"PySide6", "sqlcipher3", "keyring", "reportlab", "pyxform", "openpyxl", "lxml", "pydantic"}
    | {"sqlmodel", "pikepdf", "pypdfium2", "PIL", "defusedxml"}
)


class CommandError(Exception):
    """Something the person at the command line can put right."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0 done, 1 a known fault, 2 not understood."""
    arguments = _parser().parse_args(argv)
    run: Handler = arguments.run
    try:
        return run(arguments)
    except BaseException as error:  # noqa: BLE001 - what is not known is raised again
        return ended_by(error)


def ended_by(error: BaseException) -> int:
    """Say what ended the program in one sentence: the exit code. Raises what is not known."""
    if isinstance(error, KeyboardInterrupt):
        return _trouble("Stopped.")
    if isinstance(error, _known_faults()):
        return _trouble(str(error))
    if isinstance(error, OSError):
        return _trouble(of_file(error))
    if isinstance(error, UnicodeEncodeError) and error.reason == "surrogates not allowed":
        return _trouble(
            "Something that was typed is no text that can be kept. Nothing of it was kept. "
            "Type it anew."
        )
    if isinstance(error, ModuleNotFoundError) and error.name in _OF_A_LAPTOP:
        return _trouble(
            "This installation holds the register only, without the window and what a laptop "
            "keeps. Here work: hedgerow register, hedgerow figures."
        )
    if is_of_database(error):
        return _trouble(
            "The database did not do what it was asked to (is it full, read-only, damaged, or "
            "gone?). What was not finished was not kept. Look at its own log, then try again."
        )
    raise error


def _known_faults() -> tuple[type[Exception], ...]:
    found = (getattr(sys.modules.get(module), name, None) for module, name in _FAULTS)
    return CommandError, *(fault for fault in found if isinstance(fault, type))


def _trouble(words: str) -> int:
    sys.stderr.write(f"{' '.join(words.split())}\n")
    return 1


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")


def _object(value: Any) -> None:
    _say(json.dumps(value, ensure_ascii=False, indent=2))


# --- the words -----------------------------------------------------------------------------------


def open_app(_arguments: argparse.Namespace) -> int:
    """Open the window."""
    from desktop.bootstrap import run_app

    return run_app()


def open_sample(_arguments: argparse.Namespace) -> int:
    """Open the window on practice data."""
    from desktop.bootstrap import run_app

    return run_app(practice=True)


def journey(arguments: argparse.Namespace) -> int:
    """Play the whole journey and print what it came to."""
    from desktop.journey.outcome import outcome
    from desktop.journey.play import play, stage
    from desktop.journey.telling import tell

    database = _database(arguments)
    if database:
        # A wrong address is said before anything is made.
        _opened(database, new=True, up=True).close()
    out = Path(arguments.out) if arguments.out else Path(tempfile.mkdtemp(prefix="hedgerow-"))
    out.mkdir(parents=True, exist_ok=True)
    with stage(database) as scene:
        play(scene)
        result = outcome(scene, out)
        if arguments.json:
            _object(result)
        else:
            _say(tell(scene, result))
    return 0


def figures(arguments: argparse.Namespace) -> int:
    """Recompute every row of a file of figures and say how it compares with what was stated."""
    from forms.rules.arithmetic import recompute_file

    rows = recompute_file(Path(arguments.file))
    if arguments.json:
        _object([row.as_json() for row in rows])
    else:
        for row in rows:
            _say(f"{row.id:6} {row.stated or '-':>14} {row.recomputed:>16}  {row.verdict}")
    return 0


def serve(arguments: argparse.Namespace) -> int:
    """Run the register until it is stopped."""
    from forms.values import SystemClock
    from sync.register import serve as serving

    url, host, port = register_url(arguments), arguments.host, arguments.port
    tls, proxies = None, tuple(arguments.proxy)
    if arguments.tls_cert or arguments.tls_key:
        tls = arguments.tls_cert, arguments.tls_key
        left = serving.certificate_days(tls, SystemClock().now())
        if left < serving.SOON:
            _say(f"The certificate runs out in {left} days; below 0 it has.")
    serving.proxies_of(proxies)
    _opened(url, up=True).close()
    _free(host, port)
    way = "https" if tls else "http"
    _say(f"The register answers on {way}://{_in_url(host)}:{port} (Ctrl+C stops it).")
    if not tls and not proxies and host not in _THIS_MACHINE:
        _say("It answers others unencrypted: put a proxy with TLS before it, or give --tls-cert.")
    sys.stdout.flush()
    with suppress(KeyboardInterrupt):
        serving.serve(url, host=host, port=port, tls=tls, proxies=proxies, erased=arguments.erased)
    return 0


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _free(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.create_server((host, port), family=family):
            return
    except OSError as fault:
        taken = fault.errno == errno.EADDRINUSE
        why = "somebody else answers there" if taken else "this machine may not, or has no such"
        raise CommandError(
            f"The register cannot answer on {host}, port {port}: {why}. "
            "Choose another with --host or --port."
        ) from fault


def _port(said: str) -> int:
    if not (said.isascii() and said.isdecimal() and int(said) < 1 << 16):
        raise argparse.ArgumentTypeError(f"{said} is no port; 0 to 65535")
    return int(said)


def register_init(arguments: argparse.Namespace) -> int:
    """Make a register: its tables, its signing key, its pack."""
    from desktop.operations.vault import usual_programme
    from forms.rules.pack import load_pack
    from sync.register import admin

    chosen = load_pack(arguments.pack) if arguments.pack else None  # a wrong name makes nothing
    with register_of(arguments, new=True) as store:
        pack = chosen or load_pack(admin.programme(store) or usual_programme())
        admin.init(store, pack.id)
    _say(f"The register is ready for: {pack.title}.")
    _say("Next: hedgerow register users add, then hedgerow register enrol-code.")
    return 0


def register_enrol_code(arguments: argparse.Namespace) -> int:
    """Make a code with which one laptop of one person joins."""
    from forms.values import SystemClock
    from sync.register import admin

    with register_of(arguments) as store:
        code = admin.enrol_code(store, arguments.id, SystemClock())
    _say(f"{code}\nIt works once, within ten minutes.")
    return 0


@contextmanager
def register_of(arguments: argparse.Namespace, *, new: bool = False) -> Iterator[RegisterStore]:
    """The register that a person named, open; closed again afterwards. `new`: it may not be yet.

    Raises NoRegister for an address that holds none; a mistyped one makes no file. RegisterTooOld
    for one that an older program may be running on: only a start brings its tables up to date.
    """
    store = _opened(register_url(arguments), new=new, up=new)
    try:
        yield store
    finally:
        store.close()


def _opened(url: str, *, new: bool = False, up: bool = False) -> RegisterStore:
    from sync.register import admin
    from sync.register.errors import NoRegister, StoreUnknown
    from sync.register.store import open_store

    file = Path(url.partition(":///")[2].partition("?")[0])
    if url.startswith("sqlite:") and str(file) in (".", ":memory:"):
        raise StoreUnknown  # in memory: it would be gone with this word
    if not new and url.startswith("sqlite:///") and not file.exists():
        raise NoRegister
    store = open_store(url, new=new, up=up)
    if not new and not admin.is_made(store):
        store.close()
        raise NoRegister
    return store


def doctor(arguments: argparse.Namespace) -> int:
    """Check a vault, or rebuild it from its story. Says nothing about anybody."""
    folder = Path(arguments.vault) if arguments.vault else app_folder()
    vault = open_to_check(folder, arguments.passphrase_env)
    try:
        tell = _told_here()
        if arguments.rebuild:
            _say(_mended_words(vault.mend(tell)))
        health = vault.check(tell)
    finally:
        vault.close()
    _say(health.text())
    return 0 if health.ok else 1


def _told_here() -> Tell:
    """Says on a terminal how far the work is, in one line; Ctrl+C stops it. Nothing in a file."""
    if not sys.stderr.isatty():
        return nobody

    def tell(words: str, done: int, of: int) -> None:
        sys.stderr.write(f"\r\x1b[K{in_units(words, done, of)}\r")
        sys.stderr.flush()

    return tell


def _mended_words(done: Mended) -> str:
    parts = [f"{number} {kind.replace('_', ' ')}" for kind, number in sorted(done.counts.items())]
    words = (
        f"Rebuilt from their story: {', '.join(parts)}." if parts else "Nothing had to be rebuilt."
    )
    if done.unknown:
        words += f" {done.unknown} records are not in the story; they stay as they are."
    return f"A copy was taken first. {words}"


def open_to_check(folder: Path, env_name: str) -> Vault:
    """Practice records open by themselves; others want their passphrase."""
    from storage.errors import WrongPassphrase
    from storage.vault import Vault

    try:
        return Vault.open(folder)
    except WrongPassphrase:
        return Vault.open(folder, passphrase=_passphrase(env_name))


# --- where things are ----------------------------------------------------------------------------


def app_folder() -> Path:
    """Where the window keeps its records."""
    from platformdirs import user_data_path

    return user_data_path("Hedgerow", appauthor=False) / "vault"


def _database(arguments: argparse.Namespace) -> str:
    """The database a person named, by option or by the name of an environment variable."""
    if arguments.database_env:
        return _environment(arguments.database_env)
    return str(arguments.database or "")


def register_url(arguments: argparse.Namespace) -> str:
    """The address of the register that a person named, or of the usual one."""
    named = _database(arguments)
    if named:
        return named
    from platformdirs import user_data_path

    folder = user_data_path("Hedgerow", appauthor=False)
    folder.mkdir(parents=True, exist_ok=True)
    return f"sqlite:///{folder / 'register.db'}"


def _environment(name: str) -> str:
    value = os.environ.get(name, "")
    if not value:
        raise CommandError(f"The environment variable {name} is empty. Set it, then try again.")
    return value


def _passphrase(env_name: str) -> str:
    if env_name:
        return _environment(env_name)
    if not sys.stdin.isatty():
        raise CommandError(
            "The passphrase is asked for in a terminal. "
            "Without one, put it in an environment variable and name it with --passphrase-env."
        )
    return getpass.getpass("Passphrase: ")


# --- what may be typed ---------------------------------------------------------------------------


class _Parser(argparse.ArgumentParser):
    """A parser that speaks in sentences and takes no shortened options."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"That was not understood: {message}. Try: {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="hedgerow", description="A case tool for coaches of micro-providers.")
    parser.set_defaults(run=open_app)
    words = parser.add_subparsers(title="commands", metavar="")
    _journey_word(words)
    words.add_parser("sample", help="open practice data").set_defaults(run=open_sample)
    _figures_word(words)
    _register_words(words)
    _doctor_word(words)
    import_module("desktop.forms_command").add_words(words)
    import_module("desktop.bundle_command").add_words(words)
    import_module("desktop.sign_in_command").add_words(words, open_to_check)
    import_module("desktop.escrow_command").add_words(words)
    return parser


def _journey_word(words: Any) -> None:
    word = words.add_parser("journey", help="play the whole journey without a window")
    word.add_argument("--out", help="folder for the report files")
    word.add_argument("--json", action="store_true", help="print one JSON object")
    _database_options(word)
    word.set_defaults(run=journey)


def _figures_word(words: Any) -> None:
    word = words.add_parser("figures", help="recompute the figures of a file")
    word.add_argument("file", help="JSON file with a formula in each row")
    word.add_argument("--json", action="store_true", help="print JSON")
    word.set_defaults(run=figures)


def _doctor_word(words: Any) -> None:
    word = words.add_parser("doctor", help="check the records of a laptop")
    word.add_argument("vault", nargs="?", help="folder of the records")
    word.add_argument(
        "--passphrase-env", default="", metavar="NAME", help="environment variable to read it from"
    )
    word.add_argument(
        "--rebuild", action="store_true", help="make the records again from their story"
    )
    word.set_defaults(run=doctor)


def _register_words(words: Any) -> None:
    register = words.add_parser("register", help="run or set up the council's register")
    register.set_defaults(run=lambda _: register.error("say what to do with the register"))
    doing = register.add_subparsers(title="commands", metavar="")

    word = doing.add_parser("init", help="make a register")
    word.add_argument("--pack", default="", help="the programme's pack")
    _finish(word, register_init)

    word = doing.add_parser("enrol-code", help="make a code for one laptop")
    word.add_argument("--id", required=True, help="whose laptop it is")
    _finish(word, register_enrol_code)

    import_module("desktop.register_command").add_words(doing, _finish, register_of)

    word = doing.add_parser("serve", help="run the register")
    word.add_argument("--host", default="127.0.0.1", help="address to answer on (127.0.0.1)")
    word.add_argument("--port", type=_port, default=DEFAULT_PORT, help=f"({DEFAULT_PORT})")
    word.add_argument(
        "--proxy",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="a proxy, or a network of them, whose X-Forwarded-For is believed; may be given again",
    )
    word.add_argument(
        "--erased",
        default="",
        metavar="FILE",
        help="where the list of whom it erases is kept, ids alone (beside a SQLite database)",
    )
    word.add_argument("--tls-cert", default="", metavar="FILE", help="certificate chain, PEM")
    word.add_argument("--tls-key", default="", metavar="FILE", help="its key, PEM")
    _finish(word, serve)
    import_module("desktop.bundle_command").add_take(doing, _finish)


def _finish(word: argparse.ArgumentParser, run: Handler) -> None:
    _database_options(word)
    word.set_defaults(run=run)


def _database_options(word: argparse.ArgumentParser) -> None:
    word.add_argument("--database", default="", metavar="URL", help="SQLite or PostgreSQL")
    word.add_argument(
        "--database-env", default="", metavar="NAME", help="environment variable with the URL"
    )


if __name__ == "__main__":
    raise SystemExit(main())
