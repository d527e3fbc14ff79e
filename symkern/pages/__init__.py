"""Results as text, LaTeX and HTML, typed by what they show; notation alone lives in `symkern.typeset`."""
