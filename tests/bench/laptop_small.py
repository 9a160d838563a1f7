"""What a small round costs a laptop: a hundred changed records sent, and fetched by another.

Two encrypted vaults, and a register in a process of its own, over a real line; other records each
time. For what one laptop sends, what the other fetches and a round in which nothing changed: this
process's processor, the register's (Linux) and the time on the clock, as medians over many rounds.
How many pages a laptop's commits sealed is counted by its log. By itself:
`python -m tests.bench.laptop_small [ROUNDS]`. Refuses to judge.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from desktop import pauses
from forms.facts.people import Enquiry
from forms.values import SystemClock
from storage.keys import Cost
from storage.vault import Vault
from sync.client.enrol import enrol
from sync.client.exchange import run_round
from sync.client.transport import HttpTransport
from tests.bench.measure import median
from tests.bench.register_small import processor_ns
from tests.bench.sync_corpus import documents, enquiry

CLOCK = SystemClock()
RECORDS, CHANGED = 10_000, 100
PASSPHRASE = "plum tree river"  # noqa: S105 - of an invented coach


def main(rounds: int) -> None:
    """All rounds against one register, which ends with them."""
    with tempfile.TemporaryDirectory() as folder:
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.sync_register", folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        try:
            _rounds(Path(folder), json.loads(child.stdout.readline()), child.pid, rounds)
        finally:
            child.communicate("", timeout=60)


def _laptop(place: Path, name: str, told: dict[str, Any], code: str) -> tuple[Vault, HttpTransport]:
    vault, _ = Vault.create(
        place / name, passphrase=PASSPHRASE, clock=CLOCK, cost=Cost(memory=8, passes=1)
    )
    line = HttpTransport(f"http://127.0.0.1:{told['port']}")
    enrol(vault, line, code, CLOCK)
    return vault, line


def _rounds(place: Path, told: dict[str, Any], register: int, rounds: int) -> None:
    sends, fetches = (_laptop(place, name, told, told["codes"][i]) for i, name in enumerate("ab"))
    corpus = documents(RECORDS)
    with sends[0].change(by="ann", at=CLOCK.now()) as unit:
        unit.add_all([enquiry(document) for document in corpus])
    _timed(*sends)
    _timed(*fetches)
    found: dict[str, list[tuple[float, ...]]] = {"sent": [], "fetched": [], "nothing changed": []}
    for number in range(rounds):
        while fetches[0].catch_up():  # as the window does between two rounds
            pass
        _change(sends[0], corpus, number)
        for name, laptop in zip(found, (sends, fetches, sends), strict=True):
            found[name].append(_counted(register, *laptop))
    for name, times in found.items():
        own, clock, theirs, pages = (median(column) for column in zip(*times, strict=True))
        print(
            f"{CHANGED} changed, {name}: processor {own * 1000:.1f} ms, the register's "
            f"{theirs:.1f} ms, on the clock {clock * 1000:.1f} ms, {pages:.0f} pages sealed"
        )
    for vault, line in (sends, fetches):
        vault.close()
        line.close()


def _change(vault: Vault, corpus: list[dict[str, Any]], number: int) -> None:
    step = RECORDS // CHANGED
    with vault.change(by="ann", at=CLOCK.now()) as unit:
        for document in corpus[(7 + 13 * number) % step :: step][:CHANGED]:
            note = f"{document['note']} followed up by phone {number}"
            unit.set(Enquiry, document["id"], heard_via=f"trading again {number}", idea=note)


def _counted(register: int, vault: Vault, line: HttpTransport) -> tuple[float, ...]:
    """(processor, clock, the register's processor in ms, pages sealed) of one round."""
    vault.checkpoint()  # its log is empty: the length afterwards is what the round wrote
    before = _register_ms(register)
    times = _timed(vault, line)
    _, pages, _ = vault._db.row("PRAGMA wal_checkpoint(NOOP)")
    return *times, _register_ms(register) - before, max(0, pages)


def _register_ms(pid: int) -> float:
    return processor_ns(pid) / 1e6 if sys.platform == "linux" else float("nan")


def _timed(vault: Vault, line: HttpTransport) -> tuple[float, float]:
    """(processor, clock) of one round, in seconds; nothing of what was before it is collected."""
    gc.collect()
    pauses.shorten()  # as the program has it
    own, clock = process_time(), perf_counter()
    run_round(vault, line, CLOCK)
    return process_time() - own, perf_counter() - clock


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
