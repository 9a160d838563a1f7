"""Small widgets that every screen is built from: named, plain-text, keyboard-ready.

Refuses to know any record or rule: it is given words and gives back intents.
"""
