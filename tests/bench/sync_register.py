"""A register in a process of its own: real database, real server. Ends when its input ends."""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path

from forms.rules.pack import load_pack
from forms.values import Role, SystemClock
from sync.register import admin
from sync.register.batch import Batch
from sync.register.rows import Person
from sync.register.serve import make_server, steady_memory
from sync.register.sql_store import Tx
from sync.register.store import open_store
from sync.register.system import Pen


def main(folder: str) -> None:
    """Say the port and two codes as JSON, then serve."""
    clock = SystemClock()
    store = open_store(f"sqlite:///{Path(folder) / 'register.db'}")
    admin.init(store, "kent", clock=clock)
    admin.add_person(store, "ann", "Ann Marsh", Role.COACH, clock=clock)
    lead = admin.add_person(store, "lee", "Lee Down", Role.LEAD, clock=clock)

    def sign(tx: Tx) -> None:
        pen = Pen(
            batch=Batch(
                tx=tx, person=Person(id=lead.id, name=lead.name, role=lead.role), now=clock.now()
            ),
            actor_id="lee",
        )
        signed = {"version": "1", "signed_by": "Corporate Director", "signed_on": "2022-01-14"}
        pen.write("dpia", "dpia-1", signed, new=True)
        pen.finish()

    store.write(sign)
    server = make_server(store, {"kent": load_pack("kent")}, "127.0.0.1", 0, clock)
    steady_memory()  # as `register serve` does
    real = server.startup

    async def startup(sockets: object = None) -> None:
        await real(sockets)  # type: ignore[arg-type]
        port = server.servers[0].sockets[0].getsockname()[1]
        codes = [admin.enrol_code(store, "ann", clock) for _ in range(2)]
        print(json.dumps({"port": port, "codes": codes}), flush=True)

    server.startup = startup  # type: ignore[method-assign]

    def watch() -> None:
        sys.stdin.read()
        server.should_exit = True

    threading.Thread(target=watch, daemon=True).start()
    server.run()
    store.close()


if __name__ == "__main__":
    main(sys.argv[1])
