"""What is said of a panel follows from its figures, and every figure quoted is right."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import table_of

import graphmap as gm
from graphmap import sample
from graphmap.errors import DataError
from graphmap.i18n import LANGUAGES
from graphmap.quoted import amount_of, flow_of, share_of
from graphmap.statements import all_statements, compared, evidence, first_steps, headline

CONSTRUCTED = "constructed/MRIO2017_31x42_ceads_layout.xlsx"


@pytest.fixture(scope="module")
def guangdong():
    table = sample.table()
    return gm.panel(gm.study(table.select(["CN-GD"])), beside=[table])


@pytest.fixture(scope="module")
def zhejiang():
    table = sample.table()
    return gm.panel(gm.study(table.select(["CN-ZJ"])), beside=[table])


def said_of(panel) -> dict[str, str]:
    return {each.key: each.text["en"] for each in all_statements(panel)}


def panel_of(Z, x, **more):
    return gm.panel(gm.study(table_of(np.asarray(Z, float), x, **more)))


def test_every_figure_quoted_stands_in_every_language(guangdong) -> None:
    for each in all_statements(guangdong):
        assert each.figures, each.key
        for quoted in each.figures:
            for tag in LANGUAGES:
                assert quoted.text[tag] in each.text[tag], (each.key, tag)


def test_no_number_in_a_sentence_is_unquoted(guangdong, zhejiang) -> None:
    for panel in (guangdong, zhejiang):
        for each in all_statements(panel):
            text = each.text["en"]
            for shown in sorted((q.text["en"] for q in each.figures), key=len, reverse=True):
                text = text.replace(shown, "")
            assert not re.search(r"\d", text), text


def test_figures_are_those_of_the_study(guangdong) -> None:
    study = guangdong.latest
    direct, footprint = study.sectors["direct_co2"], study.sectors["footprint"]
    first = headline(guangdong)
    assert first.figures[0].value == pytest.approx(direct.max() / direct.sum())
    others = footprint.drop(direct.idxmax())
    users = others[others > direct.drop(direct.idxmax())].nlargest(3)  # not with their own carbon
    assert first.figures[-2].value == pytest.approx(users.sum() / footprint.sum())
    assert first.figures[-1].value == pytest.approx(direct[users.index].sum() / direct.sum())
    by_key = {each.key: each for each in evidence(guangdong)}
    largest = study.network.without_loops().weights.max()
    assert by_key["largest_flow"].figures[0].value == pytest.approx(largest)
    assert by_key["picture"].figures[1].value == study.backbone.share_of_flow
    among, intensity = compared(guangdong)
    assert [each.value for each in among.figures[:2]] == [1, 2]
    mean = direct.sum() / study.sectors["gross_output"].sum() * 1e6
    assert intensity.figures[0].value == pytest.approx(mean)


def test_another_province_gets_another_text(guangdong, zhejiang) -> None:
    one, other = said_of(guangdong), said_of(zhejiang)
    assert one["headline.alone.direct_co2"] != other["headline.alone.direct_co2"]
    assert "intensity.below.other" in one
    assert "intensity.above.other" in other


def test_three_levers_each_with_sectors_and_figures(guangdong) -> None:
    steps = {step.lever: step for step in first_steps(guangdong)}
    assert list(steps) == ["own_reduction", "green_procurement", "supply_chain_finance"]
    sectors = guangdong.latest.sectors
    assert sectors.loc[list(steps["own_reduction"].nodes), "high_carbon"].all()
    for lever in ("green_procurement", "supply_chain_finance"):
        assert not sectors.loc[list(steps[lever].nodes), "high_carbon"].any()
    bought = guangdong.latest.leverage["embodied_co2_bought"]
    amount = steps["green_procurement"].statements[0].figures[0].value
    assert amount == pytest.approx(bought[steps["green_procurement"].nodes[0]])


def test_what_holds_the_same_carbon_is_not_added_up(guangdong) -> None:
    steps = {step.lever: step for step in first_steps(guangdong)}
    passed = guangdong.latest.sectors["transmission"]
    step = steps["supply_chain_finance"]
    quoted = [figure.value for figure in step.statements[0].figures]
    assert quoted == pytest.approx(list(passed[list(step.nodes)]))
    bought = guangdong.latest.leverage["embodied_co2_bought"]
    step = steps["green_procurement"]
    quoted = [figure.value for figure in step.statements[0].figures]
    assert quoted == pytest.approx(list(bought[list(step.nodes)]))


def test_the_rule_follows_who_emits() -> None:
    n = 10
    Z = np.full((n, n), 1.0)
    alone = panel_of(Z, np.full(n, 50.0), co2=[100.0, *np.ones(n - 1)])
    assert headline(alone).key == "headline.alone.direct_co2"
    few = panel_of(Z, np.full(n, 50.0), co2=[40.0, 40.0, *np.ones(n - 2)])
    assert headline(few).key == "headline.named.direct_co2"
    assert headline(few).figures[0].value == 2
    names = few.latest.network.labels
    assert headline(few).text["en"].startswith(f"{names[0]['en']}, ")
    five = panel_of(Z, np.full(n, 50.0), co2=[40.0] * 5 + [1.0] * 5)
    assert headline(five).key == "headline.few.direct_co2"
    many = panel_of(Z, np.full(n, 50.0), co2=np.ones(n))
    assert headline(many).key == "headline.first.direct_co2"
    assert headline(many).figures[1].value == pytest.approx(0.3)


def test_without_emissions_nothing_is_said_of_carbon() -> None:
    panel = panel_of([[0.0, 5.0], [2.0, 0.0]], [20.0, 20.0])
    keys = [each.key for each in all_statements(panel)]
    assert keys[0].startswith("headline.named.gross_output")
    assert "alone" in keys
    assert first_steps(panel) == []
    assert not any("CO₂" in each.text["en"] for each in all_statements(panel))


def test_of_a_list_of_flows_only_what_it_states_is_said(data) -> None:
    folder = data / "visceads"
    found = gm.read_flows(
        folder / "top88_flows.csv", folder / "sector_totals.csv", region="浙江", year=2017
    )
    panel = gm.panel(gm.study(found))
    said = said_of(panel)
    assert all(".listed" in key for key in said if key.startswith(("headline", "finance")))
    assert "nan" not in " ".join(said.values()).lower()
    assert "–" not in " ".join(said.values())
    assert not {"product", "passing", "kept", "finance.passed"} & set(said)
    # what the source states of its whole flow has that within sectors too
    assert "flows within sectors included" in said["picture.of_source"]


def test_years_are_set_beside_each_other(data) -> None:
    folder = data / "visceads"
    studies = [
        gm.study(
            gm.read_flows(
                folder / "top88_flows.csv", folder / "sector_totals.csv", region="浙江", year=year
            )
        )
        for year in (2012, 2015)
    ]
    found = {each.key: each for each in compared(gm.panel(studies))}
    direct = [float(study.sectors["direct_co2"].sum()) for study in studies]
    change = next(each for each in found.values() if each.key in ("rose", "fell"))
    assert abs(direct[1] / direct[0] - 1) == pytest.approx(
        next(q.value for q in compared(gm.panel(studies))[0].figures if q.unit == "%")
    )
    assert change.text["en"].startswith("From 2012 to 2015")


def test_of_several_regions_the_largest_is_named() -> None:
    panel = gm.panel(gm.study(sample.table()))
    keys = [each.key for each in compared(panel)]
    assert keys == ["largest_region.direct_co2", "most_intensive"]
    assert "Guangdong" in compared(panel)[0].text["en"]


@settings(max_examples=25)
@given(seed=st.integers(0, 10_000), n=st.integers(1, 9), zeros=st.floats(0, 1))
def test_something_true_is_said_of_any_table(seed, n, zeros) -> None:
    random = np.random.default_rng(seed)
    Z = random.uniform(0, 1, (n, n)) * (random.random((n, n)) > 0.7 * zeros)
    co2 = random.pareto(1.0, n) * (random.random(n) > zeros)
    try:
        panel = panel_of(Z, np.full(n, 2.0 * n), co2=co2)
    except DataError as error:  # then there is no study
        assert "flows between sectors" in str(error)
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gm.Study, "drawn", None)  # a thousand draws a table
        told = all_statements(panel)
    for each in told:
        for quoted in each.figures:
            assert np.isfinite(quoted.value)
            assert quoted.unit != "%" or -1e-9 <= quoted.value <= 1 + 1e-9 or "change" in each.key


def test_who_embodies_the_rest_is_said_with_its_share() -> None:
    """What is in the emitters' own products is not said to be in many others."""
    n = 12
    Z = np.zeros((n, n))
    Z[:2, 2:] = 6.0  # of an output of 100 each emitter keeps 40 as its own final product
    panel = panel_of(Z, np.full(n, 100.0), co2=[46.0, 44.0, *np.ones(n - 2)])
    footprint = panel.latest.sectors["footprint"] / panel.latest.sectors["footprint"].sum()
    said = headline(panel)
    own, most = said.figures[-2:]
    assert own.value == pytest.approx(footprint.iloc[:2].sum()) == pytest.approx(0.36)
    assert most.value == pytest.approx(footprint.iloc[2:].max())
    assert "their own final products embody 36 % of the total" in said.text["en"]
    assert "led by s2 with 6 %" in said.text["en"]
    assert "36 %" in said.text["zh-Hans"]
    assert "36 %" in said.text["zh-Hant"]


