"""The vault beside plain SQLite: same rows, same run, through the same driver without a key.

Ratios say what encryption and the books cost; plain SQLite is what nobody could do better. What is
compared is measured in turn, pair by pair, so that both meet the same disk and the same neighbours.
Refuses a disk in memory: both lie on a real one, in WAL, written FULL.
"""

from __future__ import annotations

import gc
import mmap
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import StaticPool
from sqlcipher3 import dbapi2
from sqlmodel import Session

from forms.facts.casework import CoachingSession
from forms.facts.kinds import KINDS
from forms.facts.people import Enterprise
from forms.values import SetClock, new_id
from storage import connection as encrypted
from storage.database import Database
from storage.keys import Cost, SecretKey
from storage.tables import VaultRow
from storage.tables.people import EnterpriseRow
from storage.vault import Vault
from tests.bench.measure import Figure, Report, median, milliseconds, percentile

ROWS = 50_000
EDITS = 60
TRAIL = 1_000_000
ENTERPRISES, NOTES = 10_000, 200_000
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
WORDS = "violet anvil tractor"
_NOTE = "Talked about prices, insurance and the first visits; will ring again. "
_SCHEMA = (
    "CREATE TABLE note(id TEXT PRIMARY KEY, enterprise_id TEXT, day TEXT, words TEXT) STRICT",
    "CREATE VIRTUAL TABLE word USING fts5(words, content='note')",
    "CREATE TABLE outbox(n INTEGER PRIMARY KEY, body TEXT) STRICT",
)


def _on_disk(*parts: Callable[[Report, Path], None]) -> Callable[[Report], None]:
    """Pieces of work, one temporary folder each."""

    def run(report: Report) -> None:
        for part in parts:
            with tempfile.TemporaryDirectory(dir=_real_disk()) as home:
                part(report, Path(home))

    return run


def _real_disk() -> Path:
    """The usual temporary folder, or one beside the sources when that lies in memory."""
    usual = Path(tempfile.gettempdir())
    if _kind_of_disk(usual) != "tmpfs":
        return usual
    build = Path(__file__).resolve().parents[2] / "build"
    build.mkdir(exist_ok=True)
    return build


def _kind_of_disk(folder: Path) -> str:
    try:
        mounts = Path("/proc/mounts").read_text(encoding="utf-8").splitlines()
    except OSError:
        return ""
    found = [(words[1], words[2]) for line in mounts if (words := line.split())]
    best = max((one for one in found if folder.is_relative_to(one[0])), key=lambda o: len(o[0]))
    return best[1]


def _raw_file(report: Report, home: Path) -> None:
    """What the cipher alone costs. All in turn with plain SQLite, the ratio taken pair by pair."""
    key = SecretKey.fresh()
    rows = [(new_id(), str(n % 997), "2026-03-02", f"{_NOTE}{n}") for n in range(ROWS)]
    inserts = []
    plain = sealed = home
    for number in range(3):
        plain, sealed = home / f"plain{number}.db", home / f"sealed{number}.db"
        inserts.append((_made(_plain(plain), rows), _made(encrypted.create(sealed, key), rows)))
    bare, safe = _plain(plain), encrypted.connect(sealed, key)
    every = "SELECT * FROM note"
    asked = "SELECT rowid FROM word WHERE word MATCH 'insurance AND 4242*' LIMIT 50"
    ids = [row[0] for row in rows[::500]]
    _ratio(report, "bulk insert", inserts)
    for what, sql, runs in (("warm fetch all", every, 9), ("search", asked, 60)):
        pairs = _in_turn(
            partial(_fetched, bare, sql),
            partial(_fetched, safe, sql),
            runs,
        )
        _ratio(report, what, pairs)
    looks = _in_turn(lambda: _look_up(bare, ids), lambda: _look_up(safe, ids), 9)
    over = median([mine - theirs for theirs, mine in looks]) * 1000 / len(ids)
    bare.close()
    safe.close()
    scans = _in_turn(
        lambda: _cold_scan(lambda: _plain(plain)),
        lambda: _cold_scan(lambda: encrypted.connect(sealed, key)),
        21,
    )
    _ratio(report, "cold scan", scans)
    report.add(Figure("vault file: point lookup over plain", over, "us", 9))
    opened = _best(lambda: _opened(lambda: encrypted.connect(sealed, key)), 9)
    report.add(Figure("vault file: open with raw key", opened, "ms", 9))


def _made(db: Any, rows: list[tuple[str, str, str, str]]) -> float:
    """Milliseconds to fill a fresh file; closed with everything in it."""
    for sql in _SCHEMA:
        db.execute(sql)
    taken = milliseconds(lambda: _fill(db, rows))
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return taken


