"""A form that a lead publishes reaches a coach's laptop through the register, only as it was."""

from __future__ import annotations

import dataclasses
from datetime import date
from functools import partial

import pytest

from desktop.broadcast import Broadcast
from desktop.context import Context, Session
from desktop.operations import form_filling as filling
from desktop.operations import form_publishing as publishing
from desktop.operations.form_arrivals import take_in
from desktop.operations.writing import write
from desktop.presenters.form_arrivals import FormArrivals
from desktop.settings import Settings
from forms.engine.library import load_form
from forms.engine.problems import FormRefused
from forms.engine.versions import MOST, fingerprint, packed, unpacked
from forms.facts.published import PublishedForm
from forms.rules.pack import load_pack
from forms.values import Actor, Role, new_id
from tests.desktop.screens.desk import OnTheSpot, Told, Went
from tests.sync.vaults import VaultLaptop, world_of_vaults
from tests.sync.world import World

XFORM = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml">
<h:head><h:title>{title}</h:title><model>
<instance><data id="{form}" version="{version}"><a/></data></instance>
<bind nodeset="/data/a" type="string"/></model></h:head>
<h:body><input ref="/data/a"><label>{label}</label></input></h:body></h:html>"""


@pytest.fixture
def world(folder):
    with world_of_vaults(folder) as made:
        yield made


def context(laptop, world, role):
    actor = Actor(laptop.exchange.identity().actor_id, "Somebody", role)
    return Context(
        clock=world.clock,
        jobs=OnTheSpot(),
        tell=Told(),
        goes=Went(),
        settings=Settings(None),
        session=Session(vault=laptop.vault, actor=actor, pack=load_pack("kent")),
        broadcast=Broadcast(),
    )


def book(version, *, form="visit", label="What happened?"):
    xform = XFORM.format(title="Visit", form=form, version=version, label=label)
    return publishing.Workbook(name="visit.xlsx", data=b"", problems=(), xform=xform)


def publish(laptop, world, version, **named):
    made, failed = context(laptop, world, Role.LEAD), []
    found = publishing.propose(
        laptop.vault, "kent", book(version, **named), date(2026, 4, 1), made.clock
    )
    operation = partial(publishing.publish, proposal=found, ticked=True)
    write(made, operation, owner=made, on_done=lambda _: None, on_failed=failed.append)
    assert not failed, failed


def offered(laptop, form="visit"):
    return filling.offered(laptop.vault, "kent", form).version


def test_what_a_lead_publishes_is_offered_on_the_coachs_laptop(world):
    lead, ann = world.laptop("lee"), world.laptop("ann")
    publish(lead, world, "1")
    publish(lead, world, "2", label="What came of it?")
    world.settle_down()
    assert take_in(ann.vault, "kent").new == ("Visit, version 1", "Visit, version 2")
    assert offered(ann) == offered(lead) == "2"
    assert filling.on_version(ann.vault, "kent", "visit", "1").version == "1"
    assert take_in(ann.vault, "kent").new == ()


def test_a_form_that_replaces_a_shipped_one_wins_on_a_laptop_that_never_opened_it(world):
    lead, ann = world.laptop("lee"), world.laptop("ann")
    publish(lead, world, "9", form="activity_return")
    world.settle_down()
    take_in(ann.vault, "kent")
    assert offered(ann, "activity_return") == offered(lead, "activity_return") == "9"


def test_what_is_withdrawn_is_withdrawn_everywhere_and_still_opens(world):
    lead, ann = world.laptop("lee"), world.laptop("ann")
    publish(lead, world, "1")
    publish(lead, world, "2")
    world.settle_down()
    take_in(ann.vault, "kent")
    made = context(lead, world, Role.LEAD)
    failed = []
    operation = partial(publishing.retire, form_id="visit", version="2")
    write(made, operation, owner=made, on_done=lambda _: None, on_failed=failed.append)
    assert not failed
    world.settle_down()
    take_in(ann.vault, "kent")
    assert offered(ann) == "1"
    assert filling.on_version(ann.vault, "kent", "visit", "2").version == "2"


def test_the_register_takes_no_form_from_a_coach(world):
    ann, lee = world.laptop("ann"), world.laptop("lee")
    publish(ann, world, "1")  # a program that asks nobody: the register decides
    world.settle_down()
    assert lee.all(PublishedForm) == []
    assert take_in(lee.vault, "kent").new == ()


def test_a_form_that_changed_on_the_way_is_not_taken_in(world):
    lead, ann = world.laptop("lee"), world.laptop("ann")
    publish(lead, world, "1")
    (real,) = lead.all(PublishedForm)
    other = packed(XFORM.format(title="Visit", form="visit", version="1", label="Your PIN?"))
    for spoiled in (
        {"xform": other},
        {"xform": real.xform[:-9]},
        {"xform": "no form"},
        {"version": "7"},
        {"form_id": "else"},
    ):
        lead.add(dataclasses.replace(real, id=new_id(), version="5", **spoiled)
                 if "version" not in spoiled
                 else dataclasses.replace(real, id=new_id(), **spoiled))  # fmt: skip
    world.settle_down()
    taken = take_in(ann.vault, "kent")
    assert taken.new == ("Visit, version 1",)
    assert len(taken.refused) == 5
    assert all(words[-1] == "." for words in taken.refused)
    assert [each.version for each in ann.vault.forms.versions("visit")] == ["1"]


def test_two_leads_who_publish_the_same_version_keep_what_they_have(world):
    lead, other = world.laptop("lee"), world.laptop("kay")
    publish(lead, world, "1")
    publish(other, world, "1", label="Something else?")
    world.settle_down()
    for laptop in (lead, other):
        before = laptop.vault.forms.versions("visit")[0].fingerprint
        taken = take_in(laptop.vault, "kent")
        assert len(taken.refused) == 1
        assert "Publish it again as a new version" in taken.refused[0]
        assert laptop.vault.forms.versions("visit")[0].fingerprint == before


def test_two_records_of_one_version_in_one_round_are_one_form_and_a_clash(world):
    lead, other, ann = world.laptop("lee"), world.laptop("kay"), world.laptop("ann")
    publish(lead, world, "1")
    publish(other, world, "1", label="Something else?")
    world.settle_down()
    taken = take_in(ann.vault, "kent")
    assert (taken.new, len(taken.refused)) == (("Visit, version 1",), 1)
    assert "Publish it again as a new version" in taken.refused[0]
    made, failed = context(lead, world, Role.LEAD), []
    operation = partial(publishing.retire, form_id="visit", version="1")
    write(made, operation, owner=made, on_done=lambda _: None, on_failed=failed.append)
    assert not failed
    world.settle_down()
    assert take_in(ann.vault, "kent").refused == ()
    assert take_in(other.vault, "kent").refused == ()


def test_another_form_under_the_version_that_was_shipped_is_a_clash(world):
    lead, ann = world.laptop("lee"), world.laptop("ann")
    shipped = load_form("kent", "activity_return").version
    publish(lead, world, "99", form="activity_return")
    (real,) = lead.all(PublishedForm)
    other = XFORM.format(title="Return", form="activity_return", version=shipped, label="What?")
    clashing = dataclasses.replace(
        real, id=new_id(), version=shipped, xform=packed(other), fingerprint=fingerprint(other)
    )
    lead.add(clashing)
    world.settle_down()
    taken = take_in(ann.vault, "kent")
    assert len(taken.refused) == 1
    assert "Publish it again as a new version" in taken.refused[0]


def test_a_form_published_before_the_assessment_is_signed_reaches_the_coaches(folder):
    url = f"sqlite:///{folder / 'register.db'}"
    with World(url, laptop=VaultLaptop, dpia=False) as world:
        lead, ann = world.laptop("lee"), world.laptop("ann")
        publish(lead, world, "1")
        world.settle_down()
        assert take_in(ann.vault, "kent").new == ("Visit, version 1",)
        for laptop in world.laptops.values():
            laptop.close()


def test_the_desk_takes_it_in_when_it_arrives_and_says_so(world):
    lead, ann = world.laptop("lee"), world.laptop("ann")
    desk = context(ann, world, Role.COACH)
    FormArrivals(desk, desk)
    publish(lead, world, "1")
    world.round(lead)
    for changes in world.round(ann).changes:
        desk.broadcast.announce(changes)
    assert offered(ann) == "1"
    assert desk.tell.said == ["New on this laptop: Visit, version 1. Drafts stay as they are"]


def test_a_packed_form_comes_back_as_it_was_and_never_larger_than_a_form_may_be():
    text = XFORM.format(title="Visit", form="visit", version="1", label="What?")
    assert fingerprint(unpacked(packed(text))) == fingerprint(text)
    with pytest.raises(FormRefused, match="too large"):
        packed("x" * (MOST + 1))
    import base64
    import zlib

    bomb = base64.b85encode(zlib.compress(b"x" * (MOST + 1), 9)).decode()
    with pytest.raises(FormRefused, match="did not arrive whole"):
        unpacked(bomb)
