"""The stages of a pipeline, one file each; every file of this folder is found by itself.

* `stage`: what a stage is; `arguments`: what its arguments may be; `stage_table`: all stages by name.
"""

from importlib import import_module
from pkgutil import iter_modules

from symkern.kernels.stages.stage import Entrywise, Stage
from symkern.kernels.stages.stage_table import STAGES

__all__ = ["STAGES", "Entrywise", "Stage"]


def _found() -> list[type[Stage]]:
    classes = []
    for module in iter_modules(__path__):
        held = vars(import_module(f"{__name__}.{module.name}")).values()
        classes += [c for c in held if isinstance(c, type) and issubclass(c, Stage) and c.name]
    places = ("first", "between", "readout")
    return sorted(set(classes), key=lambda c: (places.index(c.place), c.name))


STAGES.update({stage.name: stage for stage in _found()})
