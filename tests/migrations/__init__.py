"""Stores as earlier migrations left them, and that what they hold is still so."""
