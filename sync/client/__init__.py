"""The laptop end: push what is unsent, pull what is new, put questions to the register."""
