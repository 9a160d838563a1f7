"""What the pages say of the tree is so: links lead somewhere, files and decisions exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\[[^]]*\]\(([^)\s]+)\)")
NAMED = re.compile(r"`((?:desktop|storage|sync|forms|evidence|tests|docs|build_spec)/[\w./-]+)`")
DECISION = re.compile(r"\bdecisions? (\d{4})\b|docs/decisions/(\d{4})")


def slug(heading):
    words = re.sub(r"[^\w\s-]", "", heading.lower()).strip()
    return re.sub(r"\s", "-", words)


def anchors(path):
    return {slug(one) for one in re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.MULTILINE)}


def is_there(named):
    """A file, a folder, a module, or something in a module; NAME stands for any."""
    if "NAME" in named:
        return (ROOT / named).parent.is_dir()
    module = re.sub(r"\.\w+$", "", named)
    return any((ROOT / one).exists() for one in (named, f"{named}.py", f"{module}.py"))


def faults(page, text):
    out = []
    for target in LINK.findall(text):
        where, _, anchor = target.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        path = (page.parent / where).resolve() if where else page
        if not path.exists():
            out.append(f"link to {target}")
        elif anchor and anchor not in anchors(path):
            out.append(f"no heading {target}")
    out += [f"file {named}" for named in NAMED.findall(text) if not is_there(named)]
    for one, other in DECISION.findall(text):
        if not list((ROOT / "docs/decisions").glob(f"{one or other}-*.md")):
            out.append(f"decision {one or other}")
    return out


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_leads_to_is_there(page):
    assert faults(page, page.read_text("utf-8")) == []


def test_what_leads_nowhere_is_found():
    page = ROOT / "README.md"
    text = "[a](docs/none.md) [b](docs/platforms.md#nothing) `sync/none.py` decision 9999 [c](#no)"
    assert len(faults(page, text)) == 5
    assert not is_there("sync/register/nothing.thing")
    assert is_there("sync/register/limits.Limits")


def test_decisions_are_numbered_once_and_have_their_parts():
    pages = sorted((ROOT / "docs/decisions").glob("*.md"))
    numbers = [int(page.name[:4]) for page in pages]
    assert numbers == list(range(1, len(pages) + 1))
    for page in pages:
        text = page.read_text("utf-8")
        missing = [p for p in ("Summary", "Context", "Decision") if f"\n## {p}" not in text]
        assert not missing, page.name
