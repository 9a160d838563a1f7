"""The timeline of an enterprise."""
