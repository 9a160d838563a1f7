"""Qt-free: what a screen shows and what happens when it is used."""
