"""``FlowNetwork``: a weighted directed graph from suppliers to users.

Algorithms run on the sparse matrix, in igraph or scipy; networkx is what the user is handed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse

from graphmap.accounts.table import IOTable
from graphmap.arrays import Array
from graphmap.classification import region
from graphmap.classification.lists import names_of
from graphmap.errors import DataError
from graphmap.i18n import LANGUAGES, Names
from graphmap.leontief.footprints import embodied_flows
from graphmap.leontief.measures import TONNES_PER_MT, sector_measures

if TYPE_CHECKING:
    import igraph
    import networkx as nx

WEIGHTS = ("money", "direct_co2", "embodied_co2")
"""What an edge may carry: the transaction, its supplier's own or all emissions behind it."""


@dataclass(frozen=True, eq=False)
class FlowNetwork:
    """Industries and what flows between them.

    Attributes:
        nodes: a row a region-sector; the index is the node id (``CN-GD.24``). Labels and measures.
        weights: (n, n) csr_array, rows are suppliers and columns users.
        weight: one of ``WEIGHTS``.
        unit: of the weights: ``10k_yuan``, ``10k_usd`` or ``Mt``.
    """

    nodes: pd.DataFrame
    weights: sparse.csr_array
    weight: str
    unit: str

    def __post_init__(self) -> None:
        n = len(self.nodes)
        if self.weights.shape != (n, n):
            raise DataError(
                "weights do not fit the nodes", found=str(self.weights.shape), expected=f"{(n, n)}"
            )

    def without_loops(self) -> FlowNetwork:
        """The flows between different sectors only."""
        return self._between

    @cached_property
    def supplied(self) -> Array:
        """(n,) what each sector supplies to all others."""
        return np.asarray(self._between.weights.sum(axis=1)).ravel()

    @cached_property
    def received(self) -> Array:
        """(n,) what each sector receives from all others."""
        return np.asarray(self._between.weights.sum(axis=0)).ravel()

    @cached_property
    def _between(self) -> FlowNetwork:
        flows = self.weights.tocoo()
        between = (flows.row != flows.col) & (flows.data != 0)
        kept = sparse.coo_array(
            (flows.data[between], (flows.row[between], flows.col[between])), self.weights.shape
        )
        return replace(self, weights=sparse.csr_array(kept))

    @cached_property
    def by_user(self) -> sparse.csc_array:
        """The weights by column, for reading what one user receives."""
        return sparse.csc_array(self.weights)

    @cached_property
    def labels(self) -> list[Names]:
        """The short name of each node, behind that of its region where there are several."""
        shorts = [names_of(row, "short") for _, row in self.nodes.iterrows()]
        if self.nodes["region"].nunique() == 1:
            return shorts
        places = [region(code).short for code in self.nodes["region"]]
        return [
            {tag: f"{place[tag]} {short[tag]}" for tag in LANGUAGES}
            for place, short in zip(places, shorts, strict=True)
        ]

    def edges(self) -> pd.DataFrame:
        """One row a flow, largest first: supplier and user (node ids), weight."""
        flows = self.weights.tocoo()
        order = np.lexsort((flows.col, flows.row, -flows.data))
        return pd.DataFrame(
            {
                "supplier": self.nodes.index[flows.row[order]],
                "user": self.nodes.index[flows.col[order]],
                "weight": flows.data[order],
            }
        )

    def to_networkx(self) -> nx.DiGraph[str]:
        """The network for networkx; node attributes are the columns of ``nodes``."""
        import networkx as nx  # noqa: PLC0415 (slow, and only for those who ask for it)

        graph: nx.DiGraph[str] = nx.DiGraph(weight=self.weight, unit=self.unit)
        graph.add_nodes_from(
            (str(node), dict(row)) for node, row in self.nodes.to_dict("index").items()
        )
        edges = self.edges()
        graph.add_weighted_edges_from(
            zip(edges["supplier"], edges["user"], edges["weight"], strict=True)
        )
        return graph

    def to_igraph(self) -> igraph.Graph:
        """The network for igraph, nodes in the same order, edge attribute ``weight``."""
        import igraph  # noqa: PLC0415 (brings matplotlib: half a second)

        flows = self.weights.tocoo()
        graph = igraph.Graph(
            n=len(self.nodes), edges=np.column_stack([flows.row, flows.col]), directed=True
        )
        graph.vs["name"] = [str(node) for node in self.nodes.index]
        graph.es["weight"] = flows.data
        return graph

    def to_pyvis(self) -> Any:
        """The network for pyvis: a dot a sector, an arrow a flow, drawn as pyvis draws them.

        The page of ``write_page`` needs no pyvis; this is for those who have code for it.

        Example:
            >>> import networkx as nx
            >>> graph = nx.DiGraph()
            >>> graph.add_edge("power", "steel", weight=3.0)
            >>> FlowNetwork.from_networkx(graph).to_pyvis().edges[0]["value"]
            3.0
        """
        # pyvis brings IPython, which is slow to import and seldom needed
        from pyvis.network import Network  # noqa: PLC0415

        net = Network(directed=True, cdn_resources="in_line")
        named = (
            self.labels if "short_en" in self.nodes else [{"en": str(i)} for i in self.nodes.index]
        )
        for node, label in zip(self.nodes.index, named, strict=True):
            net.add_node(str(node), label=label["en"])
        for supplier, user, value in self.edges().itertuples(index=False):
            net.add_edge(supplier, user, value=value, title=f"{value:,.4g} {self.unit}")
        return net

    @classmethod
    def from_networkx(
        cls, graph: nx.DiGraph[Any], weight: str = "money", unit: str = "10k_yuan"
    ) -> FlowNetwork:
        """A network from a networkx graph whose edges carry ``weight`` and point at the user.

        What the graph itself says of weight and unit goes before the arguments.

        Example:
            >>> import networkx as nx
            >>> graph = nx.DiGraph()
            >>> graph.add_edge("power", "steel", weight=3.0)
            >>> FlowNetwork.from_networkx(graph).edges().values.tolist()
            [['power', 'steel', 3.0]]
        """
        import networkx as nx  # noqa: PLC0415 (slow, and only for those who ask for it)

        names = [str(node) for node in graph]
        nodes = pd.DataFrame([dict(graph.nodes[node]) for node in graph], index=names)
        weights = nx.to_scipy_sparse_array(graph, weight="weight", dtype=float)
        return cls(
            nodes,
            sparse.csr_array(weights),
            graph.graph.get("weight", weight),
            graph.graph.get("unit", unit),
        )


