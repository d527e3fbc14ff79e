"""Reading of what users write, as text and as arguments; nothing of it is ever evaluated.

* `tokens`: the one tokenizer; `expressions`: the one reader of expressions, into syntax trees, with atoms for each grammar;
* `stages`: pipelines, cut into stages, names and arguments;
* `integers`, `sequences`: whole numbers and lists given as arguments; `spelling`: the known word that is nearest to a misspelt one.
"""
