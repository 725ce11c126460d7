'use strict';
// What stands on the map and where: dots, flows, frames of regions, clouds of clusters. Nothing is painted here.

const WIDEST_FLOW = 9; // map units, as the next
const THINNEST_FLOW = 0.9;
const MOST_BUNDLES = 60; // flows between regions
const FEW_REGIONS = 3; // so many are unfolded at first
const BEHIND_AXES = 0.45; // flows step back where places are figures
const CLOUD_PAD = 16; // map units between the dots of a cluster and the rim of its cloud
const FULL_REGION = 0.36; // radius of the largest folded region, as a share of its cell

// The layout of the study, pulled apart as the shape of the map allows; dots and words keep their own shape.
const layoutShown = remembered(() => `${state.layout} ${state.pair} ${stretch()}`, () => {
  const {ticks, cells: grid, ...layout} = study.layouts[state.layout];
  const [across, down] = stretch();
  return {
    ...layout,
    width: layout.width * across,
    height: layout.height * down,
    places: layout.places.map((place, at) => toMap(place, study.sectors[at].region)),
    ticks: ticks && {x: ticks.x.map(([value, x]) => [value, x * across]), y: ticks.y.map(([value, y]) => [value, y * down])},
    cells: grid && Object.fromEntries(Object.entries(grid).map(([region, [x, y, width, height]]) =>
      [region, [...toMap([x, y], region), width * across, height * down]])),
  };
});

// Two regions that are looked at together stand one above the other, the supplier on top, however far apart they lie.
const PAIR_GAP = 0.16; // between the two, as a share of a cell's height
function besidePartner(region, [x, y]) {
  const grid = severalRegions && state.pair?.includes(region) ? study.layouts[state.layout].cells : null;
  if (!grid) return [x, y];
  const [left, top, , height] = grid[region];
  return [x - left, y - top + (region === state.pair[1] ? height * (1 + PAIR_GAP) : 0)];
}

// From a place of the study's own layout to one of the map, and back: pins and cells hold on a map of any shape.
function toMap(place, region) {
  const [[x, y], [across, down]] = [besidePartner(region, place), stretch()];
  return [x * across, y * down];
}
function fromMap([x, y], region) {
  const [[left, top], [across, down]] = [besidePartner(region, [0, 0]), stretch()];
  return [x / across - left, y / down - top];
}

// ---------------------------------------------------------------- regions

const cells = () => (severalRegions ? layoutShown().cells : null) ?? null;

function unfoldedRegions() {
  if (!cells()) return new Set(regionAt.keys());
  if (state.pair) return new Set(state.pair);
  return new Set(state.unfolded ?? (study.regions.length <= FEW_REGIONS ? regionAt.keys() : []));
}

const isFolded = region => !unfoldedRegions().has(region);

function fold(region, folded) {
  const unfolded = unfoldedRegions();
  if (folded) unfolded.delete(region);
  else unfolded.add(region);
  update({
    unfolded: study.regions.map(({id}) => id).filter(id => unfolded.has(id)),
    pair: null,
    view: !folded && cells() && study.regions.length > FEW_REGIONS ? viewOfRegion(region) : state.pair || !unfolded.size ? null : state.view,
  });
}

const sumOf = (sectors, measure) => sectors.reduce((sum, sector) => sum + Math.max(sector.values[measure] ?? 0, 0), 0);

// The largest sum of a region in any year, so that folded regions can be compared between years.
const largestRegion = remembered(() => state.size, () => Math.max(...study.periods.flatMap(period => {
  const sums = new Map();
  for (const {at, values} of period.sectors) {
    const {region} = study.sectors[at];
    sums.set(region, (sums.get(region) ?? 0) + Math.max(values[state.size] ?? 0, 0));
  }
  return [...sums.values()];
}), 0));

const sectorsOf = region => [...now.sectors.values()].filter(sector => sector.region === region);

