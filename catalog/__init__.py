"""What a price is, how it is versioned, identified, compared and ranked."""
