"""LLVM: recorded programs as native code, through llvmlite."""
