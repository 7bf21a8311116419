"""What can be asked for: each command is a frozen value under a published name."""
