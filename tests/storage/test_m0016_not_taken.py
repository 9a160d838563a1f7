"""What the register did not take is answered by an index, for the list and for the ledger."""

from storage import ledger, outbox
from storage.database import Database
from tests.storage.samples import new_vault


def test_both_questions_use_the_index_and_read_nothing_else(tmp_path, monkeypatch):
    vault = new_vault(tmp_path)
    asked = []
    rows = Database.rows

    def noted(self, sql, values=()):
        if "taken_run" not in sql:
            asked.append((sql, values))
        return rows(self, sql, values)

    monkeypatch.setattr(Database, "rows", noted)
    outbox.not_taken(vault._db, 10)
    ledger._amiss(vault._db)
    monkeypatch.undo()
    assert len(asked) == 2
    for sql, values in asked:
        plan = [row[3] for row in vault._db.rows(f"EXPLAIN QUERY PLAN {sql}", values)]
        assert any("outbox_amiss" in step for step in plan), plan
    vault.close()
