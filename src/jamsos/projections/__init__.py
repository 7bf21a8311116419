"""Disposable sums over a history: thrown away, and made again from the events alone."""
