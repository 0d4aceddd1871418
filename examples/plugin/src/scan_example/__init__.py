"""A source, a channel and a report for scan."""
