"""Where prices go: the index, families, the market by month, and the risk of a move."""
