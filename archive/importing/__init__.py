"""How things come in by the hundred: read into rows, planned without writing anything, applied as a whole."""
