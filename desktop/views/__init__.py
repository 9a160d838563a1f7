"""Qt widgets. They show what presenters say; no storage, sync, evidence or rules."""
