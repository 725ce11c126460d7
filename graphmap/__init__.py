"""graphmap: an input-output table goes in, and the industry network comes out.

Example:
    >>> import graphmap as gm
    >>> table = gm.read("sample", region="Guangdong")
    >>> net = gm.network(table, weight="embodied_co2")
    >>> gm.key_sectors(net)["short_en"].iloc[0]
    'Electricity & heat'
"""

from graphmap.accounts import IOTable, balanced, check, gras, ras
from graphmap.accounts.aggregate import aggregated, disaggregated, regions_grouped
from graphmap.accounts.examine import examine
from graphmap.accounts.prices import deflated, in_unit
from graphmap.accounts.regionalise import regionalised
from graphmap.accounts.repairs import repaired
from graphmap.classification import concordance, read_concordance, regions_of_group
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
from graphmap.readers import open_source, read, read_emissions, read_flows
from graphmap.readers.pymrio_bridge import from_pymrio, to_pymrio
from graphmap.readers.stored import write_table
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
    "aggregated",
    "all_statements",
    "backbones_compared",
    "balanced",
    "centrality",
    "check",
    "communities",
    "comparison",
    "concordance",
    "consumption_accounts",
    "decomposition",
    "deflated",
    "disaggregated",
    "examine",
    "extraction",
    "figure",
    "first_steps",
    "from_pymrio",
    "gras",
    "headline",
    "in_unit",
    "keep",
    "key_relations",
    "key_sectors",
    "key_study",
    "network",
    "open_source",
    "panel",
    "panels",
    "rank",
    "ras",
    "read",
    "read_concordance",
    "read_emissions",
    "read_flows",
    "read_study_file",
    "regionalised",
    "regions_grouped",
    "regions_of_group",
    "repaired",
    "robustness",
    "structural_paths",
    "studies",
    "study",
    "to_pymrio",
    "write_atlas",
    "write_figures",
    "write_network",
    "write_page",
    "write_report",
    "write_slides",
    "write_table",
    "write_workbook",
]
