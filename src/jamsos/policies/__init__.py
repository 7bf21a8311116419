"""What the law refuses: one policy a file, each a pure function of a case."""
