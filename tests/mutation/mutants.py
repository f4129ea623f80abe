"""Makes mutants of a module: copies that differ from it in one small way, which a test should notice."""

import ast
import itertools
from collections.abc import Iterator
from typing import NamedTuple

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {ast.Add: ast.Sub, ast.Sub: ast.Add}


class Mutant(NamedTuple):
    """One change of a module, and the module's text with it."""

    line: int
    before: str
    after: str
    text: str


def mutants_of(source: str) -> list[Mutant]:
    """Returns every mutant, in the order of the source. Annotations, docstrings and f-strings stay as they are."""
    changes = itertools.chain.from_iterable(_changes(node) for node in _code(ast.parse(source)))
    mutants = (_mutant(source, node, after) for node, after in changes)
    return sorted(mutant for mutant in mutants if _compiles(mutant.text))


def _code(node: ast.AST) -> Iterator[ast.AST]:
    """Yields a node and those below it that run. Inside an f-string, Python 3.11 gives wrong positions."""
    yield node
    if isinstance(node, ast.JoinedStr):
        return
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _code(child)


def _changes(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """Yields what may stand there instead."""
    match node:
        case ast.Compare(left=left, ops=ops, comparators=right):
            for index, operator in enumerate(ops):
                other = [*ops[:index], _COMPARISONS[type(operator)](), *ops[index + 1 :]]
                yield node, ast.unparse(ast.Compare(left, other, right))
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() as operator, right=right):
            yield node, ast.unparse(ast.BinOp(left, _ARITHMETIC[type(operator)](), right))
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield node, ast.unparse(operand)
        case ast.Constant(value=bool() as value):
            yield node, str(not value)
        case ast.Constant(value=int() as value):
            yield node, str(value + 1)
        case ast.Raise():
            yield node, "pass"
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield node, "return None"
        case _:
            return


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _mutant(source: str, node: ast.expr | ast.stmt, after: str) -> Mutant:
    """Replaces the node's text alone, so that all other lines stay where they are."""
    encoded = source.encode()
    starts = [0, *itertools.accumulate(len(line) for line in encoded.splitlines(keepends=True))]
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    start, end = starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
    text = encoded[:start] + after.encode() + encoded[end:]
    return Mutant(node.lineno, ast.unparse(node), after, text.decode())


def _compiles(text: str) -> bool:
    try:
        compile(text, "<mutant>", "exec")
    except SyntaxError:
        return False
    return True
