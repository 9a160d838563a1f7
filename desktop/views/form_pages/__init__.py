"""Pages of questions: fields that save themselves and the renderer of form sessions."""
