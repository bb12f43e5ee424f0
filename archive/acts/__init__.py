"""The append-only log: what is recorded, how it is chained, and how tampering is found."""
