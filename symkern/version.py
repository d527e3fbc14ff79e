"""The version of symkern, for the package, its metadata and what it writes into files."""

__version__ = "0.1.0"
