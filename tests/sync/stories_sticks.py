"""Stories of sticks, and of a vault that was copied onto another laptop."""

from __future__ import annotations

from tests.sync import farther, papers


def an_answer_comes_to_a_laptop_from_an_old_image(play):
    """The disk went after the file did: what was typed since has the name of what the file held."""
    play.keep_image("a")
    play.set("a", "phone", "1")
    farther.stick_out(play, "a")
    farther.stick_taken(play, "a")
    play.come_back("a")
    play.set("a", "phone", "2")
    farther.stick_back(play, "a")
    assert play.laptops["a"].unsent_count() == 1, "the answer is not to this change"
    play.calm()
    play.check()
    values = {head.value for head in play.laptops["c"].clashes[play.case, "phone"]}
    assert values == {"1", "2"}


def a_copied_vault_and_a_register_that_was_put_back(play):
    """Two laptops wrote under the same numbers; it forgets one and hears the other first."""
    play.keep_copy()
    farther.cloned(play, "a", "b")
    kept = papers.add(play, "b", 1, play.case)
    play.round("b")
    other = papers.add(play, "a", 2, play.case)
    play.set("b", "phone", "3")
    play.put_back()
    play.calm()
    play.check()
    assert {kept, other} <= play.laptops["c"].records.keys()
    assert play.laptops["c"].records[play.case].fields["phone"] == "3"


def a_stick_on_the_wrong_laptop(play):
    """It is for another; nothing is used."""
    play.set("d", "phone", "1")
    play.add("d")
    farther.stick_out(play, "d")
    farther.stick_taken(play, "d")
    play.add("a")
    farther.stick_back(play, "a", whose="d")
    assert play.laptops["a"].unsent_count() == 1
    farther.stick_back(play, "d")
    assert play.laptops["d"].unsent_count() == 0
    play.calm()
    play.check()


def away_for_thirteen_months(play):
    """Its case went to another coach meanwhile: what it wrote is kept for the lead, and said."""
    play.set("a", "phone", "7")
    play.transfer("ben")
    play.round("c")
    farther.days_pass(play, 400)
    play.round("a")
    assert [ack.result for ack in play.laptops["a"].receipts.values()][-1] == "held:late"
    play.calm()
    play.check()
    assert play.case not in play.laptops["a"].records


def closed_while_a_stick_is_under_way(play):
    """What it brought before stays; the file of a closed laptop is refused whole."""
    play.set("b", "phone", "1")
    farther.stick_out(play, "b")
    farther.stick_taken(play, "b")
    play.set("b", "place", "2")
    farther.stick_out(play, "b")
    play.revoke("b")
    farther.stick_taken(play, "b")
    assert len(play.answers["b"]) == 1
    play.calm()
    play.check()
    fields = play.laptops["c"].records[play.case].fields
    assert (fields["phone"], fields["place"]) == ("1", "p")


STICKS = [
    an_answer_comes_to_a_laptop_from_an_old_image,
    a_copied_vault_and_a_register_that_was_put_back,
    a_stick_on_the_wrong_laptop,
    away_for_thirteen_months,
    closed_while_a_stick_is_under_way,
]
