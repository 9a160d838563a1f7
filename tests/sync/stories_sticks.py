"""Stories of sticks, and of a vault that was copied onto another laptop."""

from __future__ import annotations

import msgspec

from sync.client.receipt import Receipt
from sync.protocol import PushReply
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


def _twins_and_a_register_that_forgets_one(play):
    """Two laptops wrote under the same numbers; the papers of the two."""
    play.keep_copy()
    farther.cloned(play, "a", "b")
    kept = papers.add(play, "b", 1, play.case)
    play.round("b")
    other = papers.add(play, "a", 2, play.case)
    play.set("b", "phone", "3")
    play.put_back()
    return kept, other


def a_copied_vault_and_a_register_that_was_put_back(play):
    """It forgets one of two laptops with the same numbers, and hears the other first."""
    kept, other = _twins_and_a_register_that_forgets_one(play)
    play.calm()
    play.check()
    assert {kept, other} <= play.laptops["c"].records.keys()
    assert play.laptops["c"].records[play.case].fields["phone"] == "3"


def a_copied_vault_and_a_register_that_was_put_back_without_a_line(play):
    """The same, and neither ever has a line: two sticks put the second one right."""
    kept, other = _twins_and_a_register_that_forgets_one(play)
    for name in "abb":
        farther.there_and_back(play, name)
    assert play.laptops["b"].unsent_count() == 0
    held = play.rows()
    assert {kept, other} <= held.keys(), "a paper is nowhere any more"
    assert held[play.case].fields["phone"] == "3"
    play.calm()
    play.check()
    assert {kept, other} <= play.laptops["c"].records.keys()


def an_old_image_without_a_line(play):
    """It gives numbers to new work that old work has; a stick says so, the next one takes it."""
    play.keep_image("a")
    play.set("a", "phone", "1")
    play.set("a", "place", "2")
    play.round("a")
    play.come_back("a")
    play.set("a", "phone", "1")  # as before, to the letter: it is known and keeps its name
    again = play.laptops["a"].journal[-1].dot
    play.set("a", "place", "3")
    first = play.laptops["a"].who.incarnation
    farther.there_and_back(play, "a")
    assert play.laptops["a"].who.incarnation != first
    assert again in play.laptops["a"].receipts
    second = play.laptops["a"].who.incarnation
    farther.stick_back(play, "a")  # once more: there is nothing to put right
    farther.stick_taken(play, "a")  # nor in the other answer to the same file
    farther.stick_back(play, "a")
    assert play.laptops["a"].who.incarnation == second
    farther.there_and_back(play, "a")
    assert play.laptops["a"].unsent_count() == 0
    assert len(play.answers["a"]) == 3
    ops = play._log()[0]
    assert sum(op.names == ("phone",) for op in ops) == 1, "one change under two names"
    play.calm()
    play.check()
    values = {head.value for head in play.laptops["c"].clashes[play.case, "place"]}
    assert values == {"2", "3"}


def an_old_image_keeps_the_receipts_that_fit(play):
    """What the register has of a batch that it refuses is receipted, and the receipt kept."""
    play.keep_image("a")
    for field in ("phone", "place"):
        play.set("a", field, "1")
    play.round("a")
    play.come_back("a")
    play.set("a", "phone", "1")
    known = play.laptops["a"].journal[-1]
    play.set("a", "place", "3")
    play.round("a")
    laptop = play.laptops["a"]
    kept = [msgspec.json.decode(body, type=PushReply) for body in laptop.signed if body]
    mine = [one for one in kept if one.inc == known.inc and known.seq in [a.seq for a in one.acks]]
    assert known.dot in laptop.receipts
    assert mine, "it counts as sent, and nothing signed says so"
    assert Receipt(mine[-1], mine[-1].acks).is_signed(laptop.who.register_key)
    play.calm()
    play.check()


def a_copied_vault_is_made_known_anew(play):
    """On its own laptop, with a code: what both have not sent comes twice, and counts once."""
    play.set("a", "phone", "1")
    kept = play.add("a")
    farther.cloned(play, "a", "b")
    first = play.laptops["b"].who
    play.known_anew("b")
    second = play.laptops["b"].who
    assert (first.device_id, first.incarnation) != (second.device_id, second.incarnation)
    play.round("a")
    play.set("b", "place", "2")
    play.round("b")
    assert play.laptops["b"].unsent_count() == 0
    play.calm()
    play.check()
    assert not play.laptops["c"].clashes
    fields = play.laptops["c"].records[play.case].fields
    assert (fields["phone"], fields["place"]) == ("1", "2")
    assert kept in play.laptops["c"].records


def a_vault_known_anew_and_a_register_that_was_put_back_without_a_line(play):
    """It wrote under the numbers of another device: the stick's answer has to know these too."""
    play.keep_copy()
    farther.cloned(play, "a", "b")
    kept = papers.add(play, "b", 1, play.case)
    play.round("b")
    other = papers.add(play, "a", 2, play.case)
    play.put_back()
    play.known_anew("b")
    play.set("b", "phone", "3")
    for name in "abbb":
        farther.there_and_back(play, name)
    assert play.laptops["b"].unsent_count() == 0
    assert {kept, other} <= play.rows().keys(), "a paper is nowhere any more"
    play.calm()
    play.check()


def register_put_back_to_before_a_laptop_joined(play):
    """It does not know the laptop any more; with a new code it says all of its work again."""
    play.keep_copy()
    play.known_anew("a")
    play.set("a", "phone", "1")
    kept = play.add("a")
    play.round("a")
    play.put_back()
    play.set("a", "place", "2")
    play.round("a")
    assert play.laptops["a"].unsent_count() == 1, "nobody there knows it"
    play.calm()
    play.check()
    fields = play.laptops["c"].records[play.case].fields
    assert (fields["phone"], fields["place"]) == ("1", "2")
    assert kept in play.laptops["c"].records


def rules_published_and_the_register_put_back(play):
    """To between two publications: every laptop works by what the register judges by."""
    farther.publish(play)
    play.round("a")
    play.keep_copy()
    farther.publish(play)
    for name in "ac":
        play.round(name)
    play.put_back()
    play.calm()
    play.check()
    farther.packs_agree(play)
    farther.publish(play)
    play.calm()
    farther.packs_agree(play)


def the_disk_of_the_register_is_full(play):
    """Nothing is taken and nothing counts as sent; with room again, everything is."""
    play.full = True
    play.set("a", "phone", "1")
    for how in ("line", "stick"):
        if how == "line":
            play.round("a")
        else:
            farther.there_and_back(play, "a")
        assert play.laptops["a"].unsent_count() == 1, how
    play.transfer("ben")
    play.round("c")
    assert play.laptops["c"].waiting_decisions(), "it was not judged"
    play.full = False
    play.round("a")
    assert play.laptops["a"].unsent_count() == 0
    play.calm()
    play.check()
    assert play.laptops["c"].records[play.case].fields["coach_id"] == "ben"


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
    a_copied_vault_and_a_register_that_was_put_back_without_a_line,
    an_old_image_without_a_line,
    an_old_image_keeps_the_receipts_that_fit,
    a_copied_vault_is_made_known_anew,
    a_vault_known_anew_and_a_register_that_was_put_back_without_a_line,
    the_disk_of_the_register_is_full,
    rules_published_and_the_register_put_back,
    register_put_back_to_before_a_laptop_joined,
    a_stick_on_the_wrong_laptop,
    away_for_thirteen_months,
    closed_while_a_stick_is_under_way,
]
