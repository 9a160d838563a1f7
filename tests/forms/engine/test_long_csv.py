"""The long CSV: one row for each answer that counts, and nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

from forms.engine.library import load_form
from forms.engine.long_csv import COLUMNS, long_csv
from forms.engine.session import FormSession
from forms.engine.xform_reader import read_form
from forms.values import SetClock

CLOCK = SetClock(datetime(2026, 11, 20, 12, tzinfo=UTC))
XFORM = """
<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>Long</h:title><model>
<instance><data id="long" version="2"><name/><pets/><line jr:template=""><cost/></line><line><cost/>
</line><gone/></data></instance>
<bind nodeset="/data/line/cost" type="int"/><bind nodeset="/data/gone" relevant="/data/name = ''"/>
</model></h:head><h:body><input ref="/data/name"><label>Name</label></input>
<select ref="/data/pets"><label>Pets</label><item><label>A cat</label><value>cat</value></item>
<item><label>A dog</label><value>dog</value></item></select>
<group ref="/data/line"><label>Line</label><repeat nodeset="/data/line"><input
 ref="/data/line/cost"><label>Cost</label></input></repeat></group>
<input ref="/data/gone"><label>Gone</label></input></h:body></h:html>
"""


def rows(session):
    return list(csv.DictReader(io.StringIO(long_csv(session))))


def test_each_answer_that_counts_is_a_row():
    session = FormSession(read_form(XFORM.strip()), clock=CLOCK)
    session.answer("/data/gone", "kept, but hidden now")
    session.answer("/data/name", "=HYPERLINK(1)")
    session.answer("/data/pets", "dog cat")
    session.add_repeat("/data/line")
    session.answer("/data/line[1]/cost", "5")
    session.answer("/data/line[2]/cost", "-7")
    found = rows(session)
    assert tuple(found[0]) == COLUMNS
    assert {(row["form_id"], row["version"]) for row in found} == {("long", "2")}
    assert all(row["instance_id"].startswith("uuid:") for row in found)
    assert [(r["path"], r["repeat"], r["value"], r["words"], r["label"]) for r in found] == [
        ("/data/name", "", "'=HYPERLINK(1)", "'=HYPERLINK(1)", "Name"),
        ("/data/pets", "", "dog cat", "A dog; A cat", "Pets"),
        ("/data/line/cost", "1", "5", "5", "Cost"),
        ("/data/line/cost", "2", "-7", "-7", "Cost"),
    ]


def test_a_shipped_form_is_read_out_too():
    session = FormSession(load_form("kent", "seed_claim"), clock=CLOCK)
    assert all(row["form_id"] == "seed_claim" for row in rows(session))
