"""One module a report: a dossier in, renderer-neutral blocks out."""
