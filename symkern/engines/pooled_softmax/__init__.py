"""One softmax attention, averaged over positions, for any number of letters: series in 1/L with v a symbol.

* `letter_moments`: means of powers of letter frequencies, and of their sums over letters;
* `pooled_features`: the features and the expansions of their mean squares;
* `engine`: where it applies.
"""
