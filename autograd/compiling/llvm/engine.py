"""The engine: LLVM text becomes functions that ctypes calls."""

from __future__ import annotations

import ctypes
import math
import sys
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import count
from threading import RLock
from types import ModuleType
from typing import Any

LOCK = RLock()
SERIALS = count()  # of programs
NOTHING: Mapping[str, int] = {}
REMEDY = "pip install -U 'chainrule[compile]'"


@cache
def llvm_itself() -> ModuleType:
    """Return llvmlite's binding, imported and made ready on first use.

    Raises:
        ImportError: it is not there, or too old.
    """
    try:
        import llvmlite.binding as binding
    except (ImportError, OSError) as error:
        raise ImportError(f"the target 'llvm' needs llvmlite: {REMEDY} ({error})") from error
    if not hasattr(binding, "create_pass_builder") or binding.llvm_version_info < (19,):
        raise ImportError(f"the target 'llvm' needs a newer llvmlite: {REMEDY}")
    try:
        with LOCK:
            binding.initialize_native_target()
            binding.initialize_native_asmprinter()
            for name in LIBM:
                address_of(name)
    except (AttributeError, OSError, RuntimeError) as error:
        raise ImportError(f"the target 'llvm' does not work on this machine: {error}") from error
    return binding


LIBM = """
    exp expm1 exp2 log log2 log10 log1p sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh
    erf erfc pow fmod atan2
""".split()


@cache
def c_library() -> ctypes.CDLL:
    """Return the library whose functions Python's `math` calls."""
    return ctypes.CDLL("ucrtbase" if sys.platform == "win32" else getattr(math, "__file__", None))


def address_of(name: str) -> int:
    """Return the address of a function of the C library."""
    return ctypes.cast(getattr(c_library(), name), ctypes.c_void_p).value or 0


@cache
def processor() -> tuple[Any, str, str]:
    """Return LLVM's names of this machine and of what it can do."""
    binding = llvm_itself()
    target = binding.Target.from_default_triple()
    return target, binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten()


@cache
def machine(effort: int) -> Any:
    """Return what writes code for this machine, for all programs, as it holds nearly a megabyte."""
    target, name, features = processor()
    if effort < 2:  # for single numbers, the masks of AVX-512 take longer
        features = features.replace("+avx512", "-avx512")
    return target.create_target_machine(cpu=name, features=features, opt=effort, jit=True)


@cache
def linker() -> Any:
    """Return what puts the code of all programs where it can run."""
    target, name, features = processor()
    here = target.create_target_machine(cpu=name, features=features, jit=True)
    return llvm_itself().create_lljit_compiler(here)


class Native:
    """The machine code of a text. Its functions hold it, since they are gone when it is.

    Args:
        text: functions in LLVM's language.
        effort: 0 for long straight lines, whose text is as good as it gets, 2 for loops, and
            3 for loops that may take several entries at once.
        vectors: whether loops may take several entries at once.
        kept: objects that the code calls.
        outside: functions that it calls by name, and where they are.
    """

    def __init__(
        self, text: str, effort: int, kept: Iterable[Any] = (), outside: Mapping[str, int] = NOTHING
    ) -> None:
        binding = llvm_itself()
        with LOCK:
            module = binding.parse_assembly(text, binding.create_context())
            module.verify()
            options = binding.create_pipeline_tuning_options(speed_level=effort)
            options.loop_vectorization = effort == 3
            options.slp_vectorization = False
            here = machine(max(effort, 1))
            builder = binding.create_pass_builder(here, options)
            builder.getModulePassManager().run(module, builder)
            library = binding.JITLibraryBuilder().add_object_img(here.emit_object(module))
            library.add_current_process()
            for name in LIBM:
                if f"@libm_{name}(" in text:
                    library.import_symbol(f"libm_{name}", address_of(name))
            for name, address in outside.items():
                library.import_symbol(name, address)
            for function in module.functions:
                if not function.is_declaration and function.linkage.name == "external":
                    library.export_symbol(function.name)
            self.addresses = library.link(linker(), f"program {next(SERIALS)}")
        self.kept = list(kept)

    def function(self, name: str, result: Any, *arguments: Any, quick: bool = False) -> Any:
        """Return one of the functions, to be called with ctypes' arguments.

        Args:
            name: of the function.
            result, arguments: their types in ctypes.
            quick: the call takes so little time that no other thread need run meanwhile.
        """
        kind = (ctypes.PYFUNCTYPE if quick else ctypes.CFUNCTYPE)(result, *arguments)
        function: Any = kind(self.addresses[name])
        function.native = self
        return function


class Callback:
    """A function of Python that native code calls for an op without native code.

    It is given doubles at an address, writes its result over the first, and returns whether all
    went well. What it could not raise through native code is in `error`.
    """

    def __init__(self, function: Callable[..., Any], count: int) -> None:
        self.error: BaseException | None = None

        def call(address: int) -> int:
            numbers = (ctypes.c_double * max(count, 1)).from_address(address)
            try:
                y = function(*numbers[:count])
                numbers[0] = y
                return int(isinstance(y, float))
            except Exception:
                return 0
            except BaseException as error:  # such as Ctrl-C
                self.error = error
                return 0

        self.pointer = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p)(call)
        self.address = ctypes.cast(self.pointer, ctypes.c_void_p).value

    def taken(self) -> BaseException | None:
        """Return what came up while native code ran, once."""
        error, self.error = self.error, None
        return error
