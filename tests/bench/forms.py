"""The form engine on a large form: opening, answering, repeats, long lists, checking a workbook.

500 questions, 300 conditions, 200 calculations; 200 instances of a repeat; a list of 20,000; a
workbook of 1,000 rows; and one answer among 100 to 5,000 questions that have nothing to do with it.
"""

from __future__ import annotations

import gc
import random
from datetime import UTC, datetime
from functools import partial
from statistics import mean
from time import process_time
from typing import Any

from forms.engine.lint import lint
from forms.engine.session import FormSession
from forms.engine.shapes import forget_shapes
from forms.engine.sources import read_workbook
from forms.engine.views import PageView
from forms.engine.xform_reader import read_form
from forms.engine.xpath.parser import parse
from forms.values import SetClock
from tests.bench import forms_peer
from tests.bench.measure import Figure, Report, median, milliseconds, percentile

CLOCK = SetClock(datetime(2026, 11, 20, 12, tzinfo=UTC))
ANSWERS = 2_000
FIRST_ANSWERS = 700
INSTANCES = 200
CHOICES = 20_000
ROWS = 1_000
PAGES = 9
QUESTIONS_ON_PAGE = 25
UNRELATED = (100, 500, 1_000, 2_000, 5_000)
_HEAD = (
    '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
    'xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>Large</h:title><model>'
)


def run(report: Report) -> None:
    """Every figure of the engine."""
    _large_form(report)
    _curve(report)
    _repeats(report)
    _long_list(report)
    _workbook(report)
    _page(report)


def _form(instance: str, binds: str, body: str) -> str:
    return (
        f"{_HEAD}<instance><data id='large'>{instance}</data></instance>{binds}</model></h:head>"
        f"<h:body>{body}</h:body></h:html>"
    )


class _Large:
    """Writes a form as project leads write them: 20 groups of 25 questions and 10 calculations."""

    def __init__(self) -> None:
        self.dice = random.Random(7)  # noqa: S311 - the same form every time
        self.instance, self.binds, self.body = "", "", ""
        self.known: list[tuple[str, str]] = []  # path, type
        self.shown = set(self.dice.sample(range(10, 500), 300))  # questions with a condition

    def condition(self) -> str:
        """One comparison with a question asked before."""
        path, kind = self.dice.choice(self.known)
        number = self.dice.randint(0, 20)
        return {
            "int": f"{path} {self.dice.choice(('&gt;', '&lt;', '&gt;=', '='))} {number}",
            "one": f"{path} = '{self.dice.choice(('yes', 'no', 'dk'))}'",
            "many": f"selected({path}, '{self.dice.choice('abcd')}')",
            "date": f"{path} &lt;= today()",
            "string": f"string-length({path}) &gt; {self.dice.randint(0, 6)}",
        }[kind]

    def when(self) -> str:
        """One to three comparisons."""
        joined = self.dice.choice((" and ", " or "))
        return joined.join(self.condition() for _ in range(self.dice.choice((1, 1, 2, 3))))

    def question(self, path: str, number: int) -> None:
        """One question of any kind."""
        kind = self.dice.choice(("int", "int", "string", "one", "one", "many", "date"))
        more = f' relevant="{self.when()}"' if number in self.shown and self.known else ""
        if kind == "int":
            more += ' constraint=". &gt;= 0 and . &lt;= 1000"'
        if self.dice.random() < 0.3:
            more += ' required="true()"'
        typed = kind if kind in {"int", "date"} else "string"
        self.binds += f'<bind nodeset="{path}" type="{typed}"{more}/>'
        tag = {"one": "select1", "many": "select"}.get(kind, "input")
        rows = {"one": "answers", "many": "letters"}.get(kind)
        listed = (
            f"<itemset nodeset=\"instance('{rows}')/root/item\"><value ref='name'/>"
            "<label ref='label'/></itemset>"
            if rows
            else ""
        )
        self.body += f'<{tag} ref="{path}"><label>Question number {number}</label>{listed}</{tag}>'
        self.known.append((path, kind))

    def calculation(self, path: str) -> None:
        """A sum, a choice of words, a rounding or a text."""
        numbers = [known for known, kind in self.known if kind == "int"]
        one, two, three = self.dice.sample(numbers, 3)
        formula = self.dice.choice(
            (
                f"coalesce({one}, 0) + coalesce({two}, 0) + coalesce({three}, 0)",
                f"coalesce({one}, 0) + coalesce({two}, 0) + coalesce({three}, 0)",
                f"if({self.condition()}, 'high', if({self.condition()}, 'mid', 'low'))",
                f"round({one} * 1.2 div 3, 2)",
                f"concat({one}, '-', {self.dice.choice(self.known)[0]})",
            )
        )
        self.binds += f'<bind nodeset="{path}" type="string" calculate="{formula}"/>'


