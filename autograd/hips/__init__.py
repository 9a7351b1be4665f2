"""Names that only HIPS autograd's users import.

`autograd.extend`, `autograd.core` and so on are doors that lead here, so that programs, pickles
and type checkers find each name where HIPS autograd has it.
"""
