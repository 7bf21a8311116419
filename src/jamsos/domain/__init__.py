"""Pure: what happened, what it means, what may happen next."""
