r"""The ranks of blocks whose entries are irrational: from the formulas, never from their digits.

The forms of a kernel are computed once more at a generic point (`symkern.exact.generic_points`). Their ranks there are upper bounds for the
true ones; for softmax rows in the first attention and rational hyperparameters they are the true ones. From below a rank is proved by a
minor that is proved to be nonzero in balls; where a rank is known and the digits are too few to show such a minor, more are computed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from symkern.combinatorics import Partition
from symkern.engines.tables.kernel_values import Source
from symkern.engines.tables.sector_forms import SPARE_BITS, FormSetting, SectorForms
from symkern.exact.generic_points import GenericPoint, generic_rank, traced_at
from symkern.limits import current


class GenericRanks:
    """Ranks of the blocks of a kernel; ``is_exact`` says whether they are the true ones or upper bounds.

    ``make`` gives the kernel on tables anew, since what it remembers belongs to one point.
    """

    def __init__(self, make: Callable[[], Source], setting: FormSetting, user: bool) -> None:
        point = GenericPoint()
        with traced_at(point):
            source = make()
        self._forms = SectorForms(source, setting, point=point)
        self.is_exact = point.is_exponential and not user

    def of(self, number: int, kappa: Partition | None) -> int:
        """The rank on the module with that number, or on its maps from S^kappa."""
        forms = self._forms.on(number, kappa)
        return 0 if forms is None else generic_rank(forms.form.tolist())


def finer_forms(
    make: Callable[[], Source], setting: FormSetting, evaluations: int = 1
) -> Iterator[SectorForms]:
    """The forms with four times the digits, and again, as long as that is affordable for so many values of the kernel."""
    spare = 4 * SPARE_BITS
    while spare * evaluations <= current().shown_rank:
        yield SectorForms(make(), setting, spare=spare)
        spare *= 4
