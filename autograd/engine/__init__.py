"""The engine: Values, ops and the chain rule.  Read `value`, `primitive`, `backward`.

The rest serves those three: `graph` says what the slots of a node hold, `fast` and
`fast_backward` are the two hot paths written out, `inplace` is what happens when a Value changes,
`protocols` and `dispatch` are how NumPy and Python meet a Value.
"""
