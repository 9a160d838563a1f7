"""The program built into a folder that runs where no Python is."""
