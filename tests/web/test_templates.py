"""A template shows what its struct declares, and all of it."""

from collections.abc import Iterator

import msgspec
import pytest
from jinja2 import Environment, meta, nodes

from web.presenters.frame import Frame
from web.rendering import TEMPLATE_FOLDER, TEMPLATES, load_environment

SAYERS = {"say", "say_many"}


def read_trees(name: str) -> Iterator[nodes.Template]:
    """The template's tree and those of all that it extends, includes or imports."""
    environment = Environment(autoescape=True)
    waiting, seen = [name], set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        tree = environment.parse((TEMPLATE_FOLDER / name).read_text(encoding="utf-8"))
        yield tree
        waiting += [other for other in meta.find_referenced_templates(tree) if other]


def list_attributes(name: str, of: str) -> set[str]:
    return {
        node.attr
        for tree in read_trees(name)
        for node in tree.find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name == of
    }


@pytest.mark.parametrize(("struct", "name"), TEMPLATES.items(), ids=TEMPLATES.values())
def test_a_template_uses_exactly_the_fields_of_its_struct(struct: type[msgspec.Struct], name: str) -> None:
    assert list_attributes(name, "page") == set(struct.__struct_fields__)


@pytest.mark.parametrize("name", TEMPLATES.values())
def test_a_template_needs_nothing_but_page_and_frame(name: str) -> None:
    trees = list(read_trees(name))
    imported = {macro for tree in trees for node in tree.find_all(nodes.FromImport) for macro in node.names}
    needed = set().union(*map(meta.find_undeclared_variables, trees)) - imported
    assert needed <= {"page", "frame"} | SAYERS


def test_every_field_of_the_frame_is_shown() -> None:
    used = set().union(*(list_attributes(name, "frame") for name in TEMPLATES.values()))
    assert used == set(Frame.__struct_fields__)


def test_every_template_belongs_to_a_page_or_is_a_fragment() -> None:
    pages = {path.name for path in TEMPLATE_FOLDER.iterdir() if not path.name.startswith("_")}
    assert pages == {*TEMPLATES.values(), "base.html", "opensearch.xml"}


def test_nothing_is_marked_safe_and_nothing_runs_or_is_styled_inline() -> None:
    for path in TEMPLATE_FOLDER.iterdir():
        text = path.read_text(encoding="utf-8")
        assert "|safe" not in text.replace(" ", ""), path.name
        assert "autoescape" not in text, path.name
        assert " style=" not in text, path.name
        assert "<style" not in text, path.name
        assert " on" + "click" not in text, path.name
        assert text.count("<script") == (path.name == "base.html"), path.name


def test_a_template_that_asks_for_what_is_not_there_fails_loudly() -> None:
    from jinja2 import UndefinedError

    template = load_environment("vi").from_string("{{ page.nothing }}")
    with pytest.raises(UndefinedError):
        template.render(page=Frame)
