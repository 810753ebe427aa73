"""What holds for every answer over HTTP: representations, caching, limits, problems, metrics."""
