"""Two encrypted vaults and one register, step by step: seconds, bytes and requests as JSON."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

from desktop import pauses
from forms.facts.people import Enquiry
from forms.values import SystemClock
from storage.database import Database
from storage.keys import Cost
from storage.vault import Vault
from sync.client.enrol import enrol
from sync.client.exchange import run_round
from sync.client.transport import HttpTransport
from tests.bench.sync_corpus import documents, enquiry
from tests.bench.tcp_line import Shape, TcpLine, line_to

CLOCK = SystemClock()
AROUND = 10  # records of the programme itself that every laptop gets
PASSPHRASE = "plum tree river"  # noqa: S105 - of an invented coach


def main(folder: str, count: int, changed: int, shape: Shape | None, *, counted: bool) -> None:
    """All steps once."""
    place = Path(folder)
    place.mkdir()
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.sync_register", folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert child.stdout is not None
    try:
        told = json.loads(child.stdout.readline())
        with line_to(told["port"], shape) as line:
            port = line.port if counted or shape else told["port"]
            print(json.dumps(_steps(place, port, told["codes"], count, changed, line)))
    finally:
        child.communicate("", timeout=60)


@contextmanager
def _locks() -> Iterator[list[float]]:
    """How long each transaction held the write lock of its vault, in seconds, commit included."""
    held: list[float] = []
    real = Database.transaction

    @contextmanager
    def timed(self: Database, *, folds: bool = True, waits: bool = True) -> Iterator[None]:
        if self.in_transaction:
            with real(self):
                yield
            return
        with real(self, folds=folds, waits=waits):
            begun = perf_counter()
            yield
        held.append(perf_counter() - begun)

    Database.transaction = timed  # type: ignore[method-assign]
    try:
        yield held
    finally:
        Database.transaction = real  # type: ignore[method-assign]


def _steps(
    place: Path, port: int, codes: list[str], count: int, changed: int, line: TcpLine
) -> dict[str, Any]:
    out: dict[str, Any] = {}
    vaults, lines = [], []
    for name, code in zip("ab", codes, strict=True):
        vault, _ = Vault.create(
            place / name, passphrase=PASSPHRASE, clock=CLOCK, cost=Cost(memory=8, passes=1)
        )
        transport = HttpTransport(f"http://127.0.0.1:{port}")
        enrol(vault, transport, code, CLOCK)
        if name == "a":  # the other's first pull is what is measured
            run_round(vault, transport, CLOCK)
        vaults.append(vault)
        lines.append(transport)
    one = vaults[0]
    corpus = documents(count)
    began = perf_counter()
    with one.change(by="ann", at=CLOCK.now()) as unit:
        unit.add_all([enquiry(document) for document in corpus])
    out["insert"] = perf_counter() - began

    def step(name: str, which: int, moved: int, *, around: int = 0) -> None:
        # What the steps before left to be collected is theirs: 10,000 documents and ops of the
        # other laptop would else be gone through in the middle of this one's pull.
        gc.collect()
        pauses.shorten()
        up, down, begun = line.up, line.down, perf_counter()
        report = run_round(vaults[which], lines[which], CLOCK)
        took = perf_counter() - begun
        assert moved <= report.pushed + report.pulled <= moved + around, (name, report)
        out[name] = {"s": took, "bytes": line.up - up + line.down - down, "n": report.requests}

    step("push", 0, count)
    with _locks() as held:
        step("pull", 1, count, around=AROUND)
    out["locks"] = sorted(held)
    begun = perf_counter()
    while vaults[1].catch_up():
        pass
    out["words"] = perf_counter() - begun
    with one.change(by="ann", at=CLOCK.now()) as unit:
        for document in corpus[7 :: max(1, count // changed)][:changed]:
            note = document["note"] + " followed up by phone"
            unit.set(Enquiry, document["id"], heard_via="trading again", idea=note)
    step("push_some", 0, changed)
    step("pull_some", 1, changed)
    step("quiet_push", 0, 0)
    step("quiet_pull", 1, 0)
    for vault, transport in zip(vaults, lines, strict=True):
        vault.close()
        transport.close()
    return out


def _shape(words: str) -> Shape:
    trip, up, down = (float(part) for part in words.split(","))
    return trip, up, down


if __name__ == "__main__":
    words = sys.argv[1:]
    link = _shape(words[3]) if len(words) > 3 and words[3] else None
    main(words[0], int(words[1]), int(words[2]), link, counted="counted" in words[4:])
