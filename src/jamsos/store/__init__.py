"""Histories at rest: events under their published names, in databases and in files."""
