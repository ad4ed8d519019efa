"""Products of matrices in blocks so small that one thread makes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

#: OpenBLAS, with which numpy comes, shares products of more multiplications among its threads. At our sizes they mostly
#: wait for each other, and do so busily: an alignment took the processors nine times as long (1.9 % of the sound's
#: length on two cores, .2 % like this).
MULTIPLICATIONS = 1 << 18


def product(left: NDArray[np.float32], right: NDArray[np.float32]) -> NDArray[np.float32]:
    """``left @ right``, for a right side of at most `MULTIPLICATIONS` numbers."""
    rows = max(1, MULTIPLICATIONS // right.size)
    result = np.empty((len(left), right.shape[1]), np.float32)
    for at in range(0, len(left), rows):
        np.matmul(left[at : at + rows], right, out=result[at : at + rows])
    return result
