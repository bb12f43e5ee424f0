"""Files of the museum: originals, what is derived from them, and who may fetch which."""
