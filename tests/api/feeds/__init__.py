"""The feeds of changes."""
