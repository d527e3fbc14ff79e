"""The tables of `symkern.typeset.mathml`: which command of LaTeX is which letter, operator, space, accent, alphabet or environment."""

from __future__ import annotations

IDENTIFIERS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "ϕ",
    "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Sigma": "Σ",
    "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "ell": "ℓ", "infty": "∞", "varnothing": "∅", "emptyset": "∅", "square": "□", "Pi": "Π",
}  # fmt: skip
OPERATORS = {
    "cdot": "⋅", "times": "×", "otimes": "⊗", "oplus": "⊕", "pm": "±", "setminus": "∖", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥",
    "neq": "≠", "ne": "≠", "sim": "∼", "approx": "≈", "asymp": "≍", "cong": "≅", "equiv": "≡", "in": "∈", "ni": "∋", "to": "→",
    "mapsto": "↦", "Rightarrow": "⇒", "iff": "⟺", "perp": "⟂", "subset": "⊂", "subseteq": "⊆", "vdash": "⊢", "cup": "∪", "cap": "∩",
    "mid": "∣", "propto": "∝", "ll": "≪", "gg": "≫", "circ": "∘", "star": "⋆", "ast": "∗",
}  # fmt: skip
PLAIN = {
    "partial": "∂", "nabla": "∇", "ldots": "…", "dots": "…", "cdots": "⋯", "prime": "′", "langle": "⟨", "rangle": "⟩", "lfloor": "⌊",
    "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉", "|": "‖", "{": "{", "}": "}", "vert": "|", "lvert": "|", "rvert": "|",
}  # fmt: skip
LARGE = {"sum": "∑", "prod": "∏", "bigoplus": "⨁", "bigotimes": "⨂", "int": "∫", "bigcup": "⋃"}
FUNCTIONS = {
    "log", "exp", "cos", "sin", "tan", "arccos", "arcsin", "dim", "det", "deg", "gcd", "ker", "max", "min", "lim", "sup", "inf",
    "liminf", "limsup", "tr", "Pr", "arg",
}  # fmt: skip
BELOW = {
    "max",
    "min",
    "lim",
    "sup",
    "inf",
    "liminf",
    "limsup",
}  # their subscript stands below in a display
LIMITS = {"liminf": "lim inf", "limsup": "lim sup"}
SPACES = {
    ",": "0.1667em", ":": "0.2222em", ";": "0.2778em", "!": "-0.1667em", " ": "0.3333em", "quad": "1em", "qquad": "2em", "\n": "0.3333em",
}  # fmt: skip
SIZES = {
    f"{size}{side}": em
    for size, em in (("big", "1.2em"), ("Big", "1.8em"), ("bigg", "2.4em"), ("Bigg", "3em"))
    for side in ("", "l", "r", "m")
}
ACCENTS = {
    "hat": "^", "widehat": "^", "bar": "¯", "overline": "¯", "tilde": "~", "dot": "˙", "vec": "→",
}  # fmt: skip
ALPHABETS = {"mathbb": 0x1D538, "mathcal": 0x1D49C}
#: Letters that Unicode had before it had the alphabets.
EARLIER = {
    "mathbb": dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ")),
    "mathcal": dict(zip("BEFHILMR", "ℬℰℱℋℐℒℳℛ")),
}
IGNORED = {"displaystyle", "textstyle", "limits", "nolimits", "allowbreak", "nobreak", "hline"}
ESCAPED = {"#": "#", "%": "%", "&": "&amp;", "_": "_", "$": "$"}
ENVIRONMENTS = {
    "aligned": "lines", "align*": "lines", "gathered": "lines", "pmatrix": "cells", "matrix": "cells", "bmatrix": "cells",
    "cases": "cells", "array": "cells",
}  # fmt: skip
FENCES = {"pmatrix": ("(", ")"), "bmatrix": ("[", "]"), "cases": ("{", "")}