def _ratio(report: Report, what: str, pairs: list[tuple[float, float]]) -> None:
    report.add(
        Figure(
            f"vault file: {what}",
            median([sealed / plain for plain, sealed in pairs]),
            "x plain",
            len(pairs),
            note=f"{ROWS} rows; plain {median([plain for plain, _ in pairs]):.1f} ms",
        )
    )


def _edit(report: Report, home: Path) -> None:
    """One saved edit: record, outbox, trail and lists, against two bare rows."""
    vault, ids = _vault(home / "v", 1000)
    bare = _plain(home / "bare.db")
    for sql in _SCHEMA:
        bare.execute(sql)
    whole, two = [], []
    for number in range(EDITS):
        two.append(milliseconds(partial(_two_rows, bare, number)))
        whole.append(milliseconds(partial(_one_edit, vault, ids[number], str(number))))
    point = _best(lambda: [vault.reader.get(Enterprise, one) for one in ids[:100]], 5) * 10
    vault.close()
    bare.close()
    report.add(
        Figure(
            "one edit through vault.change",
            median([mine / bare_ for mine, bare_ in zip(whole, two, strict=True)]),
            "x two rows",
            EDITS,
            note=f"{median(whole):.2f} ms against {median(two):.2f} ms",
        )
    )
    report.add(Figure("one edit through vault.change, p50", median(whole), "ms", EDITS))
    report.add(Figure("one record by id through the reader", point, "us", 500))


def _edit_by_mapper(report: Report, home: Path) -> None:
    """The same edit as SQLModel alone makes it: read the row, set the field, commit; no books.

    In a file of its own with the same cipher, the same settings and the same records.
    """
    vault, ids = _vault(home / "v", 1000)
    line = encrypted.create(home / "plain.db", SecretKey.fresh())
    engine = create_engine("sqlite://", creator=lambda: line, poolclass=StaticPool)
    VaultRow.metadata.create_all(engine, tables=[VaultRow.metadata.tables["enterprise"]])
    with Session(engine) as session:
        for case in vault.reader.all(Enterprise):
            values = {spec.name: getattr(case, spec.name) for spec in KINDS["enterprise"].specs}
            session.add(EnterpriseRow(id=case.id, **values))
        session.commit()
    gc.collect()
    pairs, spent = [], []
    for number, one in enumerate(ids[: EDITS * 4]):
        begun = process_time()
        theirs = milliseconds(partial(_mapped_edit, engine, one, str(number)))
        between = process_time()
        mine = milliseconds(partial(_one_edit, vault, one, str(number)))
        pairs.append(mine / theirs)
        spent.append((process_time() - between) / (between - begun))
    vault.close()
    engine.dispose()
    line.close()
    what = "one edit through vault.change, by the clock"
    report.add(Figure(what, median(pairs), "x SQLModel", len(pairs)))
    what = "one edit through vault.change, processor"
    report.add(Figure(what, median(spent), "x SQLModel", len(spent)))


def _mapped_edit(engine: Engine, enterprise_id: str, words: str) -> None:
    with Session(engine) as session:
        row = session.get_one(EnterpriseRow, enterprise_id)
        row.phone = words
        session.add(row)
        session.commit()


def _search(report: Report, home: Path) -> None:
    """The search box over a county's notes."""
    vault, ids = _vault(home / "v", ENTERPRISES)
    for start in range(0, NOTES, 20_000):
        with vault.change(by="coach", at=NOW) as unit:
            unit.add_all(
                CoachingSession(
                    id=new_id(),
                    enterprise_id=ids[n % len(ids)],
                    on=NOW.date(),
                    note=f"{_NOTE}{n} street{n % 4000}",
                )
                for n in range(start, start + 20_000)
            )
    db: Database = vault._db
    db.checkpoint()
    before = _resident()
    for _ in db.each("SELECT notes FROM find"):
        pass
    report.add(
        Figure(
            "memory while scanning",
            max(0.0, _resident() - before),
            "MB more",
            1,
            note=f"{NOTES} notes; the page cache may take 16 MB",
        )
    )
    typed = [f"street{n}" for n in range(0, 4000, 100)]
    common = ["insur", "prices", "visits 1234", "rin", "and", "Enterprise 77", "enterprise"] * 2
    slips = ["insurence", "streat12", "pricse", "entreprise 77", "xnsurance", "treet399", "sits"]
    typed += common + slips
    times = [milliseconds(partial(vault.reader.search, words)) for words in typed]
    slowest = typed[times.index(max(times))]
    vault.close()
    report.add(
        Figure(
            "search box, first results p95",
            percentile(times, 0.95),
            "ms",
            len(times),
            note=f"{ENTERPRISES} enterprises, {NOTES} notes; median {median(times):.1f} ms, "
            f"slowest {max(times):.1f} ms ({slowest})",
        )
    )


