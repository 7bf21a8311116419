"""Deriving an answer again, from the history alone."""
