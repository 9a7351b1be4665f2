"""The engine: Values, ops and the chain rule.

Read `value`, `primitive` and `backward`, in this order, with `graph` at hand: half an hour. The
rest, as you need it:

    contributions           how gradients add up, and rules for all arguments at once
    careful, masks          the backward pass again, if it gave NaN: where 0 · inf is 0
    fast, fast_backward     the forward and the backward pass again, written out for speed
    between                 the gradient of one node by another, in the middle of a graph
    aliases, views          Values that changed in place, and views of them
    inplace, windows        what a change in place does; which part of an array a view shows
    recall                  numbers that are not stored, computed again
    ownership               which arrays a graph may keep: copy on write
    arrays, inputs          the numbers in a Value; checks of what a user passes in
    each                    rules of an op that takes any number of arguments
    arguments               Values given by name, or to an argument without a rule
    described               optional facts about an op, for formulas, diagnosis and tests
    protocols, signatures   a Value in Python's and NumPy's protocols; its methods for type checkers
    dispatch                which of our functions stands in for which of NumPy's
    differentiating         what is being differentiated right now
    modes                   with or without a graph, watched or not
    blocks, silence         `with` blocks that surely end; no warnings from NumPy
    together                new data for several leaves at once
    trees                   numbers in nested lists
    collector, allocator    Python's garbage collector; memory that is used again
"""
