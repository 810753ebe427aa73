"""Sources and their documents: what was fetched of them, kept of it, and read in it."""
