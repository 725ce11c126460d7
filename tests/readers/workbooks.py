"""Workbooks and CSV files in published layouts, built from a table for the tests.

A layout is a list of rows (``Grid``); a test plants its fault in the grid, then saves it.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import get_column_letter

from graphmap import sample
from graphmap.accounts import IOTable
from graphmap.classification import region, sector_list
from graphmap.errors import DataError
from graphmap.readers.mapping import Mapping
from graphmap.readers.proposal import proposed
from graphmap.readers.sheet import read_sheets

Grid = list[list[Any]]

FIRST_ROW, FIRST_COLUMN = 4, 3
"""Where the numbers begin in a layout without extra rows (0-based)."""

DECIMALS = 8
"""openpyxl writes 16 figures of a number; figures rounded to this survive it to the last bit."""

NAMES = {
    "TIU": ("中间使用合计", "Total Intermediate Use"),
    "FU101": ("农村居民消费", "Rural household consumption"),
    "FU102": ("城镇居民消费", "Urban household consumption"),
    "FU103": ("政府消费", "Government consumption"),
    "FU201": ("固定资本形成总额", "Fixed capital formation"),
    "FU202": ("存货增加", "Changes in inventories"),
    "EX": ("出口", "Export"),
    "TFU": ("最终使用合计", "Total Final Use"),
    "ERR": ("误差", "Errors"),
    "GO": ("总产出", "Gross Output"),
    "IM": ("进口", "Imports"),
    "TII": ("中间投入合计", "Total Intermediate Input"),
    "VA001": ("劳动者报酬", "Compensation of employees"),
    "VA002": ("生产税净额", "Net taxes on production"),
    "VA003": ("固定资产折旧", "Depreciation on the fixed capital"),
    "VA004": ("营业盈余", "Operating surplus"),
    "TVA": ("增加值合计", "Total Value Added"),
    "TI": ("总投入", "Total Input"),
    "CO2": ("CO2排放（百万吨）", "CO2 (Mt)"),
}
FINAL_USES = ["FU101", "FU102", "FU103", "FU201", "FU202"]
PRIMARY_INPUTS = ["VA001", "VA002", "VA003", "VA004"]

NOISE = re.compile(
    r"Traceback|object at|\bb['\"]|array\(|\bnp\.|\bnan\b|<class|\bNone\b|Error\(|\\x|\n"
)
"""What Python shows to programmers and users should never read."""


def ceads_like(table: IOTable | None = None) -> IOTable:
    """The sample with the final uses, primary inputs and unit of a CEADs release."""
    table = table or sample.table()
    columns, labels = [], []
    for place in table.regions:
        mine = table.final_uses["region"] == place
        use = {
            str(category): table.Y[:, position]
            for position, category in table.final_uses["category"][mine].items()
        }
        columns += [
            use["households"] * 0.25,
            use["households"] * 0.75,
            use["government"],
            use["capital_formation"] * 1.125,
            use["capital_formation"] * -0.125,
        ]
        labels += [
            (place, category)
            for category in (
                "rural_households",
                "urban_households",
                "government",
                "fixed_capital",
                "inventories",
            )
        ]
    exports = table.Y[:, (table.final_uses["category"] == "exports").to_numpy()].sum(axis=1)
    Y = np.column_stack([*columns, exports, np.zeros(table.n)])
    V = np.outer([0.5, 0.125, 0.125, 0.25], table.V.sum(axis=0))
    return replace(
        table,
        Z=table.Z.round(DECIMALS),
        Y=Y.round(DECIMALS),
        V=V.round(DECIMALS),
        imports=table.imports.round(DECIMALS),
        final_uses=pd.DataFrame(
            [*labels, ("", "exports"), ("", "error")], columns=["region", "category"]
        ),
        primary_inputs=("compensation", "production_taxes", "depreciation", "operating_surplus"),
        extensions={"co2": replace(table.extensions["co2"], F_Y=np.zeros(Y.shape[1]))},
    )


def ceads_grid(
    table: IOTable,
    *,
    language: str = "zh_hans",
    with_total_use: bool = True,
    region_in_every_row: bool = False,
    extra_rows: int = 0,
    title: object = 2017,
    with_co2: bool = True,
    numeric_codes: bool = False,
) -> Grid:
    """One sheet in the layout of the CEADs releases; ``table`` is one of ``ceads_like``."""
    wording = 0 if language == "zh_hans" else 1
    tag = {"zh_hans": "zh-Hans", "en": "en"}[language]
    places = [region(code).name[tag] for code in table.index["region"]]
    sectors = table.index[f"name_{language}"].tolist()
    codes = [int(code) if numeric_codes else code for code in table.index["code"]]

    def begins(i: int, labels: Sequence[str]) -> str:
        return labels[i] if region_in_every_row or i == 0 or labels[i - 1] != labels[i] else ""

    columns: list[tuple[str, str, object, np.ndarray]] = [
        (begins(j, places), sectors[j], codes[j], table.Z[:, j]) for j in range(table.n)
    ]

    def add(code: str, values: np.ndarray, place: str = "") -> None:
        columns.append((place, NAMES[code][wording], code, values))

    if with_total_use:
        add("TIU", table.Z.sum(axis=1))
    users = [region(code).name[tag] for code in table.regions for _ in FINAL_USES]
    for k in range(len(users)):
        add(FINAL_USES[k % len(FINAL_USES)], table.Y[:, k], begins(k, users))
    add("EX", table.Y[:, -2])
    add("TFU", table.Y[:, :-1].sum(axis=1))
    add("ERR", table.Y[:, -1])
    add("GO", table.x)

    grid: Grid = [[title], *([f"note {i + 1}"] for i in range(extra_rows))]
    for part in range(3):
        grid.append(["", "", "", *(column[part] for column in columns)])
    for i in range(table.n):
        grid.append(
            [begins(i, places), sectors[i], codes[i], *(float(column[3][i]) for column in columns)]
        )
    below: dict[str, np.ndarray] = {
        "IM": table.imports,
        "TII": table.Z.sum(axis=0) + table.imports,
        **dict(zip(PRIMARY_INPUTS, table.V, strict=True)),
        "TVA": table.V.sum(axis=0),
        "TI": table.x,
    }
    grid += [["", NAMES[code][wording], code, *map(float, row)] for code, row in below.items()]
    if with_co2 and table.co2 is not None:
        grid += [[""], ["", NAMES["CO2"][wording], "", *map(float, table.co2)]]
    return grid


def small_mrio(
    regions: Sequence[str], codes: Sequence[str], classification: str = "cn42_2017"
) -> IOTable:
    """A table of made-up figures that adds up: these provinces, these sectors of the list."""
    n, places = len(regions) * len(codes), np.repeat(regions, len(codes))
    random = np.random.default_rng(n)
    sectors = sector_list(classification).sectors.drop(columns="aliases").loc[list(codes)]
    index = pd.concat([sectors] * len(regions)).reset_index(names="code")
    index.insert(0, "region", places)
    index.index = pd.Index(index["region"] + "." + index["code"], name="node")
    uses = ["rural_households", "urban_households", "government", "fixed_capital", "inventories"]
    labels = [(place, use) for place in regions for use in uses]
    Z = random.uniform(0, 10, (n, n)).round(2)
    Y = random.uniform(5, 30, (n, len(labels) + 2)).round(2)
    Y[:, -1] = 0.0
    x = (Z.sum(axis=1) + Y.sum(axis=1)).round(2)
    imports = random.uniform(0, 5, n).round(2)
    V = np.outer([0.5, 0.125, 0.125, 0.25], x - Z.sum(axis=0) - imports).round(DECIMALS)
    return replace(
        ceads_like(),
        Z=Z,
        Y=Y,
        V=V,
        imports=imports,
        x=x,
        index=index,
        final_uses=pd.DataFrame(
            [*labels, ("", "exports"), ("", "error")], columns=["region", "category"]
        ),
        classification=classification,
        extensions={},
    )


def inventory_grid(seed: int = 0, *, with_total: bool = True) -> Grid:
    """One sheet in the layout of the CEADs inventories, labels with stray spaces."""
    figures = np.random.default_rng(seed).uniform(0, 50, (47, 2))
    sectors = sector_list("ceads_inventory").sectors["name_en"]
    rows = [
        [name + "   ", *map(float, part), float(part.sum())]
        for name, part in zip(sectors, figures, strict=True)
    ]
    total = [["Total Consumption", *figures.sum(axis=0).tolist(), float(figures.sum())]]
    header = [
        ["", "Raw Coal", "Process", "Scope 1 Total"],
        ["", "Mt CO2", "Mt CO2", "Mt CO2"],
        [""],
    ]
    return [*header, *(total if with_total else []), *rows]


def save(path: Path, **sheets: Grid) -> Path:
    """A workbook of these sheets; an empty text is an empty cell."""
    book = openpyxl.Workbook(write_only=True)
    for name, grid in sheets.items():
        sheet = book.create_sheet(name)
        for row in grid:
            sheet.append([None if isinstance(cell, str) and cell == "" else cell for cell in row])
    book.save(path)
    return path


def save_csv(path: Path, rows: Sequence[Sequence[object]], encoding: str = "utf-8") -> Path:
    """A CSV file of these rows."""
    with path.open("w", newline="", encoding=encoding) as file:
        csv.writer(file).writerows(rows)
    return path


def cell(row: int, column: int) -> str:
    """The name of a cell of a grid (0-based) as a message should show it."""
    return f"cell {get_column_letter(column + 1)}{row + 1}"


def proposal_of(path: Path) -> Mapping:
    """The mapping proposed for the first sheet."""
    found = proposed(read_sheets(path)[0])
    assert found is not None
    return found


def refusal(call: Callable[..., object], *args: object, **kwargs: object) -> str:
    """The one clear message of the ``DataError`` that the call raises."""
    with pytest.raises(DataError) as caught:
        call(*args, **kwargs)
    message = str(caught.value)
    assert not NOISE.search(message), message
    assert 20 < len(message) < 1000, message
    return message
