"""Libraries that few requests need, loaded when they are first used: a web worker stays light."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType


def late(name: str) -> ModuleType:
    """The library under its name, as `import` gives it. What it needs is loaded with it."""
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(name)
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    package, _dot, own = name.rpartition(".")
    if package:  # others reach it as `package.own`
        setattr(sys.modules[package], own, module)
    spec.loader.exec_module(module)
    return module
