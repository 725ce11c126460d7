'use strict';
// Which flows the map shows: the largest of the chosen weight, less what filters, a focus or a pair of regions leave out.

const MOST_OF_A_PAIR = 60; // flows drawn between two regions

const regionAt = new Map(study.regions.map(({id}, at) => [id, at]));
const regionOf = new Map(study.sectors.map(({id, region}) => [id, region]));
const severalRegions = study.regions.length > 1;

// The last result of a costly question, and what it was asked for: most redrawings ask it again unchanged.
function remembered(askedFor, answer) {
  let known = {};
  return () => {
    const key = askedFor();
    if (key !== known.key) known = {key, answer: answer()};
    return known.answer;
  };
}

const byWeight = flows => flows.filter(flow => flow[state.weight] > 0).sort((a, b) => b[state.weight] - a[state.weight]);

// The page carries the largest flows of every weight; beyond this number those of one weight are no longer all there.
const rankedFlows = remembered(
  () => `${state.year} ${state.weight}`,
  () => byWeight(now.flows).slice(0, Math.round(now.keep_max * now.cells)));

const keptFlows = () => rankedFlows().slice(0, Math.max(1, Math.round(keptShare() * now.cells)));

const inRole = (sector, role) => (role === 'other' ? sector.role === 'other' : sector.role === role || sector.roles.includes(role));
const filtered = () => state.role !== null || state.group !== null || state.community !== null;
const passesFilters = sector => (state.role === null || inRole(sector, state.role))
  && (state.group === null || sector.group === state.group)
  && (state.community === null || sector.community === state.community);

// Sectors within so many steps of a sector along flows in either direction; `inner` are those one step nearer.
function neighbourhood(centre, steps, flows) {
  let inner = new Set();
  let near = new Set([centre]);
  for (let step = 0; step < steps; step += 1) {
    inner = near;
    near = new Set(inner);
    for (const {from, to} of flows) {
      if (inner.has(from)) near.add(to);
      if (inner.has(to)) near.add(from);
    }
  }
  return {inner, near};
}

const focused = () => state.steps > 0 && now.sectors.has(state.chosen);
const focusReach = remembered(
  () => JSON.stringify([state.year, state.weight, keptShare(), state.chosen, state.steps, state.pair]),
  () => neighbourhood(state.chosen, state.steps, state.pair ? pairFlows().flows : keptFlows()));

// What the two chosen regions deal with each other: the flows drawn, their sum, and all there is between the two.
function pairFlows() {
  const [supplying, using] = state.pair;
  const ofPair = ({from, to}) => regionOf.get(from) === supplying && regionOf.get(to) === using;
  const flows = byWeight(now.flows.filter(ofPair)).slice(0, MOST_OF_A_PAIR);
  return {
    flows,
    shown: flows.reduce((sum, flow) => sum + flow[state.weight], 0),
    total: now.between[state.weight][regionAt.get(supplying)][regionAt.get(using)],
  };
}

// The flows between sectors that are drawn now, largest first.
const shownFlows = remembered(
  () => JSON.stringify([
    state.year, state.weight, keptShare(), state.chosen, state.steps, state.pair, state.role, state.group, state.community]),
  () => {
    const flows = severalRegions && state.pair ? pairFlows().flows : keptFlows();
    return flows.filter(({from, to}) => !filtered() || passesFilters(now.sectors.get(from)) || passesFilters(now.sectors.get(to)))
      .filter(({from, to}) => !focused() || focusReach().inner.has(from) || focusReach().inner.has(to));
  });

const shownLoops = () => (state.loops ? byWeight(now.loops).filter(({from}) => sectorPresence(now.sectors.get(from)) === 'full') : []);

// What a sector's dot is: 'full', 'faint' behind those that a filter, a focus or a pair of regions is about.
function sectorPresence(sector) {
  if (filtered() && !passesFilters(sector)) return 'faint';
  if (focused() && !focusReach().near.has(sector.id)) return 'faint';
  if (severalRegions && state.pair && !state.pair.includes(sector.region)) return 'faint';
  return 'full';
}

// A flow runs back up the chain where its user stands further upstream than its supplier.
const {chain} = study.layouts;
const chainPlaces = new Map(study.sectors.map(({id}, at) => [id, chain.places[at]]));
const runsBack = ({from, to}) => from !== to && chainPlaces.get(to)?.[0] < chainPlaces.get(from)?.[0];
