"""The composition root: which parts make up the museum and how the environment tunes them. No app imports it."""
