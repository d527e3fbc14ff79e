"""Spectra of kernels that are polynomials in the match counts, symbolic in L and v.

* `states`: the model of a sector and the count operators on it;
* `multiplicity_space`: bases of the multiplicity spaces, stable and at given small L and v;
* `blocks`: the operator of a kernel on them;
* `binary`: two letters, by a three-term recurrence;
* `multiplicities`: the sizes of blocks, from characters;
* `uniform_tokens`: all sectors of a kernel on uniform tokens;
* `letters`, `letter_spaces`, `independent`: any law of independent tokens, or a mixture of such laws; `fluctuations`: a basis for mixtures in which
  leading terms can be read;
"""
