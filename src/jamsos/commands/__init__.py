"""The commands: each is a frozen value under a published name."""
