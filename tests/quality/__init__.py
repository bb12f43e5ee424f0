"""Outside judges of the public site, run against a museum that is open: HTML checker, Lighthouse, a count of bytes."""
