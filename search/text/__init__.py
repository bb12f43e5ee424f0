"""Pure functions on Chinese text: folding, tokens and snippets; no database, no settings, no clock."""
