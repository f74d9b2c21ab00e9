"""Modules import each other in one direction, so that each can be imported first."""

import ast
from graphlib import TopologicalSorter

from tests.architecture.source import ROOT, modules, tree


def _dotted(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(nodes):
    """Yield the imports that run with the module; what only a type checker reads ties nothing."""
    for node in nodes:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node
        elif isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.unparse(node.test):
            yield from _imports([*node.body, *node.orelse])
        elif isinstance(node, ast.Try):
            yield from _imports(node.body)


def _named(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [f"{node.module}.{alias.name}" for alias in node.names]


def _needs(module, path, known):
    """Return what must be there before a module: what it imports, and the packages around that."""
    for node in _imports(tree(path).body):
        for name in _named(node):
            parts = name.split(".")
            around = [".".join(parts[:n]) for n in range(1, len(parts) + 1)]
            yield from (one for one in around if one in known and one != module and not module.startswith(f"{one}."))


def test_no_module_needs_itself():
    known = {_dotted(path): path for path in modules()}
    # CycleError names the circle.
    order = list(TopologicalSorter({one: set(_needs(one, path, known)) for one, path in known.items()}).static_order())
    assert len(order) == len(known) > 300
