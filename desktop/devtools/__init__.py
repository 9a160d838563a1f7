"""Practice data, benchmark data and pictures of the screens. Everybody in them is invented."""