// A folded region: its sectors' sum as area, and the parts of it that each colour stands for.
function regionDot({id, name, short}) {
  const [x, y, width, height] = cells()[id];
  const sectors = sectorsOf(id);
  const total = sumOf(sectors, state.size);
  const parts = new Map();
  for (const sector of sectors) {
    const colour = sectorColour(sector);
    parts.set(colour, (parts.get(colour) ?? 0) + sumOf([sector], state.size));
  }
  const full = FULL_REGION * Math.min(width, height);
  const [middleX, middleY] = [x + width / 2, y + height * 0.42];
  return {
    key: id, region: id, name, short, total, x: middleX, y: middleY,
    radius: Math.max(2, full * Math.sqrt(largestRegion() > 0 ? total / largestRegion() : 0)),
    alpha: 1, colour: [...parts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? token('edge'),
    slices: total > 0 ? [...parts].map(([colour, value]) => [colour, value / total]).sort((a, b) => b[1] - a[1]) : [],
    presence: 'full', key_sector: true,
  };
}

function frameOf({id, name, short}) {
  const [x, y, width, height] = cells()[id];
  return {region: id, name, short, left: x, top: y, width, height, x: x + width / 2, y: y + height / 2, half: [width / 2, height / 2]};
}

// ---------------------------------------------------------------- dots

const pinAt = ({x, y, sector}) => fromMap([x, y], sector.region).map(value => Number(rounded(value)));
const placeOf = ({id, at, region}) => (id in state.pins ? toMap(state.pins[id], region) : layoutShown().places[at]);
const DOT_ALPHA = {full: 1, faint: 0.15};

function sectorDot(sector) {
  const [x, y] = placeOf(sector);
  const presence = sectorPresence(sector);
  return {
    key: sector.id, sector, x, y, radius: sector.radius[state.size], alpha: DOT_ALPHA[presence], colour: sectorColour(sector),
    known: (sector.values[state.size] ?? null) !== null, presence, key_sector: sector.role !== 'other', pinned: sector.id in state.pins,
  };
}

// ---------------------------------------------------------------- flows

// Between regions of which one at least is folded: exact totals, the largest of them.
function bundles(dotOf, frames) {
  const flows = [];
  const table = now.between[state.weight];
  for (const [supplying, i] of regionAt) {
    for (const [using, j] of regionAt) {
      if (i !== j && table[i][j] > 0 && (isFolded(supplying) || isFolded(using))) {
        flows.push({from: supplying, to: using, between: true, [state.weight]: table[i][j]});
      }
    }
  }
  const places = new Map([...[...frames].map(frame => [frame.region, frame]), ...[...dotOf].filter(([, dot]) => dot.region)]);
  return byWeight(flows).slice(0, MOST_BUNDLES).map(flow => ({flow, from: places.get(flow.from), to: places.get(flow.to)}));
}

const flowWidth = flow => widthOfFlow(flow, scene().largest);

// As the square root of the flow; one within a sector may exceed all others, and is not drawn as wide as that.
function widthOfFlow(flow, largest) {
  const share = Math.min(1.2, Math.sqrt(Math.max(flow[state.weight], 0) / (largest || 1)));
  return flowUnit(flow.between) * (THINNEST_FLOW + (WIDEST_FLOW - THINNEST_FLOW) * share);
}

// A large canvas is seen from further away: its flows are drawn wider, those between folded regions as wide as on a small
// one, and those of the few regions that are unfolded for the view that such a region is looked at in.
const anyFolded = () => cells() !== null && !state.pair && unfoldedRegions().size < study.regions.length;
const unitFor = remembered(
  () => `${state.layout} ${anyFolded()} ${fitted().scale}`,
  () => [(anyFolded() ? 0.35 / Math.max(fitted().scale, regionScale()) : 0.35 / fitted().scale), 0.55 / fitted().scale].map(unit => Math.max(1, unit)));
const flowUnit = between => unitFor()[between ? 1 : 0];
const flowKey = ({from, to}) => `${from}>${to}`;

function curveKind(flow, from, to) {
  if (flow.from === flow.to) return 'loop';
  if (flow.between || !['chain', 'regions'].includes(state.layout)) return 'arc';
  if (from.sector.region !== to.sector.region && cells()) return 'arc';
  return to.x < from.x ? 'back' : 'along';
}

// Many flows are drawn fainter, or the map would be one stain.
const crowding = count => Math.min(1, Math.max(0.3, (260 / Math.max(count, 1)) ** 0.4));

function drawnEdge({flow, from, to}, largest, crowd) {
  const share = Math.sqrt(flow[state.weight] / largest);
  const grey = state.colour === 'role' && from.sector?.role === 'other';
  return {
    key: flowKey(flow), flow, from, to, kind: curveKind(flow, from, to), value: flow[state.weight],
    width: widthOfFlow(flow, largest),
    alpha: (grey || flow.between ? 0.5 : 0.35 + 0.35 * Math.min(share, 1)) * crowd * (layoutShown().ticks ? BEHIND_AXES : 1),
    dashed: !flow.between && runsBack(flow),
    colour: flow.between ? token('muted') : from.colour,
  };
}

// ---------------------------------------------------------------- clouds

const CLUSTERED = ['community', 'group'];

// In the layouts by cluster: the clusters of the latest year, whose places they are.
function buildClouds() {
  const last = study.periods.at(-1);
  const clusters = {
    community: () => last.sectors.map(({at, community}) => [at, community, last.communities[community], category(community)]),
    group: () => study.sectors.map(({group}, at) => [at, group, study.groups[group], category(groupIds.indexOf(group))]),
  }[state.layout]?.() ?? [];
  const found = new Map();
  for (const [at, key, name, colour] of clusters) {
    if (!name) continue;
    if (!found.has(key)) found.set(key, {key, name, colour, points: []});
    const [x, y] = layoutShown().places[at];
    const reach = largestRadius().get(study.sectors[at].id) + CLOUD_PAD;
    for (let turn = 0; turn < 16; turn += 1) {
      const angle = turn * Math.PI / 8;
      const label = angle < Math.PI ? study.font * 1.3 : 0; // below the dot
      found.get(key).points.push([x + reach * Math.cos(angle), y + reach * Math.sin(angle) + label]);
    }
  }
  return [...found.values()].map(({points, ...cloud}) => {
    const rim = hull(points);
    const across = rim.map(([x]) => x);
    return {
      ...cloud, outline: outline(`${pathOf(rim)}Z`),
      x: (Math.min(...across) + Math.max(...across)) / 2, top: Math.min(...rim.map(([, y]) => y)),
    };
  });
}

const clouds = remembered(() => JSON.stringify([state.layout, state.size, stretch()]), buildClouds);

// The largest that a sector's dot is in any year: what fits the map must not depend on the year.
const largestRadius = remembered(() => state.size, () => {
  const found = new Map(study.sectors.map(({id}) => [id, study.radius.smallest]));
  for (const period of study.periods) {
    for (const {at, values} of period.sectors) {
      const {id} = study.sectors[at];
      found.set(id, Math.max(found.get(id), radiusOf(values[state.size], study.maxima[state.size])));
    }
  }
  return found;
});

// ---------------------------------------------------------------- the whole

let built = null;
const forgetScene = () => { built = null; };
const scene = () => built ??= buildScene();

function buildScene() {
  const grid = cells();
  const unfolded = unfoldedRegions();
  const sectorDots = [...now.sectors.values()].filter(({region}) => !grid || unfolded.has(region)).map(sectorDot);
  const regionDots = grid && !state.pair ? study.regions.filter(({id}) => !unfolded.has(id) && grid[id]).map(regionDot) : [];
  const frames = grid ? study.regions.filter(({id}) => unfolded.has(id) && grid[id]).map(frameOf) : [];
  const dotOf = new Map([...sectorDots, ...regionDots].map(dot => [dot.key, dot]));
  const ends = flow => ({flow, from: dotOf.get(flow.from), to: dotOf.get(flow.to)});
  const drawn = [
    ...[...shownFlows(), ...shownLoops()].map(ends),
    ...(regionDots.length && !focused() ? bundles(dotOf, frames) : []),
  ].filter(({from, to}) => from && to);
  const largest = drawn.reduce((most, {flow}) => (flow.from === flow.to ? most : Math.max(most, flow[state.weight])), 0)
    || drawn.reduce((most, {flow}) => Math.max(most, flow[state.weight]), 0);
  const widest = regionDots.length || state.pair ? largest : Math.max(largest, rankedFlows()[0]?.[state.weight] ?? 0);
  const crowd = crowding(drawn.length);
  const edges = drawn.map(found => drawnEdge(found, widest, crowd)).sort((a, b) => a.value - b.value); // the largest on top
  return {dots: [...sectorDots, ...regionDots].sort((a, b) => b.radius - a.radius), dotOf, frames, edges, largest: widest};
}

// Every flow as it is drawn, largest first, with those between folded regions: what a legend has to explain.
const drawnFlows = () => scene().edges.map(({flow}) => flow).reverse();
