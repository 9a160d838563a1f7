"""The line of the laptop on the desk to a register of the test's own; `trouble` cuts it."""

from __future__ import annotations


def line_to(world, monkeypatch, transport):
    """What the desk gets instead of a line over the network; set `trouble` on it to cut it."""

    class Line:
        trouble = None

        def __init__(self, _identity):
            self.url = "https://register.example.org"

        def send(self, *parts):
            if Line.trouble is not None:
                raise Line.trouble
            return world.line.send(*parts)

        def close(self):
            pass

    monkeypatch.setattr(transport, "open_transport", Line)
    return Line
