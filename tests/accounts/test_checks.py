"""Every kind of finding is raised by a planted fault and says where and how much."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy import sparse
from small_tables import small_table

from graphmap import sample
from graphmap.accounts import Finding, IOTable, check
from graphmap.accounts.gaps import misfit
from graphmap.classification import region
from graphmap.i18n import LANGUAGES, words

AT = 4
"""The region-sector that carries the fault: transport in Zhejiang."""

NODE = "CN-ZJ.29"


def clean(seed: int = 7, **options: Any) -> IOTable:
    """A table of large round outputs, so that a fault of 1,234 stands out from rounding."""
    table = small_table(seed, 2, 3, **options)
    Y = table.Y.copy()
    Y[:, 0] += 50_000 - table.x
    V = table.V + (50_000 - table.x)
    return replace(table, x=np.full(table.n, 50_000.0), Y=Y, V=V)


def changed(part: str, position: Any, value: float, add: bool = False) -> IOTable:
    table = clean()
    array = getattr(table, part).copy()
    array[position] = value + (array[position] if add else 0)
    return replace(table, **{part: array})


def with_co2(value: float, table: IOTable | None = None) -> IOTable:
    table = table or clean()
    F = np.zeros(table.n)
    F[AT] = value
    return replace(table, extensions={"co2": replace(table.extensions["co2"], F=F)})


def column(category: str) -> int:
    uses = clean().final_uses
    return int(np.flatnonzero((uses["category"] == category) & (uses["region"] == "CN-ZJ"))[0])


def idle() -> IOTable:
    """The table with a sector that neither produces nor takes part in anything."""
    table = clean()
    x, Z, Y, V, imports = (
        part.copy() for part in (table.x, table.Z, table.Y, table.V, table.imports)
    )
    Y[:, 0] += Z[:, AT]
    V[0] += Z[AT]
    Z[AT], Z[:, AT], Y[AT], V[:, AT], imports[AT], x[AT] = 0, 0, 0, 0, 0, 0
    Y[AT] = 0
    return with_co2(0, replace(table, x=x, Z=Z, Y=Y, V=V, imports=imports))


def idle_but_sold() -> IOTable:
    table = idle()
    Y = table.Y.copy()
    Y[AT, 0] = 1234.0
    return replace(table, Y=Y)


FAULTS: dict[str, tuple[Callable[[], IOTable], str, str]] = {
    "supply": (lambda: changed("Y", (AT, 0), -1234, add=True), "error", "1,234"),
    "inputs": (lambda: changed("V", (0, AT), 1234, add=True), "error", "-1,234"),
    "negative_output": (lambda: changed("x", AT, -1234.0), "error", "-1,234"),
    "negative_flow": (lambda: changed("Z", (AT, 0), -1234.0), "warning", "-1,234"),
    "negative_final_use": (
        lambda: changed("Y", (AT, column("government")), -1234.0),
        "warning",
        "-1,234",
    ),
    "negative_co2": (lambda: with_co2(-12.345), "error", "-12.34"),
    "zero_output": (idle_but_sold, "error", "1,234"),
    "co2_without_output": (lambda: with_co2(12.5, idle()), "error", "12.50"),
    "inputs_beyond_output": (
        lambda: changed("Z", (0, AT), 1_234_567.0 - clean().Z[1:, AT].sum()),
        "warning",
        "1,234,567",
    ),
}


def of_kind(findings: list[Finding], kind: str) -> Finding:
    (found,) = (finding for finding in findings if finding.kind == kind)
    return found


@pytest.mark.parametrize("table", [clean(), clean(is_sparse=True), sample.table()])
def test_a_clean_table_gives_one_ok(table: IOTable) -> None:
    (finding,) = check(table)
    assert finding.severity == "ok"
    for tag in LANGUAGES:
        assert str(table.n) in finding.text[tag]
        assert str(len(table.regions)) in finding.text[tag]


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_found_with_region_sector_and_figure_in_three_languages(kind: str) -> None:
    fault, severity, figure = FAULTS[kind]
    table = fault()
    finding = of_kind(check(table), kind)
    assert finding.severity == severity
    assert (finding.region, finding.sector) == ("CN-ZJ", NODE)
    for tag in LANGUAGES:
        text = finding.text[tag]
        assert region("CN-ZJ").name[tag] in text
        assert table.names(AT)[tag] in text
        assert "29" in text
        assert figure in text, text
        assert "{" not in text
    assert len({finding.text[tag] for tag in LANGUAGES}) == 3


@pytest.mark.parametrize("kind", ["supply", "inputs", "zero_output", "inputs_beyond_output"])
def test_a_money_figure_carries_its_unit(kind: str) -> None:
    finding = of_kind(check(FAULTS[kind][0]()), kind)
    assert "10 thousand yuan" in finding.text["en"]
    assert "万元" in finding.text["zh-Hans"]
    assert "萬元" in finding.text["zh-Hant"]


def test_a_negative_flow_names_its_user() -> None:
    table = FAULTS["negative_flow"][0]()
    finding = of_kind(check(table), "negative_flow")
    for tag in LANGUAGES:
        assert table.names(0)[tag] in finding.text[tag]


@pytest.mark.parametrize("is_sparse", [False, True])
def test_many_negative_flows_are_one_finding_a_supplier(is_sparse) -> None:
    table = clean(is_sparse=is_sparse)
    Z = table.Z.toarray() if is_sparse else table.Z.copy()
    Z[AT, :3] = -10.0, -1234.0, -20.0
    Z = sparse.csr_array(Z) if is_sparse else Z
    finding = of_kind(check(replace(table, Z=Z)), "negative_flows")
    assert finding.value == -1234.0
    assert table.names(1)["en"] in finding.text["en"]
    assert "3 flows are negative, -1,264" in finding.text["en"]
    assert "3 项中间使用为负" in finding.text["zh-Hans"]


def test_a_negative_flow_of_a_sparse_table_is_found() -> None:
    table = clean(is_sparse=True)
    Z = table.Z.tolil()
    Z[AT, 0] = -1234.0
    assert of_kind(check(replace(table, Z=Z.tocsr())), "negative_flow").sector == NODE


def test_a_small_gap_is_a_warning_and_a_rounded_one_is_nothing() -> None:
    (small,) = check(changed("Y", (AT, 0), -100, add=True))
    assert (small.severity, small.kind) == ("warning", "supply")
    assert "0.20" in small.text["en"]
    (rounded,) = check(changed("Y", (AT, 0), -1, add=True))
    assert rounded.severity == "ok"


@pytest.mark.parametrize(("short_of", "found"), [(0.0, True), (1.0, False)])
def test_inputs_are_too_many_from_the_whole_output_on(short_of: float, found: bool) -> None:
    others = np.delete(clean().Z[:, AT], 0).sum()
    table = changed("Z", (0, AT), 50_000.0 - others - short_of)
    kinds = {finding.kind for finding in check(table)}
    assert ("inputs_beyond_output" in kinds) == found


def test_inventories_may_be_negative() -> None:
    table = clean()
    Y = table.Y.copy()
    shifted = Y[AT, column("inventories")] + 1234
    Y[AT, column("inventories")] -= shifted
    Y[AT, 0] += shifted
    (finding,) = check(replace(table, Y=Y))
    assert finding.severity == "ok"


def test_imports_inside_the_cells_are_part_of_the_identity() -> None:
    table = small_table(competitive=True)
    assert check(table)[0].severity == "ok"
    assert check(replace(table, imports_inside=None))[0].kind == "supply"


def test_empty_cells_are_counted_and_the_first_of_them_named() -> None:
    finding = of_kind(check(replace(clean(), missing=("C5", "D7"))), "missing")
    assert finding.severity == "warning"
    for tag in LANGUAGES:
        assert "C5, D7" in finding.text[tag]
        assert "2" in finding.text[tag]
    many = of_kind(check(replace(clean(), missing=tuple(f"C{i}" for i in range(9)))), "missing")
    assert "9 empty cell(s)" in many.text["en"]
    assert "C4, ..." in many.text["en"]


def test_findings_come_worst_first() -> None:
    table = replace(FAULTS["supply"][0](), missing=("C5",))
    severities = [finding.severity for finding in check(table)]
    assert severities == ["error", "warning"]


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_a_missing_figure_is_not_taken_for_a_sound_one(value: float) -> None:
    """And none of the others is blamed for it."""
    found = [each for each in check(changed("x", AT, value)) if each.sector]
    assert [(each.severity, each.kind, each.sector) for each in found] == [
        ("error", "supply", NODE),
        ("error", "inputs", NODE),
    ]


@pytest.mark.filterwarnings("error")
def test_a_table_without_any_output_is_told_without_a_warning_of_numpy() -> None:
    findings = check(changed("x", slice(None), np.nan))
    assert [each.severity for each in findings].count("error") == 2 * clean().n


@pytest.mark.parametrize("part", ["x", "V", "Y", "imports"])
def test_what_is_missing_makes_the_misfit_infinite(part: str) -> None:
    table = clean()
    array = getattr(table, part).copy()
    array.flat[0] = np.nan
    assert misfit(replace(table, **{part: array})) == np.inf
    assert misfit(table) < 1e-9


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_co2_that_is_missing_is_an_error_that_names_who_emits_it(value: float) -> None:
    finding = of_kind(check(with_co2(value)), "missing_co2")
    assert (finding.severity, finding.value) == ("error", 1.0)
    assert finding.repair == ("zero-missing" if np.isnan(value) else "")
    assert all(NODE in finding.text[tag] for tag in LANGUAGES)
    whole = sample.table()  # large enough that the size of its CO2 is looked at
    co2 = whole.extensions["co2"]
    F_Y = co2.F_Y.copy()
    F_Y[0] = value
    F = np.where(np.arange(whole.n) < 5, value, co2.F)
    gaps = replace(whole, extensions={"co2": replace(co2, F=F, F_Y=F_Y)})
    assert "6 sector(s) or final use(s)" in of_kind(check(gaps), "missing_co2").text["en"]
    gaps = replace(whole, extensions={"co2": replace(co2, F_Y=F_Y)})
    text = of_kind(check(gaps), "missing_co2").text
    use = whole.final_uses.iloc[0]
    for tag in LANGUAGES:
        assert region(use["region"]).name[tag] in text[tag]
        assert words(f"final_use.{use['category']}")[tag] in text[tag]
