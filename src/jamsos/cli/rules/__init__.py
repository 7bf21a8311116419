"""`jamsos rules`: what the law says on a day, what changes, and whether a file can be read."""
