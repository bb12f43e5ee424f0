"""Drafts read by people outside: links made and ended at the desk, the page behind one, and the files it shows."""
