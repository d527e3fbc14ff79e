"""Spectra of any symmetric kernel at a given length and vocabulary."""
