"""The log of changes: what is told, in which order, and what later knowledge makes of it."""
