"""One file a resource: what it shows, how it is found, and its routes."""
