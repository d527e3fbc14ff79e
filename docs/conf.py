"""How Sphinx builds the site: `make site`, or `python -m sphinx -W docs docs/_build/html`.

Nothing on a page is loaded from a network: formulas are MathML, fonts the reader's own. The API pages, the reference of the command and the figures
of the gallery are made from the package while it builds; the notebooks are shown as they are kept, with their outputs.
"""

from __future__ import annotations

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from symkern.version import __version__  # noqa: E402

project = "symkern"
author = "The symkern authors"
project_copyright = "The symkern authors, MIT licence"
version = release = __version__

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "extensions.docstrings",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "extensions.api_pages",
    "extensions.bibliography",
    "extensions.command_reference",
    "extensions.copied_pages",
    "extensions.drawn_figures",
    "extensions.mathematics",
]
exclude_patterns = ["_build", "extensions"]
source_suffix = {".rst": "restructuredtext", ".md": "myst-nb", ".ipynb": "myst-nb"}

# -- pages and notebooks --
myst_enable_extensions = ["dollarmath", "amsmath", "deflist", "colon_fence"]
myst_heading_anchors = 3
nb_execution_mode = "off"
nb_merge_streams = True
# A vector picture before HTML, HTML before text: what a notebook shows.
suppress_warnings = ["myst.header", "mystnb.unknown_mime_type"]
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
copybutton_exclude = ".linenos, .go"

# -- the reference --
autodoc_typehints = "description"
autodoc_typehints_description_target = "all"
autodoc_typehints_format = "short"
# Of the signature: what decorators add does not stand in the source.
autodoc_preserve_defaults = False
autodoc_member_order = "groupwise"
autodoc_class_signature = "mixed"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 90
toc_object_entries_show_parents = "hide"
napoleon_numpy_docstring = False
napoleon_use_ivar = True
html_math_renderer = "mathml"

# -- how it looks --
html_theme = "pydata_sphinx_theme"
html_title = "symkern"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_sidebars = {"index": [], "tutorial": [], "gallery": [], "changes": [], "command": []}
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "logo": {"text": "symkern"},
    "navbar_align": "left",
    "header_links_before_dropdown": 6,
    "navbar_end": ["theme-switcher"],
    "secondary_sidebar_items": ["page-toc"],
    "show_prev_next": True,
    "footer_start": ["copyright"],
    "footer_end": [],
    "collapse_navigation": True,
    "navigation_with_keys": False,
    "show_toc_level": 2,
}
