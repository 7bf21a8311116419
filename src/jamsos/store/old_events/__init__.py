"""Events of older versions: how they are stored, and how each is read as the next version."""
