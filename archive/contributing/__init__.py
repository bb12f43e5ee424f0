"""What towns send in: their own pages on the site, and the moves a submission may make."""
