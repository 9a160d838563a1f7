"""A listing that is taken off is gone from a colleague's laptop with the next round."""

from datetime import timedelta

import pytest

from desktop.operations.directory import PATH, directory
from desktop.operations.exchange import one_round
from forms.facts.listing import RegisterEntry
from forms.facts.people import Consent
from tests.sync.listings import publish
from tests.sync.vaults import world_of_vaults


@pytest.fixture
def world(tmp_path):
    with world_of_vaults(tmp_path) as made:
        yield made


class Counting:
    """The world's line; counts who asks for the directory, and what is answered."""

    def __init__(self, line):
        self.line, self.url, self.answers = line, line.url, []

    def send(self, method, path, headers, body):
        answer = self.line.send(method, path, headers, body)
        if path == PATH:
            self.answers.append((answer.status, len(answer.body)))
        return answer

    def close(self):
        """The world's own line stays."""


@pytest.fixture
def ben(world, monkeypatch):
    """A colleague's laptop, that has neither the case nor the listing."""
    laptop, line = world.laptop("ben"), Counting(world.line)
    monkeypatch.setattr("sync.client.transport.open_transport", lambda _who: line)

    def go():
        report = one_round(laptop.vault, lambda work: work(), world.clock)
        names = [each.name for each in directory(laptop.vault, world.clock.now().date()).listings]
        told = [
            e.record_id for c in report.changes for e in c.records if e.kind == "register_entry"
        ]
        return names, told

    return laptop, line, go


def test_it_is_gone_at_once_and_nothing_is_asked_while_nothing_changes(world, ben):
    laptop, line, go = ben
    ann = world.laptop("ann")
    _, entry = publish(world, ann, trading_name="Weald Companions")
    assert go() == (["Weald Companions"], [entry.id])
    assert go() == (["Weald Companions"], [])
    assert len(line.answers) == 1  # nothing changed: nothing is asked
    assert laptop.vault.reader.all(RegisterEntry) == []
    world.system("register_entry", entry.id, {"status": "removed"})
    assert go() == ([], [entry.id])
    assert go() == ([], [])
    assert [status for status, _ in line.answers] == [200, 200]


def test_news_that_leave_the_directory_as_it_is_cost_no_copy(world, ben):
    _, line, go = ben
    ann = world.laptop("ann")
    case, _entry = publish(world, ann)
    go()
    ann.set(case.id, phone="01303 222222")
    world.round(ann)
    world.clock.moment += timedelta(minutes=1)  # the moment of an answer is no news
    assert go()[1] == []
    assert line.answers[-1] == (304, 0)


def test_a_consent_taken_back_elsewhere_takes_it_off(world, ben):
    _, _, go = ben
    ann = world.laptop("ann")
    _case, entry = publish(world, ann)
    go()
    (consent,) = [one for one in ann.vault.reader.all(Consent) if one.purpose == "listing"]
    ann.set(consent.id, withdrawn_on=world.clock.now().date())
    world.round(ann)
    assert go() == ([], [entry.id])
