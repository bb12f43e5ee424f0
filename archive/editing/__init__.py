"""The editors' desk: what we add to Wagtail's CMS."""
