"""symkern: exact representation theory of the symmetric group for attention kernels.

    import symkern as sk
    from symkern.abc import L, v, alpha, beta

    sk.character_table(8)
    k = sk.kernels.embedding(alpha, beta).attention().mean_pool()
    k.spectrum(length=L, tokens=sk.kernels.uniform(v))

Names load on first use (`symkern.doors`), so that importing the package costs little more than importing SymPy.
"""

from symkern import doors as _doors
from symkern.version import __version__

__all__ = ["__version__", *sorted(_doors.NAMES["symkern"])]

__getattr__, __dir__ = _doors.names("symkern")
