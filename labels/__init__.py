"""Labels in millimetres, as ZPL for thermal printers and as pictures for everything else.

`labels.documents` says what stands on a paper, `labels.layout` in which boxes, and `labels.render`
makes ZPL, PNG, PDF or an image of it; only the latter needs Pillow, so it is not imported here.
"""

from __future__ import annotations

from labels.errors import LabelError
from labels.layout import Label
from labels.sscc import sscc

__all__ = ["Label", "LabelError", "sscc"]
