"""How pages are fetched: politely, one request at a time a host, and archived as they came."""
