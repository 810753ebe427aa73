"""Mirrors the four folders; pages/ and cassettes/ hold what is read and replayed."""
