"""Policies, the refusals of the law: one a file, each a pure function of a case."""
