"""The engine: Values, ops and the chain rule.

Read `value`, `primitive`, `backward`, in this order, and `graph` beside them: half an hour.  Then,
where it is needed:

    fast, fast_backward     both ways once more, written out for speed
    inplace                 what happens when a Value changes, and to its views
    ownership               which arrays a graph may keep: copy on write
    arrays, inputs          what numbers may be; what a program gives, checked
    arguments               Values given by name, or where no rule is
    protocols, signatures   how a Value meets Python and NumPy
    dispatch                which of our functions answers for which of NumPy's
    differentiating         what is being differentiated right now
    modes                   with a graph or without, watched or not
    trees, collector        numbers in nested lists; Python's garbage collector
"""
