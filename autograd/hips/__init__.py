"""Names that only programs written for HIPS autograd import.

`autograd.extend`, `autograd.core` and so on import from here, so that programs, pickles and type
checkers find each name where HIPS autograd has it.
"""
