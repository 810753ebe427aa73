"""What the catalog says in the formats of other tools, and what those formats cannot say."""
