"""The form engine on a large form: opening, answering, repeats, long lists.

500 questions, 300 conditions, 200 calculations; 200 instances of a repeat; a list of 20,000.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime
from functools import partial

from forms.engine.session import FormSession
from forms.engine.xform_reader import read_form
from forms.engine.xpath.parser import parse
from forms.values import SetClock
from tests.bench.measure import Figure, Report, median, milliseconds, percentile

CLOCK = SetClock(datetime(2026, 11, 20, 12, tzinfo=UTC))
ANSWERS = 2_000
INSTANCES = 200
CHOICES = 20_000
_HEAD = (
    '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
    'xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>Large</h:title><model>'
)


def run(report: Report) -> None:
    """Every figure of the engine."""
    _large_form(report)
    _repeats(report)
    _long_list(report)


def _form(instance: str, binds: str, body: str) -> str:
    return (
        f"{_HEAD}<instance><data id='large'>{instance}</data></instance>{binds}</model></h:head>"
        f"<h:body>{body}</h:body></h:html>"
    )


def large_form() -> tuple[str, list[str]]:
    """The XForm and the paths of its questions."""
    dice = random.Random(7)  # noqa: S311 - the same form every time
    instance, binds, body = "", "", ""
    known: list[str] = []
    questions: list[str] = []
    for group in range(20):
        names = ""
        for number in range(25):
            path = f"/data/g{group}/q{number}"
            names += f"<q{number}/>"
            shown = ""
            if known and dice.random() < 0.6:
                one, other = dice.choice(known[-60:]), dice.choice(known)
                shown = f" relevant=\"{one} &gt; 3 or {other} = 'yes'\""
            binds += f'<bind nodeset="{path}" type="string"{shown}/>'
            body += f'<input ref="{path}"><label>Question</label></input>'
            known.append(path)
            questions.append(path)
        for number in range(10):
            path = f"/data/g{group}/c{number}"
            names += f"<c{number}/>"
            one, other = dice.sample(known, 2)
            sum_of = f"if({one} &gt; 5, {other} * 2, round({one} + 1, 2))"
            binds += f'<bind nodeset="{path}" type="string" calculate="{sum_of}"/>'
            known.append(path)
        instance += f"<g{group}>{names}</g{group}>"
    return _form(instance, binds, body), questions


def _large_form(report: Report) -> None:
    xform, questions = large_form()
    opened: list[float] = []
    for _ in range(5):
        parse.cache_clear()
        opened.append(milliseconds(lambda: FormSession(read_form(xform), clock=CLOCK)))
    report.add(Figure("form of 700 nodes, opened", median(opened), "ms", 5, goal=100))
    session = FormSession(read_form(xform), clock=CLOCK)
    dice = random.Random(8)  # noqa: S311
    said = [(dice.choice(questions), dice.choice(("", "1", "4", "yes"))) for _ in range(ANSWERS)]
    times = [milliseconds(partial(session.answer, ref, text)) for ref, text in said]
    report.add(Figure("one answer, p50", percentile(times, 0.5), "ms", ANSWERS))
    report.add(Figure("one answer, p95", percentile(times, 0.95), "ms", ANSWERS, goal=1))


def _repeats(report: Report) -> None:
    binds = "".join(
        f'<bind nodeset="/data/line/c{n}" type="string" calculate="../q{n} * 2"/>' for n in range(3)
    )
    binds += '<bind nodeset="/data/total" type="string" calculate="sum(/data/line/c0)"/>'
    line = "<line jr:template=''><q0/><q1/><q2/><c0/><c1/><c2/></line>"
    body = "".join(f'<input ref="/data/line/q{n}"><label>Q</label></input>' for n in range(3))
    xform = _form(f"{line}<total/>", binds, f'<repeat nodeset="/data/line">{body}</repeat>')
    session = FormSession(read_form(xform), clock=CLOCK)
    added = [milliseconds(lambda: session.add_repeat("/data/line")) for _ in range(INSTANCES)]
    report.add(Figure("the 200th line added", median(added[-20:]), "ms", 20))
    last = f"/data/line[{INSTANCES}]/q0"
    times = [milliseconds(partial(session.answer, last, str(n))) for n in range(50)]
    report.add(Figure("an answer in the 200th line", median(times), "ms", 50))


def _long_list(report: Report) -> None:
    items = "".join(
        f"<item><name>p{n}</name><label>Place {n}</label><ward>w{n % 500}</ward></item>"
        for n in range(CHOICES)
    )
    lists = f'<instance id="places"><root>{items}</root></instance>'
    body = (
        '<input ref="/data/ward"><label>Ward</label></input><select1 ref="/data/place">'
        "<label>Place</label><itemset nodeset=\"instance('places')/root/item[ward = /data/ward]\">"
        '<value ref="name"/><label ref="label"/></itemset></select1>'
    )
    xform = _form("<ward/><place/>", lists, body)
    session = FormSession(read_form(xform), clock=CLOCK)
    times = [milliseconds(partial(session.answer, "/data/ward", f"w{n}")) for n in range(100)]
    report.add(Figure("a list of 20,000 narrowed", percentile(times, 0.95), "ms", 100))
