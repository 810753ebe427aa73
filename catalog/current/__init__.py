"""What the catalog says at one moment: the view, and what its lists show."""
