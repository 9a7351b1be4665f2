"""Compiling: a function is recorded once, and then runs without Python between its ops."""
