"""A seeded mutator of pricing pages, and the judge of what is published from what it made."""
