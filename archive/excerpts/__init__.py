"""Pages of a book to take along: a run of leaves as one PDF, with what it takes to cite them."""
