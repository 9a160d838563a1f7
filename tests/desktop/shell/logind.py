"""A login service on a bus of its own, as systemd's speaks: one session, told about on command.

`python -m tests.desktop.shell.logind` takes the name on the system bus, says "ready", and for each
line on its standard input sends one signal with the types that the real one uses. Refuses to
answer anything but which session a process is in.
"""

from __future__ import annotations

import sys
import threading

from jeepney import DBusAddress, HeaderFields, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

LOGIN, PATH = "org.freedesktop.login1", "/org/freedesktop/login1"
SESSION_PATH = "/org/freedesktop/login1/session/_32"
MANAGER = DBusAddress(PATH, bus_name=LOGIN, interface=f"{LOGIN}.Manager")
SESSION = DBusAddress(SESSION_PATH, bus_name=LOGIN, interface=f"{LOGIN}.Session")
PROPERTIES = DBusAddress(SESSION_PATH, bus_name=LOGIN, interface="org.freedesktop.DBus.Properties")


def told(word: str) -> object:
    """The signal behind a word like "Active=False", "sleep" or "lock"."""
    name, _, value = word.partition("=")
    if name == "sleep":
        return new_signal(MANAGER, "PrepareForSleep", "b", (value == "True",))
    if name == "lock":
        return new_signal(SESSION, "Lock")
    if name == "done":
        return new_signal(DBusAddress("/done", interface="uk.hedgerow.Test"), "Done")
    changed = {name: ("b", value == "True")}
    body = (f"{LOGIN}.Session", changed, [])
    return new_signal(PROPERTIES, "PropertiesChanged", "sa{sv}as", body)


def main() -> None:
    """Until standard input ends."""
    bus = open_dbus_connection("SYSTEM")
    bus.send_and_get_reply(message_bus.RequestName(LOGIN))
    sys.stdout.write("ready\n")
    sys.stdout.flush()

    def speak() -> None:
        for line in sys.stdin:
            bus.send(told(line.strip()))
        bus.close()

    threading.Thread(target=speak, daemon=True).start()
    while True:
        asked = bus.receive()
        if asked.header.message_type is not MessageType.method_call:
            continue
        if asked.header.fields[HeaderFields.member] == "GetSessionByPID":
            bus.send(new_method_return(asked, "o", (SESSION_PATH,)))
        else:
            bus.send(new_error(asked, "org.freedesktop.DBus.Error.UnknownMethod"))


if __name__ == "__main__":
    main()
