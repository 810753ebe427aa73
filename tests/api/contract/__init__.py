"""The description of the API, and what would break it."""
