"""What is due, covered, fined and earned under the law of the day: pure functions."""
