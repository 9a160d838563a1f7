"""Run inside `dbus-run-session`: starts the program, reads it as a screen reader does, as JSON.

Walks the accessibility tree over AT-SPI, presses Caseload by its action, and waits for the table;
then presses what filters, saves and goes wrong, and notes what the program has a reader say.
"""

from __future__ import annotations

import json
import subprocess
import sys
from threading import Event
from time import monotonic

from jeepney import DBusAddress, MatchRule, Properties, new_method_call
from jeepney.io.blocking import open_dbus_connection

SECONDS = 60
ACCESSIBLE = "org.a11y.atspi.Accessible"
EVENTS = "org.a11y.atspi.Event.Object"
ROOT = ("org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root")
PRESSED = {"push button", "button", "radio button", "check box", "text", "entry", "combo box"}


class Reader:
    """A connection to the accessibility bus."""

    def __init__(self) -> None:
        session = open_dbus_connection("SESSION")
        message = new_method_call(
            DBusAddress("/org/a11y/bus", "org.a11y.Bus", "org.a11y.Bus"), "GetAddress"
        )
        (address,) = session.send_and_get_reply(message, timeout=20).body
        self._bus = open_dbus_connection(address)

    def listen(self):
        """Ask to be told what shall be said; every answer after this keeps what came before it."""
        registry = DBusAddress(
            "/org/a11y/atspi/registry",
            "org.a11y.atspi.Registry",
            "org.a11y.atspi.Registry",
        )
        ask = new_method_call(registry, "RegisterEvent", "s", ("object:announcement",))
        self._bus.send_and_get_reply(ask, timeout=20)
        rule = MatchRule(type="signal", interface=EVENTS, member="Announcement")
        bus = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")
        add = new_method_call(bus, "AddMatch", "s", (rule.serialise(),))
        self._bus.send_and_get_reply(add, timeout=20)
        self._said = self._bus.filter(rule, bufsize=200)
        self._heard = self._said.__enter__()

    def heard(self):
        """What was said so far, oldest first."""
        return [message.body[3][1] for message in self._heard]

    def call(self, at, interface, method, signature=None, body=()):
        bus, path = at
        message = new_method_call(DBusAddress(path, bus, interface), method, signature, body)
        reply = self._bus.send_and_get_reply(message, timeout=20)
        return reply.body if reply.header.message_type.name != "error" else None

    def name(self, at):
        bus, path = at
        message = Properties(DBusAddress(path, bus, ACCESSIBLE)).get("Name")
        reply = self._bus.send_and_get_reply(message, timeout=20)
        return reply.body[0][1] if reply.header.message_type.name != "error" else ""

    def children(self, at):
        found = self.call(at, ACCESSIBLE, "GetChildren")
        return [tuple(each) for each in found[0]] if found else []

    def walk(self, at, deep=0):
        """(address, role, name, whether it is on the screen) of everything below."""
        role = (self.call(at, ACCESSIBLE, "GetRoleName") or ("",))[0]
        states = (self.call(at, ACCESSIBLE, "GetState") or ((0, 0),))[0]
        yield at, role, self.name(at), bool(states[0] >> 25 & 1)  # 25: showing
        if deep < 40 and role not in ("table", "list"):
            for child in self.children(at):
                yield from self.walk(child, deep + 1)


def until(look):
    """Ask until there is an answer."""
    end, pause = monotonic() + SECONDS, Event()
    while monotonic() < end:
        found = look()
        if found:
            return found
        pause.wait(0.1)
    raise TimeoutError


def main() -> int:
    app = subprocess.Popen([sys.executable, "-m", "desktop", "sample"])
    try:
        reader = Reader()
        (window,) = until(lambda: reader.children(ROOT)[:1])

        def tree():
            return list(reader.walk(window))

        def button(name):
            return next((at for at, _, n, _ in tree() if n == name), None)

        press = until(lambda: button("Caseload, 40"))
        before = tree()
        reader.call(press, "org.a11y.atspi.Action", "DoAction", "i", (0,))
        table = "Caseload. Enter opens, Space shows a preview"
        until(lambda: any(n == table and showing for _, _, n, showing in tree()))
        reader.listen()

        told = {}

        def begins(name):
            return next((at for at, _, n, on in tree() if on and n.startswith(name)), None)

        def press(name):
            at = until(lambda: begins(name))
            reader.call(at, "org.a11y.atspi.Action", "DoAction", "i", (0,))

        def act(name, words):
            """Press it by its action, and wait until words that begin so are said."""
            before = len(reader.heard())
            press(name)

            def said():
                tree()  # each answer brings what was said before it
                return [one for one in reader.heard()[before:] if one.startswith(words)]

            told[name] = until(said)

        act("Show quiet: 2", "2 enterprises")  # a filter
        press("New enquiry")
        act("Take this person on", "")
        press("Today")
        act("Done: ", "Saved on this laptop")
        nameless = [r for _, r, n, showing in before if r in PRESSED and showing and not n]
        print(
            json.dumps(
                {
                    "app": reader.name(window),
                    "names": [n for _, _, n, showing in before if n and showing],
                    "nameless": nameless,
                    "count": len(before),
                    "told": told,
                }
            )
        )
    finally:
        app.terminate()
        app.wait(20)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
