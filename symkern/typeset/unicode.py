"""Formulas in the compact notation of the blackboard, for the narrow columns of a terminal.

    2*alpha^2*beta/(L^3*v^2)   is shown as   2α²β/(L³v²)

It is for eyes only; what is to be read back is written by `symkern.typeset.plain`.
"""

from __future__ import annotations

import re

from symkern.typeset.plain import formula_text

_LETTERS = {"alpha": "α", "beta": "β", "gamma": "γ", "sigma2": "σ²"}
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")
_LONE_RADICAND = re.compile(r"√\((\d+|[^\W\d])\)(?!\*)")
_POWER = re.compile(r"\^(?:\((-?[0-9]+)\)|([0-9]+))")


def formula_unicode(value: object) -> str:
    """``value`` in one compact line.

    >>> from symkern.abc import L, alpha, beta, sigma2, v
    >>> formula_unicode(2 * alpha**2 * beta / (L**3 * v**2))
    '2α²β/(L³v²)'
    >>> formula_unicode(sigma2**2 * (L - 1) / 2), formula_unicode(3 * 2**L)
    ('σ⁴(L-1)/2', '3*2^L')
    """
    return compact_text(formula_text(value))


def compact_text(text: str) -> str:
    """A formula that `formula_text` has written, in that notation.

    >>> compact_text("sigma2*L^2"), compact_text("L^(5/2)")
    ('σ²L²', 'L^(5/2)')
    """
    text = text.replace("sigma2^", "sigma^")
    text = re.sub(r"sigma\^([0-9]+)", lambda m: f"σ^{2 * int(m[1])}", text)
    text = _WORD.sub(lambda m: _LETTERS.get(m[0], m[0]), text)
    text = _POWER.sub(lambda m: (m[1] or m[2]).translate(_SUPERSCRIPTS), text)
    text = text.replace("sqrt(", "√(")
    text = _LONE_RADICAND.sub(r"√\1", text)
    text = re.sub(r"(?<=[^\W\d]|[)⁰¹²³⁴⁵⁶⁷⁸⁹])\*(?=[^\d])", "", text)
    text = re.sub(r"(?<=\d)\*(?=[^\W\d]|[(√])", "", text)
    return re.sub(r" ([-+]) ", r"\1", text)