def _long_trail(report: Report, home: Path) -> None:
    """An edit with a short and with a very long story behind it, in turn."""
    short, ids = _vault(home / "short", 1000)
    long, others = _vault(home / "long", 1000)
    db: Database = long._db
    with db.transaction():
        db.do(
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < :many) "
            "INSERT INTO trail(at, by_id, verb, kind, record_id, before, after, note) "
            "SELECT '2026-03-02', 'coach', 'set', 'enterprise', 'old-' || (x % 9000), '{}', '{}', "
            "'' FROM n",
            {"many": TRAIL},
        )
    db.checkpoint()
    pairs = [
        (
            milliseconds(partial(_one_edit, short, ids[n], f"s{n}")),
            milliseconds(partial(_one_edit, long, others[n], f"l{n}")),
        )
        for n in range(EDITS * 4)
    ]
    short.close()
    long.close()
    more = (median([after / before for before, after in pairs]) - 1) * 100
    report.add(Figure("one edit with 1,000,000 trail rows", more, "% slower", len(pairs)))


def _in_turn(
    first: Callable[[], object], second: Callable[[], object], runs: int
) -> list[tuple[float, float]]:
    """Milliseconds of two pieces of work, one after the other, the collector out of the way."""
    gc.collect()
    return [(milliseconds(first), milliseconds(second)) for _ in range(runs)]


def _resident() -> float:
    """This process's memory in MB; 0 where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * mmap.PAGESIZE / 1_000_000


def _vault(folder: Path, enterprises: int) -> tuple[Vault, list[str]]:
    vault, _ = Vault.create(
        folder, passphrase=WORDS, clock=SetClock(NOW), cost=Cost(memory=8, passes=1)
    )
    made = [Enterprise(id=new_id(), name=f"Enterprise {n}") for n in range(enterprises)]
    with vault.change(by="coach", at=NOW) as unit:
        unit.add_all(made)
    return vault, [one.id for one in made]


def _one_edit(vault: Vault, enterprise_id: str, words: str) -> None:
    with vault.change(by="coach", at=NOW) as unit:
        unit.set(Enterprise, enterprise_id, phone=words)


def _plain(path: Path) -> Any:
    """The same driver, the same settings, no key."""
    db = dbapi2.connect(str(path), isolation_level=None)
    db.execute("PRAGMA journal_mode = WAL")
    for pragma in ("synchronous = FULL", "temp_store = MEMORY", "cache_size = -16384"):
        db.execute(f"PRAGMA {pragma}")
    return db


def _fill(db: Any, rows: list[tuple[str, str, str, str]]) -> None:
    db.execute("BEGIN IMMEDIATE")
    db.executemany("INSERT INTO note VALUES (?,?,?,?)", rows)
    db.execute("INSERT INTO word(word) VALUES ('rebuild')")
    db.execute("COMMIT")


def _two_rows(db: Any, number: int) -> None:
    db.execute("BEGIN IMMEDIATE")
    db.execute("INSERT INTO note VALUES (?,?,?,?)", (new_id(), "e", "2026-03-02", str(number)))
    db.execute("INSERT INTO outbox(body) VALUES (?)", (_NOTE,))
    db.execute("COMMIT")


def _fetched(db: Any, sql: str) -> None:
    db.execute(sql).fetchall()


def _look_up(db: Any, ids: list[str]) -> None:
    for one in ids:
        db.execute("SELECT * FROM note WHERE id = ?", (one,)).fetchone()


def _opened(door: Callable[[], Any]) -> None:
    db = door()
    db.execute("SELECT count(*) FROM outbox").fetchone()
    db.close()


def _cold_scan(door: Callable[[], Any]) -> None:
    """Every page read again by a connection that has none in its cache."""
    db = door()
    db.execute("SELECT sum(length(words)) FROM note").fetchone()
    db.close()


def _best(work: Callable[[], object], runs: int = 7) -> float:
    """The middle of several runs in milliseconds, the collector out of the way."""
    times = []
    for _ in range(runs):
        gc.collect()
        start = perf_counter()
        work()
        times.append((perf_counter() - start) * 1000)
    return median(times)


PARTS: dict[str, Callable[[Report], None]] = {
    "file": _on_disk(_raw_file),
    "edit": _on_disk(_edit, _edit_by_mapper),
    "search": _on_disk(_search),
    "trail": _on_disk(_long_trail),
}
