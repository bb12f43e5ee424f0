"""What the museum gives away: citations, linked data, feeds, site maps, the reader's saved list, its text in
traditional characters."""