def network(
    table: IOTable, weight: str | None = None, *, measures: pd.DataFrame | None = None
) -> FlowNetwork:
    """The industry network of a table.

    Args:
        table: rows supply, columns use; imports are taken out of the cells where they are mixed in.
        weight: ``money`` (the transaction), ``direct_co2`` (``f_i Z_ij``, the supplier's own
            emissions behind it) or ``embodied_co2`` (``m_i Z_ij``, all emissions behind it).
            Embodied CO2 if left out, or money where the table has no emissions.
        measures: the table's ``sector_measures``, if they are at hand.

    Returns:
        FlowNetwork in 10 thousand yuan (or US dollars) or in Mt; its nodes carry the measures.
        Negative cells take part in the measures but are not flows of the network.

    Raises:
        DataError: an unknown weight, or CO2 asked of a table without emissions.

    Example:
        >>> from graphmap import sample
        >>> net = network(sample.table(), "embodied_co2")
        >>> net.unit, net.edges().iloc[0]["supplier"]
        ('Mt', 'CN-GD.13')
    """
    table = table.domestic()
    weight = weight or ("embodied_co2" if table.has_emissions else "money")
    if weight not in WEIGHTS:
        raise DataError("unknown weight", found=weight, expected=f"one of {', '.join(WEIGHTS)}")
    if weight != "money" and not table.has_emissions:
        raise DataError(
            f"the weight {weight} needs emissions, and the table has none",
            file=table.source.file,
            remedy="give an inventory with --emissions, or use --weight money",
        )
    measures = sector_measures(table) if measures is None else measures
    flows = sparse.csr_array(table.Z) * table.to_10k
    if weight == "money":
        unit = table.unit_10k
    else:
        intensity = "direct_intensity" if weight == "direct_co2" else "total_intensity"
        flows = embodied_flows(measures[intensity].to_numpy() / TONNES_PER_MT, flows)
        unit = "Mt"
    flows.data[flows.data < 0] = 0.0  # a correction, not a delivery; it stays in the algebra
    flows.eliminate_zeros()
    return FlowNetwork(table.index.join(measures), sparse.csr_array(flows), weight, unit)
