"""Uploads that are cut into parts and go on where they stopped: one protocol, two carriers.

models.Upload → carriers (who holds the parts) → protocol (what may be done) → acceptance (the whole becomes an asset)
→ views (the same as JSON, under the CMS). Nothing here knows a page: `signals.upload_accepted` tells of each asset.
"""
