"""Reads, decides and records, whatever is asked for: the engine knows no command."""