def large_form() -> tuple[str, list[tuple[str, str]]]:
    """The XForm, and the paths and types of its questions."""
    made = _Large()
    for group in range(20):
        names = ""
        for number in range(25):
            names += f"<q{number}/>"
            made.question(f"/data/g{group}/q{number}", 25 * group + number)
        for number in range(10):
            names += f"<c{number}/>"
            made.calculation(f"/data/g{group}/c{number}")
        made.instance += f"<g{group}>{names}</g{group}>"
    return _form(made.instance, _lists() + made.binds, made.body), made.known


def _lists() -> str:
    rows = {"answers": ("yes", "no", "dk"), "letters": tuple("abcd")}
    return "".join(
        f"<instance id='{name}'><root>"
        + "".join(f"<item><name>{n}</name><label>{n}</label></item>" for n in names)
        + "</root></instance>"
        for name, names in rows.items()
    )


def answers_to(questions: list[tuple[str, str]], count: int) -> list[tuple[str, str]]:
    """Answers at random, each such as its question takes."""
    dice = random.Random(8)  # noqa: S311 - the same answers every time
    said = []
    for _ in range(count):
        path, kind = dice.choice(questions)
        text = {
            "int": str(dice.randint(0, 20)),
            "one": dice.choice(("yes", "no", "dk")),
            "many": dice.choice(("a", "a b", "b c d", "")),
            "date": f"2026-{dice.randint(1, 10):02}-{dice.randint(1, 28):02}",
            "string": "x" * dice.randint(0, 9),
        }[kind]
        said.append((path, text))
    return said


def _large_form(report: Report) -> None:
    xform, questions = large_form()
    opened: list[float] = []
    worked: list[float] = []  # processor time: what other programs take is not in it
    for _ in range(9):
        parse.cache_clear()
        forget_shapes()
        gc.collect()
        begun = process_time()
        opened.append(milliseconds(partial(_opened, xform)))
        worked.append(1_000 * (process_time() - begun))
    spread = (min(opened), max(opened))
    report.add(Figure("form of 700 nodes, opened", median(opened), "ms", 9, spread=spread))
    spread = (min(worked), max(worked))
    report.add(Figure("the same, processor time", median(worked), "ms", 9, spread=spread))
    session = FormSession(read_form(xform), clock=CLOCK)
    said = answers_to(questions, ANSWERS)
    gc.collect()
    begun = process_time()
    rounds = [milliseconds(partial(_answer_all, session, said)) for _ in range(5)]
    spent = 1e6 * (process_time() - begun) / (5 * ANSWERS)
    per_answer = [1_000 * each / ANSWERS for each in rounds]
    spread = (min(per_answer), max(per_answer))
    report.add(Figure("one answer, mean", median(per_answer), "us", 5 * ANSWERS, spread=spread))
    report.add(Figure("the same, processor time", spent, "us", 5 * ANSWERS))
    forms_peer.run(report, xform, said[:FIRST_ANSWERS], partial(_opened, xform))
    times = [1_000 * milliseconds(partial(session.answer, ref, text)) for ref, text in said]
    report.add(Figure("one answer, p50", percentile(times, 0.5), "us", ANSWERS))
    report.add(Figure("one answer, p95", percentile(times, 0.95), "us", ANSWERS))


def _opened(xform: str) -> FormSession:
    """A form read from its compiled text and opened, ready for the first answer."""
    return FormSession(read_form(xform), clock=CLOCK)


def _answer_all(session: FormSession, said: list[tuple[str, str]]) -> None:
    for ref, text in said:
        session.answer(ref, text)


