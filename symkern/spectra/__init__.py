"""What is known of a spectrum, and what can be done with it.

* `deriving`: a kernel and a law to sectors, by the engine that fits; `trace`: E k(x, x) by another road;
* `spectrum`: the result; `ranking`, `joint_limits`, `numeric`: its eigenvalues in order, in a limit, as floats;
* `comparison`: two spectra side by side; `document`, `storage`: plain data, to a file and back.
"""
