"""How pages become readings."""
