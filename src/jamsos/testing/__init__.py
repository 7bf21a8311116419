"""What jamsos is tested with, for those who build on it."""
