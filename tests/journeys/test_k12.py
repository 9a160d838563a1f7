"""K12: a visa that bars self-employment. No advice, little kept, and less after she asks."""

from dataclasses import replace
from datetime import date

from evidence.dossier import gather
from forms.facts.casework import CoachingSession, StageEvent
from forms.facts.kinds import KINDS, fields_of
from forms.facts.people import Enquiry
from forms.rules import pathway, scope
from forms.rules.finding import Verdict, blocking
from tests.support.story import END, played

ASKED = date(2023, 2, 20)
NAMES = ("Eleanor", "Frith", "Varga", "01632 960212", "frithvarga")


def test_permission_not_confirmed_stops_the_way_on():
    with played("K12", until=date(2023, 2, 10)) as story:
        (leader,) = story.leaders("K12")
        found = scope.permission_screen(leader, date(2023, 2, 10))
        assert (found.rule, found.verdict) == ("C60", Verdict.UNMET)
        events = story.all(StageEvent, "K12")
        onward = StageEvent(id="x", enterprise_id=events[0].enterprise_id, stage="SET_UP", on=END)
        around = pathway.Around(enterprise=story.enterprise("K12"), leaders=(leader,))
        stops = blocking(pathway.may_move(story.pack, events, onward, around))
        assert "PERMISSION_NOT_CONFIRMED" in {stop.code for stop in stops}
        allowed = replace(leader, self_employment_permission="confirmed")
        clear = replace(around, leaders=(allowed,))
        assert blocking(pathway.may_move(story.pack, events, onward, clear)) == []


def test_only_not_confirmed_is_kept_and_no_advice_is_given():
    with played("K12", until=date(2023, 2, 13)) as story:
        (leader,) = story.leaders("K12")
        assert leader.self_employment_permission == "not confirmed"
        notes = " ".join(note.note for note in story.all(CoachingSession, "K12")).lower()
        assert "gave no immigration advice" in notes
        assert "skilled worker" not in notes
        assert story.enterprise("K12").facts.get("visa") is True


def test_it_ends_at_the_idea_check_for_that_reason():
    with played("K12", until=date(2023, 2, 13)) as story:
        stages = [stage for stage, _ in story.stages("K12")]
        assert stages == ["ENQUIRY", "FIRST_CONVERSATION", "IDEA_CHECK", "CLOSED"]
        assert story.enquiry("K12").closed_reason == "IMMIGRATION"


def test_after_she_asks_nothing_names_her_on_any_laptop(whole):
    for device in ("lead", "coach", "coach-2", "qa", "finance"):
        there = whole.on(device)
        for kind in KINDS.values():
            if kind.local:
                continue
            for record in there.reader.all(kind.cls):
                text = str(fields_of(record))
                assert not [name for name in NAMES if name in text], (device, kind.name)


def test_the_count_stays_in_the_funnel(lead):
    enquiry = lead.enquiry("K12")
    assert enquiry.anonymised_on == ASKED
    assert (enquiry.name, enquiry.phone, enquiry.email) == ("", "", "")
    assert enquiry.closed_reason == "IMMIGRATION"
    assert enquiry in lead.reader.all(Enquiry)
    assert len(lead.reader.all(Enquiry)) == 12
    dossier = gather(lead.reader, lead.pack, END)
    assert dossier is not None
