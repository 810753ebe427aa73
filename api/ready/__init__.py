"""Ready answers: bytes kept while the view that they are of is the current one."""
