"""Workbooks and patterns made to hurt: told in words, nothing read, nothing unpacked, no wait.

Each guard is also taken off once, to show that the test looks at the guard.
"""

from __future__ import annotations

import io
import struct
import zipfile

import pytest

from forms.engine import lint_rows, sources
from forms.engine.compile_worker import answered
from forms.engine.export import workbook_bytes
from forms.engine.xpath import patterns
from forms.engine.xpath.errors import FormulaSyntax
from forms.engine.xpath.parser import MAX_DEPTH, parse

SHEET = "xl/worksheets/sheet1.xml"
GOOD = workbook_bytes(
    {
        "survey": [["type", "name", "label"], ["text", "a", "What?"]],
        "settings": [["form_id", "version"], ["f", "1"]],
    }
)
BOMB = '<!DOCTYPE z [<!ENTITY a0 "aaaaaaaaaa">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9)
)


def changed(cell: bytes, before: bytes = b"") -> bytes:
    """The good workbook with one more cell, and words before its sheet begins."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(GOOD)) as old, zipfile.ZipFile(made, "w", 8) as new:
        for name in old.namelist():
            part = old.read(name)
            if name == SHEET:
                part = part.split(b"?>", 1)[-1] if part.startswith(b"<?xml") else part
                row = b'<row r="3"><c r="A3" t="inlineStr"><is><t>' + cell + b"</t></is></c></row>"
                part = before + part.replace(b"</sheetData>", row + b"</sheetData>")
            new.writestr(name, part)
    return made.getvalue()


def with_lied_size(data: bytes) -> bytes:
    """The same archive, saying of its sheet that it is small."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        real = struct.pack("<I", archive.getinfo(SHEET).file_size)
    return data.replace(real, struct.pack("<I", 1_000))


ARCHIVES = {
    "entities that multiply": changed(b"&a8;", (BOMB + "]>").encode()),
    "a file of this machine": changed(
        b"&x;", b'<!DOCTYPE z [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    ),
    "a size that is not so": with_lied_size(changed(b"a" * 20_000_000)),
}


@pytest.mark.parametrize("name", ARCHIVES)
def test_a_poisoned_archive_is_told_in_words(name):
    answer = answered(ARCHIVES[name], "form.xlsx")
    assert answer["form"] is None
    (problem,) = answer["problems"]
    assert problem["code"] in {"unreadable", "too-big"}
    assert problem["message"].endswith(".")
    assert problem["fix"]


def test_without_poison_the_same_workbook_is_read():
    """The proof that it is the poison that is refused."""
    assert answered(GOOD, "form.xlsx")["form"] is not None
    told = [p["message"] for p in answered(changed(b"txet"), "form.xlsx")["problems"]]
    assert any("txet" in words for words in told)


def test_rows_beyond_the_size_a_file_says_it_has_are_read():
    book = sources.read_workbook(changed(b"txet"), "form.xlsx")
    assert [row.number for row in book.sheet("survey").rows] == [2, 3]


def test_what_unpacks_to_too_much_is_refused_only_by_its_guard(monkeypatch):
    data = changed(b"a" * 3_000_000)
    monkeypatch.setattr(sources, "MAX_UNPACKED", 2_000_000)
    assert "unpacks to far more" in answered(data, "form.xlsx")["problems"][0]["message"]
    monkeypatch.setattr(sources, "MAX_UNPACKED", 200_000_000)
    assert "unpacks" not in str(answered(data, "form.xlsx")["problems"])


def nested(depth: int) -> bytes:
    lines = ["| survey | | |", "| | type | name | label |"]
    lines += [f"| | begin group | g{n} | Group |" for n in range(depth)]
    lines += ["| | text | a | What? |", *["| | end group | | |"] * depth]
    return "\n".join(lines).encode()


def test_groups_nested_far_too_deep_are_told_by_their_row(monkeypatch):
    problem = answered(nested(200), "form.md")["problems"][0]
    assert (problem["code"], problem["row"]) == ("groups-deep", lint_rows.MAX_GROUPS + 2)
    monkeypatch.setattr(lint_rows, "MAX_GROUPS", 10_000)
    assert all(p["code"] != "groups-deep" for p in answered(nested(200), "form.md")["problems"])


def test_groups_as_deep_as_people_write_them_are_a_form():
    assert answered(nested(12), "form.md")["form"] is not None


class _Tried(AssertionError):
    """The pattern was tried on the text."""


class _Spy:
    def search(self, _text):
        raise _Tried


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("^(a+)+$", "a" * 40 + "!"), ("^.*.*.*.*=$", "a" * 5_000), ("(x+x+)+y", "x" * 60)],
)
def test_a_pattern_that_could_run_for_ever_is_not_even_tried(pattern, text, monkeypatch):
    checked = patterns.pattern_of(pattern)
    guarded = patterns.Checked(_Spy(), checked.longest, nested=checked.nested)
    monkeypatch.setattr(patterns, "pattern_of", lambda _: guarded)
    assert not patterns.fits(text, pattern)
    open_door = patterns.Checked(_Spy(), 10**9, nested=checked.nested)
    monkeypatch.setattr(patterns, "pattern_of", lambda _: open_door)
    with pytest.raises(_Tried):  # the guard off: it would have been tried
        patterns.fits(text, pattern)


def test_depth_of_a_formula_has_an_end():
    assert parse("(" * (MAX_DEPTH - 1) + "1" + ")" * (MAX_DEPTH - 1))
    with pytest.raises(FormulaSyntax, match="nested too deep"):
        parse("(" * (MAX_DEPTH + 1) + "1" + ")" * (MAX_DEPTH + 1))
