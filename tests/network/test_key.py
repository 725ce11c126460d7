"""One rule for everything that is said of a table."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from made import table_of

from graphmap import sample
from graphmap.network import key_sectors, network
from graphmap.network.cycles import key_cycles, reciprocal_pairs
from graphmap.network.key import key_study
from graphmap.network.leverage import leverage
from graphmap.network.partners import partner_list, partner_table
from graphmap.network.relations import key_transactions
from graphmap.network.roles import overlaps

RULES = [{}, {"top": 2}, {"share": 0.6}, {"by": {"high_transmission": "direct_intensity"}}]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: next(iter(rule), "usual"))
def test_all_tables_are_told_by_the_same_rule(rule) -> None:
    table = sample.table().select(["CN-GD"])
    nets = network(table), network(table, "money")
    found = key_study(*nets, **rule, weights={"footprint": 1}, count=4, partners=3)
    role = key_sectors(nets[0], **rule)
    same = pd.testing.assert_frame_equal
    sectors = key_sectors(nets[0], **rule, weights={"footprint": 1}, explain=True)
    same(found.sectors, sectors)
    same(found.overlaps, overlaps(sectors))
    same(found.transactions, key_transactions(*nets, count=4, role=role))
    same(found.within, key_transactions(*nets, count=4, within=True, role=role))
    same(found.partners, partner_table(*nets, count=3, role=role))
    same(found.partner_list, partner_list(*nets, count=3, role=role))
    same(found.pairs, reciprocal_pairs(nets[0], count=4, role=role))
    same(found.cycles, key_cycles(nets[0], count=4, role=role))
    same(found.leverage, leverage(*nets, count=3, role=role))


@pytest.mark.parametrize("Z", [[[0.0]], [[5.0]], np.zeros((3, 3)), np.ones((3, 3))])
@pytest.mark.parametrize("emits", [True, False])
def test_degenerate_tables_have_everything(Z, emits) -> None:
    Z = np.array(Z)
    table = table_of(Z, np.full(len(Z), 9.0), co2=np.ones(len(Z)) if emits else None)
    found = key_study(network(table))
    for each in vars(found).values():
        assert isinstance(each, pd.DataFrame)
        assert not each.isna().any(axis=None)
    assert len(found.sectors) == len(found.leverage) == len(found.partners) == len(Z)
