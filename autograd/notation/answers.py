"""How functions answer arguments of other libraries, for `nn`, which does so too."""

from autograd.engine.elsewhere import answering

__all__ = ["answering"]
