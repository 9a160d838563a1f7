"""What is asked and what the rules say. Pure: no Qt, no SQL, no network, no wall clock."""
