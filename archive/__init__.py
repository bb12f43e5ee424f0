"""The museum: its domain, its public site and its editors' desk."""
