"""ONNX: a graph in the format that other programs run, an op at a time."""

from autograd.graphs.onnx.writing import Writer

__all__ = ["Writer"]
