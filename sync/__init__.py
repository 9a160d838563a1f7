"""How a laptop and the register bring each other up to date. `PROTOCOL.md` is the wire."""
