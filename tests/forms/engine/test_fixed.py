"""Formulas of constants: the language shown is none, nor is where a choice is asked."""

from __future__ import annotations

from datetime import UTC, datetime

from forms.engine.model import NodeDef
from forms.engine.session import FormSession
from forms.engine.shapes import forget_shapes
from forms.engine.xform_reader import read_form
from forms.values import SetClock

CLOCK = SetClock(datetime(2026, 11, 20, 12, tzinfo=UTC))


def form(data, binds, body, more=""):
    forget_shapes()
    return read_form(
        '<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml" '
        'xmlns:jr="http://openrosa.org/javarosa"><h:head><model>'
        '<itext><translation lang="English" default="true()"><text id="a"><value>Cat</value></text>'
        '</translation><translation lang="French"><text id="a"><value>Chat</value></text>'
        f"</translation></itext><instance><data id='s'>{data}</data></instance>{more}{binds}"
        f"</model></h:head><h:body>{body}</h:body></h:html>"
    )


def test_a_text_of_the_form_follows_the_language_there_and_back():
    made = form(
        "<q/><t/><other/>",
        """<bind nodeset="/data/t" calculate="jr:itext('a')"/>"""
        """<bind nodeset="/data/other" calculate="concat(jr:itext('a'), '!')"/>""",
        '<input ref="/data/q"/>',
    )
    session = FormSession(made, clock=CLOCK)
    seen = []
    for language in ("English", "French", "English"):
        session.set_language(language)
        seen.append((session.node("/data/t").value, session.node("/data/other").value))
    assert seen == [("Cat", "Cat!"), ("Chat", "Chat!"), ("Cat", "Cat!")]


def test_the_words_of_a_choice_are_those_of_the_nearest_question():
    made = form(
        '<line jr:template=""><kind/><q/><t/></line>',
        """<bind nodeset="/data/line/t" calculate="jr:choice-name('a', '/data/line/q')"/>""",
        '<group ref="/data/line"><repeat nodeset="/data/line"><input ref="/data/line/kind"/>'
        """<select1 ref="/data/line/q"><itemset nodeset="instance('l')/root/item"""
        """[kind = current()/../kind]"><value ref="name"/><label ref="label"/></itemset>"""
        "</select1></repeat></group>",
        "<instance id='l'><root><item><name>a</name><label>Cat</label><kind>x</kind></item>"
        "<item><name>a</name><label>Dog</label><kind>y</kind></item></root></instance>",
    )
    kinds = "".join(f"<line><kind>{kind}</kind><q/><t/></line>" for kind in "xy")
    session = FormSession(made, clock=CLOCK, instance_xml=f"<data id='s'>{kinds}</data>")
    found = [session.node(f"/data/line[{n}]/t").value for n in (1, 2)]
    assert found == ["Cat", "Dog"]


def test_who_looks_while_names_are_gathered_finds_them_all():
    """A form is shared between lanes: another may look in the middle."""
    seen = []

    class Kids(list):
        looked = False

        def __iter__(self):
            for kid in super().__iter__():
                if not self.looked:
                    self.looked = True
                    seen.append(node.named("b"))
                yield kid

    kids = Kids(NodeDef(name, f"/data/{name}", name, index=at) for at, name in enumerate("ab"))
    node = NodeDef("data", "/data", "data", kids=kids, index=9)
    assert node.named("b") == [kids[1]]
    assert seen == [[kids[1]]]
