"""Records into figures, figures into reports; every figure knows its records."""
