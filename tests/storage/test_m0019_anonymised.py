"""Who was erased is found by an index of nobody else, in a vault made before it too."""

from __future__ import annotations

from forms.facts.people import Enquiry
from storage import erased as erased_ones
from storage import migrations
from storage.database import Database
from tests.storage.samples import COACH, NOON, new_vault
from tests.storage.test_migrations import up_to


def test_an_older_vault_gets_the_index_with_those_who_were_erased_before() -> None:
    old = up_to(18)
    columns = [row[1] for row in old.execute("PRAGMA table_info(enquiry)") if row[3]]
    for one, day in (("gone", "2026-01-02"), ("here", None)):
        values = {**dict.fromkeys(columns, ""), "id": one, "anonymised_on": day}
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        old.execute(f"INSERT INTO enquiry({names}) VALUES ({marks})", [*values.values()])  # noqa: S608
    migrations.bring_up(old)
    found = old.execute(
        "SELECT id FROM enquiry INDEXED BY enquiry_anonymised WHERE anonymised_on IS NOT NULL"
    )
    assert found.fetchall() == [("gone",)]


def test_the_question_reads_that_index_and_no_row(tmp_path, monkeypatch) -> None:
    vault, asked = new_vault(tmp_path), []
    rows = Database.rows

    def noted(self, sql, values=()):
        asked.append((sql, values))
        return rows(self, sql, values)

    def erased() -> list[str]:
        return sorted(erased_ones.cases(vault._db, {"one", "two"}))

    day = NOON.date()
    with vault.change(by=COACH, at=NOON) as unit:
        for one in ("one", "two", "three"):
            unit.add(Enquiry(id=one, created_on=day, coach_id=COACH, name="M"))
    monkeypatch.setattr(Database, "rows", noted)
    assert erased() == []
    assert len(asked) == 2  # nobody at all was erased: nothing more is asked
    with vault._db.transaction():
        vault._db.do("UPDATE enquiry SET anonymised_on = ? WHERE id <> 'one'", (day.isoformat(),))
    assert erased() == ["two"]
    monkeypatch.undo()
    for sql, values in asked:
        plan = [row[3] for row in vault._db.rows(f"EXPLAIN QUERY PLAN {sql}", values)]
        assert any("_anonymised" in step for step in plan), plan
    vault.close()
