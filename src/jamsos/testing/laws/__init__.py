"""Laws: how they are stated, and how histories are held against them."""
