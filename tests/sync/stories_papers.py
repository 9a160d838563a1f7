"""Stories of photos and papers: lines that break, cases that go, old copies, people erased."""

from __future__ import annotations

from tests.sync import papers


def _at_register(play, number, *, small=False):
    """How many bytes of a paper the register holds, whole or on their way."""
    name = papers.name_of(number, small=small)
    found = play.store.read(lambda tx: tx.blobs.status(name))
    return sum(papers.on_their_way(play, name)) if found is None else found.held


def a_paper_goes_in_parts(play):
    """The line breaks after the first; nobody is shown a half, and the rest goes on from there."""
    papers.add(play, "a", 0, play.case)
    play.round("a", "drop part")
    assert 0 < _at_register(play, 0) < len(papers.BYTES[0])
    play.round("b")
    assert papers.look(play, "b") is None
    assert papers.name_of(0) not in play.laptops["a"].files.sent
    play.calm()
    play.check()
    assert papers.shows(play, "b", 0)
    assert papers.shows(play, "c", 0)


def a_paper_whose_answer_was_lost(play):
    """The part is there, the laptop does not know: it asks, and sends nothing twice."""
    papers.add(play, "a", 0)
    play.round("a", "drop part's answer")
    play.round("a", "slow part")
    play.calm()
    play.check()
    assert papers.shows(play, "b", 0)


def where_sending_costs_money_the_small_copy_goes(play):
    """The whole one is said to be missing until it comes."""
    papers.add(play, "a", 0)
    play.round("a", "metered")
    assert _at_register(play, 0, small=True) == len(papers.SMALL[0])
    assert _at_register(play, 0) == 0
    play.round("c")
    assert papers.look(play, "c") is None
    play.calm()
    play.check()


def register_put_back_to_before_a_paper(play):
    """Every row is as it was, so no bookmark tells: a day later it says what it lacks."""
    papers.add(play, "a", 0)
    play.round("a", "drop part")
    play.keep_copy()
    play.calm()
    assert _at_register(play, 0) == len(papers.BYTES[0])
    play.put_back()
    play.calm()
    play.check()
    assert papers.shows(play, "c", 0)


def register_put_back_to_before_a_papers_row(play):
    """Rows and bytes are said again."""
    play.keep_copy()
    papers.add(play, "a", 0)
    play.calm()
    play.put_back()
    play.calm()
    play.check()
    assert papers.shows(play, "c", 0)


def a_case_goes_before_its_paper(play):
    """The photo is on the old coach's laptop alone: it goes to the council all the same."""
    papers.add(play, "a", 0, play.case)
    play.round("a", "metered")
    play.transfer("ben")
    play.round("c")
    play.calm()
    play.check()
    assert play.case not in play.laptops["a"].records
    assert papers.shows(play, "d", 0)
    assert papers.look(play, "a") is None


def laptop_from_an_old_image_with_a_paper(play):
    """It came back to before it had sent it."""
    papers.add(play, "a", 0)
    play.keep_image("a")
    play.round("a", "drop part")
    papers.add(play, "a", 1)
    play.round("a", "drop part")
    play.come_back("a")
    play.calm()
    play.check()
    assert papers.name_of(0) in play.laptops["a"].files.sent


def a_person_is_erased_with_their_papers(play):
    """At the register, and on every laptop that had them."""
    papers.add(play, "a", 0)
    play.calm()
    assert papers.shows(play, "c", 0)
    papers.erase(play)
    play.calm()
    play.check()
    assert _at_register(play, 0) == 0
    assert not play.laptops["a"].files.bytes
    assert not play.laptops["c"].files.bytes


def a_person_is_erased_while_their_paper_is_sent(play):
    """The laptop has not heard of it and goes on with the next part."""
    papers.add(play, "a", 0)
    play.wires["a"].between_parts = lambda: papers.erase(play)
    play.round("a")
    assert _at_register(play, 0) == 0
    play.calm()
    play.check()


def one_paper_in_two_cases_and_one_is_erased(play):
    """The same bytes still belong to the other."""
    papers.add(play, "a", 0)
    papers.add(play, "a", 0, play.case)
    play.calm()
    papers.erase(play)
    assert _at_register(play, 0) == len(papers.BYTES[0])
    play.calm()
    play.check()
    assert papers.shows(play, "c", 0)
