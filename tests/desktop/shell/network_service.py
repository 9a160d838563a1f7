"""A NetworkManager on a bus of its own: what it says of the line, changed on command.

`python -m tests.desktop.shell.network_service` takes the name on the system bus, says "ready", and
for each line like "Metered=1" on its standard input tells that this changed. Refuses everything
that is no question about a property.
"""

from __future__ import annotations

import sys
import threading

from jeepney import DBusAddress, HeaderFields, MessageType, new_error, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

NAME, PATH = "org.freedesktop.NetworkManager", "/org/freedesktop/NetworkManager"
PROPERTIES = DBusAddress(PATH, bus_name=NAME, interface="org.freedesktop.DBus.Properties")
STANDS = {  # connected to all, and by what; 4 = guessed that it costs nothing
    "State": ("u", 70),
    "Connectivity": ("u", 4),
    "Metered": ("u", 4),
    "PrimaryConnection": ("o", "/"),
}


def answer(asked: object) -> object:
    """What one question gets."""
    member, body = asked.header.fields[HeaderFields.member], asked.body
    if member == "Get" and body[1] in STANDS:
        return new_method_return(asked, "v", (STANDS[body[1]],))
    if member == "GetAll":
        return new_method_return(asked, "a{sv}", (STANDS,))
    return new_error(asked, "org.freedesktop.DBus.Error.UnknownMethod")


def main() -> None:
    """Until standard input ends."""
    bus = open_dbus_connection("SYSTEM")
    bus.send_and_get_reply(message_bus.RequestName(NAME))
    sys.stdout.write("ready\n")
    sys.stdout.flush()

    def speak() -> None:
        for line in sys.stdin:
            name, _, value = line.strip().partition("=")
            STANDS[name] = ("u", int(value))
            changed = (NAME, {name: STANDS[name]}, [])
            bus.send(new_signal(PROPERTIES, "PropertiesChanged", "sa{sv}as", changed))
        bus.close()

    threading.Thread(target=speak, daemon=True).start()
    while True:
        asked = bus.receive()
        if asked.header.message_type is MessageType.method_call:
            bus.send(answer(asked))


if __name__ == "__main__":
    main()
