"""Stories of a register or a laptop that comes back from an older copy."""

from __future__ import annotations

from sync.client.exchange import run_round


def register_put_back(play):
    """The register forgets an op that it had receipted."""
    play.keep_copy()
    play.set("a", "phone", "1")
    play.round("a")
    play.put_back()
    play.calm()
    play.check()
    assert play.laptops["c"].records[play.case].fields["phone"] == "1"


def register_put_back_with_a_new_history(play):
    """The same, and the restore said so."""
    play.keep_copy()
    play.set("a", "phone", "1")
    play.add("a")
    play.round("a")
    play.put_back(new_history=True)
    play.set("c", "place", "2")
    play.calm()
    play.check()


def register_put_back_behind_a_laptop_that_joined_anew(play):
    """The device and what it sent are forgotten; what it writes from then on has other names."""
    play.keep_copy()
    play.add("a")
    play.known_anew("a")
    play.round("a", "stops halfway")
    assert not play.laptops["a"].unsent(1)
    play.put_back()
    play.calm()
    play.check()


def register_put_back_behind_an_idle_laptop(play):
    """Its bookmark is older than the copy; only its receipts show that something is missing."""
    play.keep_copy()
    play.set("a", "phone", "1")
    play.round("a", "drop pull")
    assert not play.laptops["a"].unsent(1)
    play.put_back()
    play.calm()
    play.check()


def register_put_back_and_grown_again(play):
    """Another history has reached the very place that a laptop's bookmark names."""
    play.keep_copy()
    play.set("a", "phone", "1")
    play.round("a")
    play.round("b")
    play.put_back()
    play.set("c", "place", "2")
    play.round("c")
    play.calm()
    play.check()
    for laptop in play.holders():
        assert laptop.records[play.case].fields["place"] == "2"


def register_put_back_before_the_next_edit(play):
    """The next op follows one that the register has forgotten: a gap."""
    play.keep_copy()
    play.set("a", "phone", "1")
    play.round("a")
    play.put_back()
    play.set("a", "phone", "2")
    play.round("a")
    play.calm()
    play.check()


def register_hears_the_later_edit_first(play):
    """After it was put back: b's edit replaced a's, and b is the first to speak."""
    play.keep_copy()
    play.set("a", "phone", "1")
    play.round("a")
    play.round("b")
    play.set("b", "phone", "2")
    play.round("b")
    play.put_back()
    play.round("b")
    play.round("a")
    play.calm()
    play.check()
    assert not play.laptops["a"].clashes


def laptop_from_an_old_image(play):
    """It forgot an op that it had sent, and is noticed before it writes anything."""
    play.keep_image("a")
    play.set("a", "phone", "1")
    play.round("a")
    play.come_back("a")
    first = play.laptops["a"].who.incarnation
    report = run_round(play.laptops["a"], play.wires["a"], play.clock)
    assert report.recovered == "device_regressed"
    assert play.laptops["a"].who.incarnation != first
    play.calm()
    play.check()


def laptop_from_an_old_image_uses_a_number_again(play):
    """It forgot an op and has given its number to another."""
    play.keep_image("a")
    play.set("a", "phone", "1")
    play.round("a")
    play.come_back("a")
    play.set("a", "place", "2")
    play.calm()
    play.check()
    for laptop in play.holders():
        fields = laptop.records[play.case].fields
        assert (fields["phone"], fields["place"]) == ("1", "2")


def both_from_old_copies(play):
    """A renumbered laptop still holds, under its first number, what the register has forgotten."""
    play.keep_copy()
    play.set("a", "phone", "1")
    play.round("a")
    play.keep_image("a")
    play.set("a", "place", "2")
    play.round("a")
    play.come_back("a")
    play.round("a")
    play.put_back()
    play.set("a", "place", "3")
    play.calm()
    play.check()
    assert play.laptops["c"].records[play.case].fields["phone"] == "1"


