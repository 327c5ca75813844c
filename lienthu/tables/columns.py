"""The headers of partners' tables: ``field = header | header``. An admin's own file adds headers to a field."""

from collections.abc import Iterable

from lienthu.errors import SettingsError
from lienthu.i18n import mark
from lienthu.tables.variants import TableText, list_lines


def read_headers(texts: Iterable[TableText]) -> dict[str, tuple[str, ...]]:
    """Field -> the headers under which it is found; ours, in the last of *texts*, say which fields there are. Raises
    SettingsError naming file and line."""
    *own, ours = texts
    headers = {field: names for _number, field, names in _read_lines(ours)}
    for text in own:
        for number, field, names in _read_lines(text):
            if field not in headers:
                raise SettingsError(
                    mark("{path}, line {number}: there is no field “{field}”. Known: {known}."),
                    path=text.path, number=number, field=field, known=", ".join(headers),
                )  # fmt: skip
            headers[field] = tuple(dict.fromkeys((*names, *headers[field])))
    return headers


def _read_lines(source: TableText) -> Iterable[tuple[int, str, tuple[str, ...]]]:
    for number, line in list_lines(source.text):
        field, _sign, names = line.partition("=")
        yield number, field.strip(), tuple([name.strip() for name in names.split("|") if name.strip()])
