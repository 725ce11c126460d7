"""From rows of flows in long form to an ``IOTable``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from graphmap.accounts.emissions import Source
from graphmap.accounts.lookup import node_ids
from graphmap.accounts.table import IOTable
from graphmap.arrays import Array
from graphmap.classification import LabelError, find_region, sector_list
from graphmap.classification.sectors import recognise_any
from graphmap.i18n import LANGUAGES, Names, words
from graphmap.readers.blocks import UNREGIONAL, Line, item_of, items
from graphmap.readers.labels import own_labels
from graphmap.readers.long_ends import refuse_inputs, refuse_totals, refuse_two_spellings
from graphmap.readers.long_rows import Rows, relabelled
from graphmap.readers.subtotals import leaves

SHARED_ITEMS = ("imports", "inflow")
"""Items that stand among suppliers and users alike."""


@dataclass(frozen=True)
class Labels:
    """The rows with what their ends are: ``supplier_item`` and ``user_item`` are empty for
    sectors, ``supplier_at`` and ``user_at`` are rows of ``index`` or, for no sector, -1;
    ``region_supplier`` and ``region_user`` hold codes."""

    data: pd.DataFrame
    index: pd.DataFrame
    classification: str | None

    def of(self, supplier_kind: str, user_kind: str) -> pd.DataFrame:
        """The rows between two kinds of ends; ``sector`` is one."""
        here = self.data["supplier_kind"] == supplier_kind
        return self.data[here & (self.data["user_kind"] == user_kind)]

    def by(self, end: str, rows: pd.DataFrame) -> Array:
        """(n,) values of ``rows`` by the sector at one end."""
        at, values = self.position(end, rows), rows["value"].to_numpy(float)
        return np.bincount(at, values, len(self.index)).astype(float)  # of no rows: whole numbers

    def position(self, end: str, rows: pd.DataFrame) -> NDArray[np.intp]:
        """Which row of ``index`` the sector at one end of each row is."""
        return np.asarray(rows[f"{end}_at"], dtype=np.intp)


def assembled(rows: Rows, unit: str, region: str, year: int | None) -> IOTable:
    """The table that the rows are the cells of; ``Z`` is sparse.

    Gross output is what the file says; else what each sector sells, where there are final uses;
    else what it pays for, where there are primary inputs.

    Raises:
        DataError: there is none of these; a sector's name is not one of the others' list; an end
            is a total or an emission that flows cannot have, or an input nobody knows.
    """
    labels = _labelled(rows, region, year)
    n = len(labels.index)
    between = labels.of("sector", "sector")
    ends = labels.position("supplier", between), labels.position("user", between)
    cells = sparse.coo_array((between["value"].to_numpy(float), ends), shape=(n, n))
    Z = sparse.csr_array(cells)
    Z.eliminate_zeros()
    sales, inputs = (np.asarray(Z.sum(axis=axis)).ravel() for axis in (1, 0))
    imports = labels.by("user", labels.of("imports", "sector"))
    bought = labels.of("sector", "imports")
    inside = labels.by("supplier", bought) if len(bought) else None
    final_uses, Y = _lines(labels, labels.of("sector", "final_use"), "user", "supplier")
    paid, V = _lines(labels, labels.of("primary_input", "sector"), "supplier", "user")
    stated = labels.of("sector", "gross_output")
    if len(stated):
        x, how = labels.by("supplier", stated), []
    elif len(final_uses):
        x = sales + Y.sum(axis=0) - (0.0 if inside is None else inside)
        how = [words("note.long_output")]
    elif len(paid):
        x, how = inputs + imports + V.sum(axis=0), [words("note.long_inputs")]
    else:
        raise rows.error(
            "only flows between sectors, so that nobody knows what they produce",
            expected="also rows whose user is a final use (Exports, TFU) or gross output (GO), or "
            "whose supplier is a primary input (TVA)",
            remedy="a pair of nodes.csv and edges.csv takes flows and gross output",
        )
    if not len(final_uses):
        final_uses = pd.DataFrame({"region": [""], "category": ["final_use"]})
        Y = (x - sales + (0.0 if inside is None else inside))[None, :]
        how.append(words("note.long_final_use"))
    inputs_named = tuple(paid["category"])
    if not len(paid):
        V, inputs_named = (x - inputs - imports)[None, :], ("value_added_and_imports",)
        how.append(words("note.long_value_added"))
    notes = (words("note.long", what=_joined(how)),) if how else ()
    return IOTable(
        Z=Z,
        Y=Y.T,
        V=V,
        imports=imports,
        x=x,
        index=labels.index,
        final_uses=final_uses,
        primary_inputs=inputs_named,
        unit=unit,
        source=Source("", rows.file.rpartition("/")[2], rows.table, "", notes),
        year=year,
        classification=labels.classification,
        imports_inside=inside,
    )


def _joined(parts: list[Names]) -> Names:
    between = {"en": "; "}
    return {tag: between.get(tag, "；").join(part[tag] for part in parts) for tag in LANGUAGES}


def _labelled(rows: Rows, region: str, year: int | None) -> Labels:
    data = rows.data.copy()
    both = set(data["supplier"].unique()) & set(data["user"].unique())
    for end, axis in (("supplier", "rows"), ("user", "columns")):
        column = f"region_{end}"
        if column not in data:
            data[column] = pd.Categorical.from_codes(np.zeros(len(data), int), [region])
        data[column] = relabelled(data[column], _code)
        data[f"{end}_item"] = relabelled(data[end], partial(_item, axis=axis, both=both))
        data[f"{end}_kind"] = relabelled(data[f"{end}_item"], _kind)
        odd = np.flatnonzero(data[f"{end}_kind"] == "co2")
        if len(odd):
            raise rows.error(
                "emissions among the flows",
                int(odd[0]),
                found=data[end].iloc[odd[0]],
                remedy="give them with --emissions, or in nodes.csv",
            )
    keys, index, classification = _sectors(rows, data, year)
    for end in ("supplier", "user"):
        data[f"{end}_at"] = _places(keys, data[f"region_{end}"], data[end])
        data.loc[data[f"{end}_kind"] != "sector", f"{end}_at"] = -1
    _refuse_twice(rows, data)
    return Labels(data, index, classification)


def _refuse_twice(rows: Rows, data: pd.DataFrame) -> None:
    """A pair under two spellings (Guangdong and 广东, Exports and 出口) would be counted twice."""
    names = ["region_supplier", "region_user", "supplier_item", "user_item"]
    ends = data[names].apply(lambda column: column.cat.codes)
    twice = ends.join(data[["supplier_at", "user_at"]]).duplicated().to_numpy()
    for row in np.flatnonzero(twice)[:1].tolist():
        raise rows.error(
            "the same pair twice, under two spellings",
            row,
            found=", ".join(rows.data.drop(columns="value").iloc[row]),
            expected="each pair once",
        )


def _places(keys: pd.MultiIndex, regions: pd.Series, names: pd.Series) -> NDArray[np.intp]:
    """Where in ``keys`` each pair stands, or -1; each distinct pair is sought once."""
    size = len(names.cat.categories)
    codes = regions.cat.codes.to_numpy(np.int64) * size + names.cat.codes.to_numpy(np.int64)
    pair, distinct = pd.factorize(codes)
    sought = regions.cat.categories[distinct // size], names.cat.categories[distinct % size]
    found = keys.get_indexer(pd.MultiIndex.from_arrays(sought))
    places: NDArray[np.intp] = np.asarray(found, dtype=np.intp)[pair]
    return places


def _code(region: str) -> str:
    known = find_region(region)
    return known.code if known else region


def _kind(item: str) -> str:
    return str(items().at[item, "kind"]) if item else "sector"


def _item(text: str, axis: str, both: set[str]) -> str:
    """The item that a label names, or nothing: what supplies and uses alike is a sector."""
    item = item_of(text)
    if item is None or axis not in str(items().at[item, "axes"]).split():
        return ""
    return "" if text in both and item not in SHARED_ITEMS else item


def _sectors(
    rows: Rows, data: pd.DataFrame, year: int | None
) -> tuple[pd.MultiIndex, pd.DataFrame, str | None]:
    """Every region-sector that supplies or uses: its key, its labels, and their list."""
    pairs = [
        data.loc[data[f"{end}_kind"] == "sector", [f"region_{end}", end]]
        .drop_duplicates()
        .set_axis(["region", "name"], axis=1)
        .astype(object)
        for end in ("supplier", "user")
    ]
    found = pd.concat(pairs).drop_duplicates()
    if found.empty:
        raise rows.error("no sectors", found=", ".join(data["supplier"].unique()[:5]))
    names = found["name"].unique().tolist()
    refuse_totals(rows, data, names)
    try:
        found_list, share = recognise_any(names, year=year)
        chosen = found_list if share == 1 else None
    except LabelError as error:
        name = names[error.position]
        at = int(np.flatnonzero((data["supplier"] == name) | (data["user"] == name))[0])
        raise rows.error(
            "a sector that the list of the others does not have", at, found=name,
            expected=error.expected,
        ) from error  # fmt: skip
    if chosen is None:
        refuse_two_spellings(rows, data, names)
        refuse_inputs(rows, data)
        labels = pd.DataFrame([{"code": name, **own_labels([name])} for name in names], index=names)
    else:
        codes = [str(chosen.code(name)) for name in names]
        own = sector_list(chosen.id).sectors.drop(columns="aliases")
        labels = own.loc[codes].reset_index().set_index(pd.Index(names)).sort_values("code")
    order = {name: i for i, name in enumerate(labels.index)}
    regions = {code: i for i, code in enumerate(found["region"].unique())}
    found = found.sort_values(
        ["region", "name"], key=lambda part: part.map(regions if part.name == "region" else order)
    )
    index = labels.loc[found["name"]].reset_index(drop=True)
    index.insert(0, "region", found["region"].to_list())
    index.index = node_ids(index["region"], index["code"])
    if not index.index.is_unique:
        node = index.index[index.index.duplicated()][0]
        raise rows.error("the same sector under two names", found=node, expected="one name each")
    return pd.MultiIndex.from_frame(found), index, chosen.id if chosen else None


def _lines(labels: Labels, rows: pd.DataFrame, end: str, other: str) -> tuple[pd.DataFrame, Array]:
    """Final uses or primary inputs without the subtotals among them, and (m, n) their figures."""
    if rows.empty:
        return pd.DataFrame({"region": [], "category": []}), np.zeros((0, len(labels.index)))
    rows = rows.astype({f"{end}_item": object, f"region_{end}": object})
    item = rows[f"{end}_item"]
    place = rows[f"region_{end}"].where(~item.isin(UNREGIONAL), "") if end == "user" else ""
    named = pd.DataFrame({"region": place, "category": item})
    groups = rows.groupby([named["region"], named["category"]], sort=False)
    lines: list[Line] = []
    values: list[Array] = []
    stated: list[NDArray[np.bool_]] = []
    for (region, category), part in groups:
        kind = str(items().at[category, "kind"])
        lines.append(Line(len(lines), str(category), kind, None, [], region=str(region)))
        values.append(labels.by(other, part))
        stated.append(np.bincount(labels.position(other, part), minlength=len(values[0])) > 0)
    _complete_subtotals(lines, values, stated)
    lines, figures = leaves(lines, np.array(values))
    return pd.DataFrame(
        {"region": [line.region for line in lines], "category": [line.item for line in lines]}
    ), figures


def _complete_subtotals(
    lines: list[Line], values: list[Array], stated: list[NDArray[np.bool_]]
) -> None:
    """Where a sector has no row for a subtotal, the subtotal is the sum of its parts, not zero."""
    rests: dict[int, Array] = {}
    parts = [set(str(items().at[line.item, "parts"]).split("|")) - {""} for line in lines]
    for i in sorted(range(len(lines)), key=lambda i: len(parts[i])):
        inside = np.zeros(len(values[i]))
        for k, rest in rests.items():
            if lines[k].item in parts[i] and lines[i].region in ("", lines[k].region):
                inside += rest
        values[i] = np.where(stated[i], values[i], inside)
        rests[i] = values[i] - inside