def register_forgets_a_number_nobody_wrote_in(play):
    """It gave a laptop from an old image a new one, and came back from a copy before that."""
    play.keep_image("b")
    play.set("b", "place", "1")
    play.keep_copy()
    play.round("b")
    play.come_back("b")
    play.round("b")
    play.put_back()
    play.calm()
    play.check()


def both_forget_a_removal(play):
    """Beside an edit of somebody who heard of it: it is not removed there, nor in question."""
    play.keep_image("b")
    play.remove("b")
    play.keep_copy()
    play.round("b")
    play.set("a", "phone", "1")
    play.round("a")
    play.come_back("b")
    play.put_back()
    play.calm()
    play.check()


def both_forget_a_removal_that_stood(play):
    """Somebody else took it for removed."""
    play.keep_image("b")
    play.remove("b")
    play.keep_copy()
    play.round("b")
    play.round("a")
    play.come_back("b")
    play.put_back()
    play.set("a", "phone", "1")
    play.calm()
    play.check()


def register_put_back_after_it_gave_numbers(play):
    """It has forgotten a number that it gave to one laptop, and must not give it to another."""
    for name in "abc":
        play.keep_image(name)
        play.set(name, "place", name)
        play.round(name)
    play.keep_copy()
    for name in "abc":
        play.come_back(name)
    play.round("a")
    play.set("a", "phone", "1")
    play.round("a")
    play.put_back()
    for name in "bc":
        play.round(name)
        play.set(name, "phone", name)
        play.round(name)
    numbers = [laptop.who.incarnation for laptop in play.holders()]
    play.calm()
    play.check()
    assert len(set(numbers)) == 3


def register_put_back_writes_of_its_own_again(play):
    """It has forgotten a union that it wrote; an edit of that one must not replace another."""
    play.keep_copy()
    play.set("a", "facts", {"vol": 0, "x": 1})
    play.set("c", "facts", {"vol": 0, "y": 1})
    for name in "aca":
        play.round(name)
    play.round("c")
    forgotten = set(play.laptops["c"].records[play.case].versions["facts"])
    play.set("c", "facts", {"vol": 0, "x": 1, "y": 1, "z": 1})
    play.put_back()
    play.set("b", "facts", {"vol": 0, "w": 1})
    for name in "bac":
        play.round(name)
    play.calm()
    play.check()
    held = play.laptops["b"]
    heads = held.clashes.get((play.case, "facts"), ())
    values = [held.records[play.case].fields["facts"], *(head.value for head in heads)]
    assert any("w" in value for value in values), "an answer is nowhere any more"
    given = {f"{op.inc}.{op.seq}" for op in play._log()[0]}
    assert not forgotten & given, "the register gave a name twice"


def _both_forget_the_first_edit(play):
    play.keep_copy()
    play.keep_image("a")
    play.set("a", "phone", "1")
    play.round("a")
    play.round("b")
    play.put_back()
    play.come_back("a")


def _both_later_edits_stand(play):
    play.calm()
    play.check()
    for laptop in play.holders():
        assert {h.value for h in laptop.clashes[play.case, "phone"]} == {"2", "3"}


def both_from_old_copies_give_one_name_twice(play):
    """Laptop and register forgot the same op; what b wrote over it spares its namesake."""
    _both_forget_the_first_edit(play)
    play.set("a", "phone", "2")
    play.round("a")
    play.set("b", "phone", "3")
    _both_later_edits_stand(play)


def one_name_twice_and_the_later_edit_first(play):
    """The same, and b's edit is heard before the op whose name it takes for another's."""
    _both_forget_the_first_edit(play)
    play.set("b", "phone", "3")
    play.round("b")
    play.set("a", "phone", "2")
    _both_later_edits_stand(play)


def recovery_cut_short(play):
    """The line breaks in the middle of a recovery; the next round ends it."""
    play.keep_copy()
    for value in "123":
        play.set("a", "phone", value)
        play.round("a")
    play.put_back()
    for fault in ("drop answer", "drop pull", "register dies", "cut answer"):
        play.round("a", fault)
        play.round("b", fault)
    play.calm()
    play.check()
