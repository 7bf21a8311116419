"""Words, numbers and names of which values are made: what cannot be is not put together at all."""

from __future__ import annotations

from typing import Final

from jamsos.domain.citation import AknName
from jamsos.domain.money import MOST

from .drawn import st

PROGRAMMES: Final = ("jht", "jkk", "jkm", "jkp", "jp", "perisai")
_NAMES: Final = ("a", "b", "agent-cap", "in-grace", "rupiah", "transport", "x1-2-y", "years")
wholes = st.integers(0, MOST)
names = st.sampled_from(_NAMES)
words = st.lists(names, max_size=3).map(lambda words: tuple(dict.fromkeys(words)))
some_programmes = st.integers(1, 2 ** len(PROGRAMMES) - 1).map(
    lambda bits: tuple(p for place, p in enumerate(PROGRAMMES) if bits >> place & 1)
)
references = st.sampled_from(("1", "2", "CSR-1", "BDG-1", "a/b:c_d.e-f", "9" * 64))
refs = st.builds(
    "{}/{}/{}".format,
    st.sampled_from(PROGRAMMES),
    st.sampled_from((*_NAMES, "agent-cap@51", "agent-cap@banuspa")),
    st.integers(1, 99),
)
urls = st.sampled_from(("https://example.org/1", "http://a", "https://example.org/?b=%20#c"))
akn_names = st.sampled_from(
    ("/akn/id/act/2004/40", "/akn/id-jk/act/perda/2015-07-01/44", "/akn/id/doc/a/b.c/2015/1_x")
).map(AknName)


_letters = st.characters(categories=["L", "N"])
sentences = st.tuples(_letters, st.text(max_size=8)).map("".join)
notes = st.none() | sentences
