"""One file a source: the file, the class and the source carry the same name."""
