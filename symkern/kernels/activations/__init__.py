"""Activations of wide layers, by name; every file of this folder is found by itself."""

from importlib import import_module
from pkgutil import iter_modules

from symkern.kernels.activations.activation import ACTIVATIONS, Activation

__all__ = ["ACTIVATIONS", "Activation"]

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")
