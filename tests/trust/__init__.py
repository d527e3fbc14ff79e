"""Trust in parts: wide searches and trials of the suite, each under an hour, that stop and go on, and whose last figures are kept.

`python -m tests.trust [PART ...]` runs parts; `tests/trust/parts/NAME.py` holds one each, ``figures.json`` what they last found,
and docs/theory/trust.md the same as a table.
"""
