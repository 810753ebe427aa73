"""The log of changes as programs follow it: Server-Sent Events, Atom and JSON Feed."""
