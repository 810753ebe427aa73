"""The API asked all that its description allows, and much that it does not."""
