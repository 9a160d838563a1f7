"""Screens: privacy duties, and one person's consent and own copy."""
