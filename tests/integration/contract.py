"""The files of the integration, read as the contract tests compare them."""

import ast
from collections.abc import Iterator
import json
from pathlib import Path
from string import Formatter
from typing import Any

from homeassistant.util.yaml import load_yaml_dict

ROOT = Path(__file__).parents[2]
INTEGRATION = ROOT / "custom_components" / "plex_activities"
TRANSLATIONS = sorted((INTEGRATION / "translations").glob("*.json"))

type Strings = dict[str, str]


def read_json(path: Path) -> dict[str, Any]:
    """Return what a JSON file holds."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


def read_yaml(name: str) -> dict[str, Any]:
    """Return what one of the YAML files describes, without what it only shares."""
    content: dict[str, Any] = load_yaml_dict(str(INTEGRATION / name))
    return {key: value for key, value in content.items() if not key.startswith(".")}


ENGLISH = read_json(INTEGRATION / "translations" / "en.json")
ICONS = read_json(INTEGRATION / "icons.json")
MANIFEST = read_json(INTEGRATION / "manifest.json")


def strings(content: dict[str, Any], prefix: str = "") -> Strings:
    """Return all strings of nested objects by their paths."""
    found: Strings = {}
    for key, value in content.items():
        path = f"{prefix}{key}"
        if isinstance(value, dict):
            found |= strings(value, f"{path}.")
        else:
            found[path] = value
    return found


def placeholders(text: str) -> set[str]:
    """Return the names of what is to be filled in."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def modules() -> Iterator[tuple[Path, ast.Module]]:
    """Return the modules of the integration, parsed."""
    for path in sorted(INTEGRATION.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def nodes[T: ast.AST](kind: type[T]) -> list[T]:
    """Return all nodes of a kind, of all modules."""
    return [
        node
        for _, tree in modules()
        for node in ast.walk(tree)
        if isinstance(node, kind)
    ]


def name_of(call: ast.Call) -> str:
    """Return the name of the function that is called, without what it belongs to."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def literal(node: ast.AST | None) -> str | None:
    """Return a text that stands in the source."""
    match node:
        case ast.Constant(value=str() as text):
            return text
    return None


def texts(*found: ast.AST | None) -> set[str]:
    """Return all texts that stand in these parts of the source."""
    return {
        text
        for node in found
        if node is not None
        for part in ast.walk(node)
        if (text := literal(part)) is not None
    }


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """Return the argument of that name."""
    return next((one.value for one in call.keywords if one.arg == name), None)


def argument(name: str) -> Iterator[ast.expr]:
    """Return what is given for a parameter of that name, anywhere, by name or place."""
    places = {
        function.name: [one.arg for one in function.args.args if one.arg != "self"]
        for function in nodes(ast.FunctionDef) + nodes(ast.AsyncFunctionDef)
    }
    for call in nodes(ast.Call):
        if (value := keyword(call, name)) is not None:
            yield value
        elif name in (parameters := places.get(name_of(call), [])):
            yield from call.args[parameters.index(name) :][:1]
