"""What holds for every answer over HTTP."""
