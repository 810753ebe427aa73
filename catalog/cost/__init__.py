"""What a usage costs: counted by its provider's rules, at the price that held."""