def test_emitters_without_final_products_embody_none_themselves() -> None:
    n = 21
    Z = np.zeros((n, n))
    Z[0, 1:] = 5.0  # all of its output
    said = headline(panel_of(Z, np.full(n, 100.0), co2=[90.0, *np.ones(n - 1)]))
    assert said.text["en"].endswith(
        "; the final products of the other sectors embody all of it, led by s1 with 5 %."
    )


@pytest.mark.parametrize(
    ("share", "written"),
    [(0.0, "0 %"), (0.0004, "less than 0.1 %"), (0.0042, "0.42 %"), (0.0142, "1 %")],
)
def test_a_small_share_is_not_written_as_nothing(share, written) -> None:
    assert share_of("direct_co2", share).text["en"] == written


def test_a_small_amount_is_not_written_as_nothing(guangdong) -> None:
    study = guangdong.latest
    assert amount_of(study, "direct_co2", 0.0123).text["en"] == "0.012 Mt"
    assert amount_of(study, "direct_co2", 0.26).text["en"] == "0.3 Mt"
    assert flow_of(study, "embodied_co2", 0.04).text["en"] == "0.040 Mt"
    assert amount_of(study, "direct_intensity", 0.0012).text["en"].startswith("0.0012 t")


def test_a_supplier_of_hardly_anything_is_not_named() -> None:
    n = 12
    Z = np.zeros((n, n))
    Z[0, 6], Z[1, 6] = 30.0, 0.3
    Z[6, 7:] = 5.0
    panel = panel_of(Z, np.full(n, 100.0), co2=[50.0, 40.0, 5.0, 4.0, 3.0, 2.0, *np.zeros(n - 6)])
    said = {each.key: each.text["en"] for each in first_steps(panel)[-1].statements}
    assert said["finance.suppliers"].endswith(": s0 15.0 Mt")


def test_nothing_is_said_to_hold_where_it_could_not_do_otherwise() -> None:
    """Five sectors are always among the first five."""
    Z = np.full((5, 5), 1.0)
    few = panel_of(Z, np.full(5, 50.0), co2=[5.0, 4.0, 3.0, 2.0, 1.0])
    assert "kept" not in said_of(few)
    Z = np.full((6, 6), 1.0)
    more = panel_of(Z, np.full(6, 50.0), co2=[6.0, 5.0, 4.0, 3.0, 2.0, 1.0])
    assert said_of(more)["kept"].startswith("Of the first 5 sectors by priority")


def test_of_several_regions_the_first_of_each_are_held_against_the_draws() -> None:
    panel = gm.panel(gm.study(sample.table()))
    study = panel.latest
    said = next(each for each in evidence(panel) if each.key == "kept.regions")
    assert [quoted.value for quoted in said.figures[:2]] == [10, 5]
    ranked = study.sectors.groupby("region")["priority"].rank(ascending=False)
    first = ranked.index[ranked <= 5]
    held = study.drawn.share_top()["priority"].loc[first] >= 0.9
    assert said.figures[2].value == held.sum()
    overall = study.sectors["priority"].nlargest(5).index
    assert set(overall) < set(first)
