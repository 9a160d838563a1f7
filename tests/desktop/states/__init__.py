"""Every screen of the coach and the lead in every state it can be in."""
