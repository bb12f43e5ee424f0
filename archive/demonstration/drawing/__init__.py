"""Draws the demonstration's pictures by code: pure functions from a seed to pixels, no file and no database."""
