"""How laptop and register agree: one wire, two ends that never import each other."""
