"""What prices were: series, their revisions, the fold that makes them, and reads at two times."""
