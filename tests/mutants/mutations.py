"""The mutations of a module: one small change each, as replacements in its source."""

from __future__ import annotations

import ast
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
}  # fmt: skip
_OPERATORS: dict[type[ast.operator], str] = {
    ast.Add: "-", ast.Sub: "+", ast.Mult: "//", ast.FloorDiv: "*", ast.Div: "*",
    ast.BitAnd: "|", ast.BitOr: "&", ast.LShift: ">>", ast.RShift: "<<",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutation:
    """Bytes `start` to `end` of the source become `text`; `line` counts from one."""

    line: int
    start: int
    end: int
    text: str
    was: str
    becomes: str
    """What changes, for people: an element that is left out becomes nothing."""
    statement: str
    """The statement's first line as it stands, without indentation: names the place for people."""

    def applied(self, source: bytes) -> bytes:
        """The source of the mutant."""
        return source[: self.start] + self.text.encode() + source[self.end :]


def mutations(source: bytes) -> tuple[Mutation, ...]:
    """Every mutation of the module, in the order of its source; each of them still compiles."""
    tree, walker = ast.parse(source), _Walker(source)
    walker.visit(tree)
    found = {(each.start, each.end, each.text): each for each in walker.found}
    return tuple(
        each
        for each in sorted(found.values(), key=lambda each: (each.start, each.end))
        if each.was != each.becomes and _compiles(each.applied(source))
    )


def _compiles(source: bytes) -> bool:
    try:
        compile(source, "mutant", "exec")
    except SyntaxError:
        return False
    return True


class _Walker(ast.NodeVisitor):
    """Leaves docstrings and annotations alone: nothing that runs depends on them."""

    def __init__(self, source: bytes) -> None:
        self.source, self.found = source, list[Mutation]()
        self._lines = source.splitlines(keepends=True)
        self._offsets = [0]
        for line in self._lines:
            self._offsets.append(self._offsets[-1] + len(line))
        self._statement: ast.stmt | None = None

    def visit(self, node: ast.AST) -> None:
        """Offers what the node can become, then what its parts can become."""
        if isinstance(node, ast.stmt):
            self._statement = node
        for place, becomes in self._offers(node):
            self._offer(place, becomes)
        for name, value in ast.iter_fields(node):
            if name in {"annotation", "returns", "type_params"}:
                continue
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, ast.AST) and not _is_docstring(each):
                    statement = self._statement
                    self.visit(each)
                    self._statement = statement

    def _offers(self, node: ast.AST) -> Iterator[tuple[ast.AST, str]]:
        match node:
            case ast.If(test=test) | ast.IfExp(test=test):
                yield test, "False"
                yield test, "True"
            case ast.While(test=test):
                yield test, "False"
            case ast.BoolOp(values=values):
                for each in values:  # one operand is not looked at
                    yield each, "True" if isinstance(node.op, ast.And) else "False"
                for one, other in itertools.pairwise(values):
                    self._between(one, other, "or" if isinstance(node.op, ast.And) else "and")
            case ast.Compare(left=left, ops=ops, comparators=comparators):
                for one, op, other in zip([left, *comparators], ops, comparators, strict=False):
                    self._between(one, other, _COMPARISONS[type(op)])
            case ast.BinOp(left=left, right=right, op=op) if type(op) in _OPERATORS:
                self._between(left, right, _OPERATORS[type(op)])
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield node, f"({self._text(operand)})"
            case ast.comprehension(ifs=ifs):
                for each in ifs:
                    yield each, "True"
            case ast.Constant(value=bool() as value):
                yield node, str(not value)
            case ast.Constant(value=int() | float() as value):
                yield node, f"({self._text(node)} + 1)"
            case ast.Set(elts=elts) | ast.Tuple(elts=elts, ctx=ast.Load()) if len(elts) > 1:
                for each in elts:
                    self._without(node, elts, each)
            case ast.Expr(value=ast.Call()) | ast.Raise() | ast.AugAssign() | ast.Delete():
                yield node, "pass"
            case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
                yield value, "None"
            case ast.Continue():
                yield node, "break"
            case ast.Break():
                yield node, "continue"

    def _between(self, one: ast.expr, other: ast.expr, becomes: str) -> None:
        """Offers another operator between two operands, which may stand in parentheses."""
        start, end = self._span(one)[1], self._span(other)[0]
        gap = self.source[start:end]
        if b"#" in gap or b"\n" in gap:
            gap_text = gap.decode()
            operator = next((each for each in gap_text.split() if each not in {"(", ")"}), "")
        else:
            operator = gap.decode().strip(" ()")
        at = gap.find(operator.encode())
        if operator:
            self._add(start + at, start + at + len(operator.encode()), becomes)

    def _without(self, node: ast.AST, elements: list[ast.expr], which: ast.expr) -> None:
        """Offers a set or a tuple with an element fewer."""
        left = ", ".join(self._text(each) for each in elements if each is not which)
        text = f"{{{left}}}" if isinstance(node, ast.Set) else f"({left},)"
        self._add(*self._span(node), text, was=self._text(which), becomes="")

    def _offer(self, node: ast.AST, becomes: str) -> None:
        self._add(*self._span(node), becomes)

    def _add(
        self, start: int, end: int, text: str, *, was: str | None = None, becomes: str | None = None
    ) -> None:
        statement = self._statement
        assert statement is not None
        self.found.append(
            Mutation(
                line=self.source.count(b"\n", 0, start) + 1,
                start=start,
                end=end,
                text=text,
                was=self.source[start:end].decode() if was is None else was,
                becomes=text if becomes is None else becomes,
                statement=self._lines[statement.lineno - 1].decode().strip(),
            )
        )

    def _span(self, node: ast.AST) -> tuple[int, int]:
        assert isinstance(node, ast.expr | ast.stmt)
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return (
            self._offsets[node.lineno - 1] + node.col_offset,
            self._offsets[node.end_lineno - 1] + node.end_col_offset,
        )

    def _text(self, node: ast.AST) -> str:
        start, end = self._span(node)
        return self.source[start:end].decode()


def _is_docstring(node: ast.AST) -> bool:
    """A string that stands alone, as those of modules, functions and fields do."""
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
