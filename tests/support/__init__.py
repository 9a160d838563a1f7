"""What the journey tests share: the whole journey played once, and ways to look into it."""
