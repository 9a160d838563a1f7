"""The window for two people at one screen."""
