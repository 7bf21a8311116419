"""`jamsos law`: laws of one's own, held against histories."""
