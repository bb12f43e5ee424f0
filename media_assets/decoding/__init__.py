"""Reads untrusted files inside the sandbox. Nothing here imports Django: see `media_assets.sandbox`."""
