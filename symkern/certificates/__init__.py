"""Certificates: claims in JSON that a program of its own confirms or refutes.

* `checker`: that program, in the standard library alone; it shares no code with the rest of symkern.
"""

from symkern.certificates.checker import Report, check

__all__ = ["Report", "check"]
