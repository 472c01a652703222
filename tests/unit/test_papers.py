"""Papers of an order: what stands on them is what the order says."""

from __future__ import annotations

from samples import MUG, SPOON, lease

from labels.preview import words
from station import papers


def test_two_lines_for_one_product_are_one_on_a_box() -> None:
    """A box of two units says two units, though the order has two lines for their product."""
    work = lease((MUG, 1), (SPOON, 1), (MUG, 2))
    (whole,) = papers.box_contents(work, (1, 1))
    assert "4 units" in " ".join(words(whole))
    (box,) = papers.box_contents(work, (2, 3), units={MUG.sku: 2})
    said = words(box)
    assert "2 units" in " ".join(said)
    assert said.count(MUG.sku) == 1
