"""The identities of the engine on every real table at hand."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made import table_of
from scipy import sparse

import graphmap as gm
from graphmap import sample
from graphmap.leontief import LeontiefSystem, sector_measures
from graphmap.leontief.measures import system_of
from graphmap.leontief.methods import METHODS
from graphmap.leontief.paths import largest_paths

TABLES = [
    *(f"constructed/{name}_2017_ceads_layout.xlsx" for name in ("Guangdong", "Zhejiang")),
    "constructed/Guangdong_Zhejiang_2017_ceads_layout.xlsx",
    "constructed/MRIO2017_31x42_ceads_layout.xlsx",
    *(f"nbs/china_{name}.csv" for name in ("2012_139", "2015_42", "2017_42", "2017_149")),
    *(f"nbs/china_{name}.csv" for name in ("2018_42", "2018_153")),
    *(f"oecd/OECD21ed_CHN_{year}.csv" for year in (1995, 2005, 2010, 2015, 2018)),
]
PAIRS = [
    ("nbs/china_2017_42.csv", "nbs/china_2018_42.csv"),
    *zip(TABLES[-5:], TABLES[-4:], strict=False),
    (TABLES[0], TABLES[0]),
]

pytestmark = pytest.mark.filterwarnings("ignore::graphmap.errors.DataWarning")


@cache
def table_at(path: Path) -> gm.IOTable:
    """A real table; where it has no emissions, some that follow from gross output."""
    table = _oecd(path) if path.parent.name == "oecd" else gm.read(path)
    if table.has_emissions:
        return table
    made_up = replace(
        sample.table().extensions["co2"], F=table.x**0.9, F_Y=np.zeros(len(table.final_uses))
    )
    return replace(table, extensions={"co2": made_up})


def _oecd(path: Path) -> gm.IOTable:
    """Flows with imports inside, output and imports of the 45 industries, in million dollars."""
    cells = pd.read_csv(path, index_col="Code", dtype={"Code": str})
    codes = [code for code in cells.index if code.isdigit()]
    return table_of(
        cells.loc[codes, codes].to_numpy(float),
        cells.loc["OUTPUT", codes].to_numpy(float),
        names=cells.loc[codes, "Description"].tolist(),
        unit="million_usd",
        imports_inside=cells.loc[codes, "IMPO"].abs().to_numpy(float),
    )


@pytest.fixture(params=TABLES, ids=[Path(name).stem for name in TABLES])
def table(data, request) -> gm.IOTable:
    return table_at(data / request.param).domestic()


def inverse(table):
    A = np.divide(table.Z, table.x, out=np.zeros_like(table.Z), where=table.x > 0)
    return A, np.linalg.inv(np.eye(table.n) - A)


def test_footprints_sum_to_direct_emissions(table) -> None:
    found, total = sector_measures(table), table.co2.sum()
    assert found["footprint"].sum() == pytest.approx(total, rel=1e-9)
    accounts = gm.consumption_accounts(table)
    assert accounts.categories["footprint"].sum() == pytest.approx(total, rel=1e-9)
    assert accounts.regions["production"].sum() == pytest.approx(total, rel=1e-9)


@pytest.mark.parametrize("method", METHODS)
def test_the_inverse_comes_out_of_solves_by_every_method(table, method) -> None:
    _, L = inverse(table)
    random = np.random.default_rng(1)
    columns = np.sort(random.choice(table.n, min(table.n, 12), replace=False))
    unit = np.eye(table.n)[:, columns]
    form = sparse.csr_array if method == "sparse" else np.asarray
    system = LeontiefSystem(form(table.Z), table.x, method=method)
    np.testing.assert_allclose(system.solve(unit), L[:, columns], rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(system.solve_transposed(unit), L[columns].T, rtol=1e-10, atol=1e-10)
    assert system.report.residual <= 1e-11


def test_extraction_is_what_solving_again_without_the_sectors_gives(table) -> None:
    A, _ = inverse(table)
    x, y, one = table.x, table.final_demand, np.eye(table.n)
    f = np.divide(table.co2, x, out=np.zeros(table.n), where=x > 0)
    B = np.divide(table.Z, x[:, None], out=np.zeros_like(A), where=x[:, None] > 0)
    primary = x - x @ B
    largest = np.argsort(-table.co2)[:3]
    for group in (largest[:1], largest):
        found = gm.extraction(table, list(table.index.index[group]))
        neither, unbought, unsold = A.copy(), A.copy(), B.copy()
        neither[group], neither[:, group], unbought[:, group], unsold[group] = 0, 0, 0, 0
        served = np.where(np.isin(np.arange(table.n), group), 0.0, y)
        left = {
            "complete": np.linalg.solve(one - neither, served),
            "backward": np.linalg.solve(one - unbought, y),
            "forward": np.linalg.solve(one - unsold.T, primary),
        }
        for sense, output in left.items():
            lost = found.losses.loc[sense]
            for unit, per_output in (("co2", f), ("gross_output", table.to_10k)):
                all_of_it = (per_output * x).sum()
                assert lost[unit] == pytest.approx(
                    (per_output * (x - output)).sum(), rel=1e-8, abs=1e-9 * all_of_it
                )


def test_transmission_is_the_sum_over_paths_with_the_sector_between(table) -> None:
    """``f T J_i T y`` with ``T = L A``, the sum over all paths of any length."""
    A, L = inverse(table)
    T, y = L @ A, table.final_demand
    f = np.divide(table.co2, table.x, out=np.zeros(table.n), where=table.x > 0)
    found = sector_measures(table)["transmission"]
    np.testing.assert_allclose(found, (f @ T) * (T @ y), rtol=1e-8, atol=1e-9 * found.abs().max())


def test_paths_are_what_the_table_says_and_reach_the_coverage_asked_for(table) -> None:
    """Every value is the product of its coefficients; together they are the share asked for."""
    A, L = inverse(table)
    f = np.divide(table.co2, table.x, out=np.zeros(table.n), where=table.x > 0)
    product = int(np.argmax(f @ L * table.final_demand))
    y = np.where(np.arange(table.n) == product, table.final_demand, 0.0)
    found = largest_paths(system_of(table), f, f @ L, y, coverage=0.7)
    footprint = (f @ L)[product] * y[product]
    assert 0.7 <= found.values.sum() / footprint < 1
    assert found.values[:-1].sum() / footprint < 0.7
    assert len(set(found.sequences())) == len(found.values)
    for path, value in list(zip(found.sequences(), found.values, strict=True))[::97]:
        chain = np.prod([A[i, j] for i, j in itertools.pairwise(path)])
        assert value == pytest.approx(f[path[0]] * chain * y[path[-1]], rel=1e-9)


def test_paths_found_and_those_too_small_add_up_to_the_footprint(table) -> None:
    """Stage by stage: all single paths from the arrays, the rest of the footprint behind them."""
    A, L = inverse(table)
    f = np.divide(table.co2, table.x, out=np.zeros(table.n), where=table.x > 0)
    y, footprint = table.final_demand, f @ L @ table.final_demand
    threshold = 1e-3 * footprint
    found = largest_paths(system_of(table), f, f @ L, y, threshold=threshold)
    stages = [f * y, f[:, None] * A * y]
    if table.n < 200:
        stages.append((f[:, None] * A)[:, :, None] * A * y)
    for stage, values in enumerate(stages):
        small = values[np.abs(values) < threshold].sum()
        ours = found.values[found.stages == stage].sum()
        assert ours + small == pytest.approx(values.sum(), rel=1e-9)
    deeper = f @ np.linalg.matrix_power(A, len(stages)) @ L @ y
    assert sum(values.sum() for values in stages) + deeper == pytest.approx(footprint, rel=1e-9)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: "-".join(Path(p).stem for p in pair))
@pytest.mark.parametrize("method", ["full", "polar"])
def test_the_parts_of_a_change_sum_to_it(data, pair, method) -> None:
    before, after = (table_at(data / name) for name in pair)
    for people in (None, (1.3e9, 1.4e9)):
        found = gm.decomposition(before, after, method=method, population=people)
        effects = found.drop(columns=["co2_before", "co2_after", "change"])
        size = before.co2.max()
        np.testing.assert_allclose(effects.sum(axis=1), found["change"], atol=1e-10 * size)
        change = after.co2.sum() - before.co2.sum()
        assert effects.sum().sum() == pytest.approx(change, abs=1e-9 * before.co2.sum())
