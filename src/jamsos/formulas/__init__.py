"""Pure functions of the law of the day: dues, coverage, fines and earnings, explained."""
