"""The search for the shortest history that breaks a law: a map, a walk, and what is left out."""
