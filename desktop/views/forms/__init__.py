"""The programme's forms and their versions."""
