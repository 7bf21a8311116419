"""The law as functions, one policy a file; the law as dated, cited data in ``rules``."""
