"""The explorer: a kernel, a law and sliders in, its spectrum, exponents, learning curves and energies out, in a browser.

    explore("linear-attention")    in a notebook: the page in the cell
    symkern explore                the page of this machine alone, until Ctrl-C

The page is served by the standard library to this machine alone (`server`), computes in a process of its own that can be stopped (`background`,
`worker`), and is asked plain questions (`questions`): texts of kernels, laws and numbers, which the library reads and nothing evaluates.
"""

from symkern.app.explorer import explore

__all__ = ["explore"]
