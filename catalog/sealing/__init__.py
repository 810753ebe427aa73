"""The hash chain over all history, and how it is verified."""