def _curve(report: Report) -> None:
    """The same answers among more and more questions that have nothing to do with them."""
    for count in UNRELATED:
        instance, binds, body = "<a/><b/><sum/>", "", ""
        binds += '<bind nodeset="/data/b" relevant="/data/a &gt; 3"/>'
        binds += '<bind nodeset="/data/sum" calculate="/data/a + 1"/>'
        for name in ("a", "b"):
            body += f'<input ref="/data/{name}"><label>Q</label></input>'
        for number in range(count):
            instance += f"<q{number}/>"
            shown = f' relevant="/data/q{number - 1} = 1"' if number % 3 else ""
            binds += f'<bind nodeset="/data/q{number}" type="string"{shown}/>'
            body += f'<input ref="/data/q{number}"><label>Q</label></input>'
        session = FormSession(read_form(_form(instance, binds, body)), clock=CLOCK)
        said = [("/data/a", str(number % 7)) for number in range(ANSWERS)]
        gc.collect()
        rounds = [1_000 * milliseconds(partial(_answer_all, session, said)) for _ in range(5)]
        name = f"one answer among {count:,} others, mean"
        report.add(Figure(name, mean(sorted(rounds)[:3]) / ANSWERS, "us", 5 * ANSWERS))


def _workbook(report: Report) -> None:
    rows = ["| survey | | | | | |", "| | type | name | label | relevant | calculation |"]
    rows.append("| | integer | q0 | Question | | |")
    for number in range(1, ROWS):
        if number % 3 == 0:
            rows.append(f"| | calculate | q{number} | | | ${{q{number - 1}}} + 1 |")
        else:
            rows.append(f"| | integer | q{number} | Question | ${{q{number - 1}}} > 2 | |")
    book = read_workbook("\n".join(rows).encode(), "rows.md")
    times: list[float] = []
    for _ in range(5):
        parse.cache_clear()
        forget_shapes()
        gc.collect()
        times.append(milliseconds(partial(lint, book)))
    report.add(Figure("1,000 rows checked", median(times), "ms", 5))


def _page(report: Report) -> None:
    """A page of 25 questions of all kinds, from nothing to painted, in a window that is up."""
    from desktop import theme
    from desktop.bootstrap import make_app
    from desktop.presenters.form_drawn import Drawing, page_of
    from desktop.views.form_pages.pages import Pages
    from desktop.views.form_pages.questions import Questions

    app = make_app()
    theme.apply(app, "light", 100)
    kinds = ("string", "int", "date", "select1", "select")
    instance, binds, body = "", "", ""
    items = "".join(f"<item><label>Choice {n}</label><value>c{n}</value></item>" for n in range(4))
    for number in range(QUESTIONS_ON_PAGE):
        kind, ref = kinds[number % len(kinds)], f"/data/g/q{number}"
        instance += f"<q{number}/>"
        tag = kind if kind.startswith("select") else "input"
        typed = "string" if kind.startswith("select") else kind
        binds += f'<bind nodeset="{ref}" type="{typed}" required="true()"/>'
        offered = items if tag != "input" else ""
        body += f'<{tag} ref="{ref}"><label>Question {number}</label>{offered}</{tag}>'
    group = f'<group ref="/data/g"><label>A page</label>{body}</group>'
    session = FormSession(read_form(_form(f"<g>{instance}</g>", binds, group)), clock=CLOCK)
    drawing = Drawing(now=CLOCK.now())
    times: list[float] = []
    whole: list[float] = []
    for _ in range(PAGES):
        pages = Pages()
        pages.resize(1_000, 700)
        pages.add_later("First", _empty_page)
        pages.show()
        app.processEvents()
        view = session.pages[0]

        def build(view: PageView = view) -> Questions:
            return Questions(page_of(view, drawing).asked)

        number = pages.add_later("Page", build)

        def open_it(pages: Pages = pages, number: int = number) -> None:
            pages.open(number)
            app.sendPostedEvents()  # lays out; what follows the first paint is left to wait
            pages.repaint()

        def finish_it() -> None:
            app.processEvents()

        times.append(milliseconds(open_it))
        whole.append(times[-1] + milliseconds(finish_it))
        pages.close()
        pages.deleteLater()
        app.processEvents()
    spread = (min(times), max(times))
    name = "a page of 25 questions, opened and painted"
    report.add(Figure(name, median(times[1:]), "ms", PAGES - 1, spread=spread))
    report.add(Figure("the same with all that is out of sight", median(whole[1:]), "ms", PAGES - 1))


def _empty_page() -> Any:
    """An empty page."""
    from desktop.views.form_pages.questions import Questions

    return Questions(())


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
    session.answer("/data/ward", "w499")  # builds the index
    times = [milliseconds(partial(session.answer, "/data/ward", f"w{n}")) for n in range(100)]
    report.add(Figure("a list of 20,000 narrowed", percentile(times, 0.95), "ms", 100))
