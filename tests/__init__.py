"""Tests, by package and kind. They wait on facts, never on time."""
