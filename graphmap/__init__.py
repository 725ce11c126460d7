"""graphmap: an input-output table goes in, and the industry network comes out.

Example:
    >>> import graphmap as gm
    >>> table = gm.read("sample", region="Guangdong")
    >>> net = gm.network(table, weight="embodied_co2")
    >>> gm.key_sectors(net)["short_en"].iloc[0]
    'Electricity & heat'
"""

from graphmap.accounts import IOTable, check
from graphmap.errors import DataError, GraphmapError
from graphmap.leontief.consumption import consumption_accounts
from graphmap.leontief.decomposition import decomposition
from graphmap.leontief.extraction import extraction
from graphmap.leontief.paths import structural_paths
from graphmap.leontief.rank import rank
from graphmap.network import (
    FlowNetwork,
    backbones_compared,
    centrality,
    communities,
    comparison,
    keep,
    key_relations,
    key_sectors,
    key_study,
    network,
    robustness,
)
from graphmap.panel import Panel, panel, panels
from graphmap.readers import read, read_emissions, read_flows
from graphmap.render import (
    figure,
    write_atlas,
    write_figures,
    write_network,
    write_page,
    write_report,
    write_slides,
    write_workbook,
)
from graphmap.statements import all_statements, first_steps, headline
from graphmap.study import Study, study
from graphmap.study_file import read_study_file, studies

__all__ = [
    "DataError",
    "FlowNetwork",
    "GraphmapError",
    "IOTable",
    "Panel",
    "Study",
    "all_statements",
    "backbones_compared",
    "centrality",
    "check",
    "communities",
    "comparison",
    "consumption_accounts",
    "decomposition",
    "extraction",
    "figure",
    "first_steps",
    "headline",
    "keep",
    "key_relations",
    "key_sectors",
    "key_study",
    "network",
    "panel",
    "panels",
    "rank",
    "read",
    "read_emissions",
    "read_flows",
    "read_study_file",
    "robustness",
    "structural_paths",
    "studies",
    "study",
    "write_atlas",
    "write_figures",
    "write_network",
    "write_page",
    "write_report",
    "write_slides",
    "write_workbook",
]
