"""Reports: a kernel's spectrum with its laws, derivations and figures as an article and as one self-contained web page.

report(spectrum, "folder")     writes article.tex and page.html, which say the same
article(spectrum), page(spectrum)   the two as text
"""

from symkern.reports.folder import report
from symkern.reports.printed import article, page

__all__ = ["article", "page", "report"]
