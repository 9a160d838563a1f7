"""The report fonts and their licences, as files. Nothing runs here."""
