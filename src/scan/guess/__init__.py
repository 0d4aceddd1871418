"""What may be behind an address, by what it holds: entries to try. Pure."""
