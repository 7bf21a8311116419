"""The moves of a walk: commands that fit as things stand, one file for each group."""
