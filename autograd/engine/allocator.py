"""A higher threshold for the C library's allocator, which a training step needs.

Each step frees its arrays and asks for the same sizes again. glibc gives large ones back to the
operating system at once, which must fill their pages with zeros when they are asked for again: that
took a quarter of a Transformer block's step. It learns from what is freed, and keeps arrays of up
to the largest size it has seen freed, but no more than 32 MB, and twice as much altogether. One
array of that size, which is never written to, teaches it that. Other allocators do not mind.
"""

import numpy as np

LARGEST = 2**25 - 2**13  # what glibc itself adds to 32 MB

np.empty(LARGEST, np.uint8)  # and freed
