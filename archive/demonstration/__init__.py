"""The invented county of Qilan, so that a new museum opens with something to look at."""
