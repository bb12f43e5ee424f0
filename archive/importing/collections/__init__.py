"""Inventories: tables whose rows become things of the collection.

columns, merges (pure) → reading (in the bounded process) → vocabulary, values → plan (writes nothing of the collection)
→ apply, undo → runs. Export writes the same columns back.
"""
