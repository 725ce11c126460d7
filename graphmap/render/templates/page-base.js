'use strict';
// What every part of the page uses: the data, the one state, the period shown, the colours of sectors.

const study = window.graphmapData ?? JSON.parse(byId('data').textContent); // an atlas keeps the data in a file of their own

// Everything a reader can change. It changes only through update(), which redraws the parts that depend on the change.
const FIRST_STATE = {
  lang: study.lang,
  theme: null, // null follows the system; else 'light' or 'dark'
  year: study.periods.length - 1, // place in study.periods
  weight: study.weight,
  size: study.size,
  colour: 'role',
  layout: study.layout,
  keep: null, // share of the cells; null is the study's own
  loops: false,
  chosen: null, // id of a sector
  steps: 0, // how far a focus reaches from the chosen sector: 0 is no focus
  role: null, group: null, community: null, // filters
  unfolded: null, // regions shown sector by sector: null is the study's own choice, else a list of codes
  pair: null, // [supplying region, using region]
  pins: {}, // id -> [x, y], where a reader has put a dot
  view: null, // [x, y, scale]: what stands in the middle of the map and how large; null fits all
  tab: 'key-sectors',
  sort: {column: 'order', descending: false},
  sankey: 'flows',
};
const state = {...FIRST_STATE, hovered: null};

// ---------------------------------------------------------------- the period shown

const FIGURES = study.weights.map(({id}) => id);
const flowOf = row => ({from: study.sectors[row[0]].id, to: study.sectors[row[1]].id, ...Object.fromEntries(FIGURES.map((weight, k) => [weight, row[k + 2]]))});
const radiusOf = (value, largest) => study.radius.smallest
  + (study.radius.largest - study.radius.smallest) * (largest > 0 ? Math.sqrt(Math.max(value ?? 0, 0) / largest) : 0);

function periodView(period) {
  const id = at => study.sectors[at].id;
  const list = period.sectors.map(known => ({
    ...study.sectors[known.at],
    ...known,
    radius: Object.fromEntries(Object.entries(study.maxima).map(([size, largest]) => [size, radiusOf(known.values[size], largest)])),
  }));
  const sectors = new Map(list.map(sector => [sector.id, sector]));
  const inOrder = [...new Set([...period.key_sectors.map(id), ...sectors.keys()])].map(key => sectors.get(key));
  return {
    ...period,
    sectors,
    inOrder, // the most important first
    order: new Map(inOrder.map((sector, i) => [sector.id, i + 1])),
    flows: period.flows.map(flowOf),
    loops: period.loops.map(([at, ...values]) => flowOf([at, at, ...values])),
    relations: period.relations.map(row => ({...row, sector: id(row.sector), partner: id(row.partner)})),
    paths: period.paths.map(path => ({...path, stages: path.stages.map(id)})),
    partners: (sector, direction) => (sector[direction][state.weight] ?? []).map(([at, value, share]) => ({id: id(at), value, share})),
  };
}

const periodViews = new Map();
let now; // the period shown: sectors (id -> sector), inOrder, order, flows, relations, weights, thresholds, ...

function showPeriod() {
  if (!periodViews.has(state.year)) periodViews.set(state.year, periodView(study.periods[state.year]));
  now = periodViews.get(state.year);
}
showPeriod();
onChange(['year'], showPeriod); // the first to be told, so that every other part finds the new year

// The sector in the panel: the reader's choice, and before that the first key sector.
const shownSector = () => now.sectors.get(state.chosen) ?? now.inOrder[0];
const weightOf = id => study.weights.find(weight => weight.id === id);
const measureOf = id => study.measures.find(measure => measure.id === id);
const thresholdOf = about => now.thresholds.find(rule => rule.about === about); // a role or 'position'
// What shares of flows are of. A source that lists some flows only may say what part of all they are: of all, those within
// sectors included, which nobody can tell from those it does not list.
const ofBetween = () => now.weights[state.weight]?.within !== null;
const keptShare = () => Math.min(state.keep ?? now.keep, now.keep_max);

// ---------------------------------------------------------------- words

const roleChips = sector => sector.roles.map(role =>
  element('span', {class: 'chip'}, dot(roleColour(role), 4), word(`role.${role}`)));

function drawWords() {
  document.documentElement.lang = state.lang;
  document.title = inLanguage(now.title);
  byId('title').textContent = inLanguage(now.title);
  byId('subtitle').textContent = inLanguage(now.subtitle);
  byId('notice').hidden = !now.notice;
  byId('notice').textContent = now.notice ? inLanguage(now.notice) : '';
  byId('source').textContent = word('page.source', {sources: now.sources.map(inLanguage).join(state.lang === 'en' ? '; ' : '；')});
  putWords();
}

function startWords() {
  startLanguages();
  onChange(['lang', 'year'], drawWords);
}

// ---------------------------------------------------------------- colours

const POSITION_COLOURS = {upstream: '#5B47A0', midstream: '#4C8BB5', downstream: '#7FC4A0'};
const POSITIONS = Object.keys(POSITION_COLOURS);

const intensityMeasure = study.measures.find(measure => measure.kind === 'intensity');
const groupIds = [...new Set(study.sectors.map(sector => sector.group))].filter(id => id in study.groups);
const colourChoices = [
  'role',
  ...(intensityMeasure ? ['intensity'] : []),
  'community',
  ...(groupIds.length ? ['group'] : []),
  'position',
];

// Intensities span three orders of magnitude, so the scale is logarithmic, and the same in every year; a sector that emits
// nothing stands at its end.
const intensityBounds = (() => {
  const positive = study.periods.flatMap(period => period.sectors.map(sector => sector.values[intensityMeasure?.id])).filter(value => value > 0);
  return positive.length ? [positive.reduce((a, b) => Math.min(a, b)), positive.reduce((a, b) => Math.max(a, b))] : [1, 1];
})();

function intensityColour(value) {
  if (value === null || value === undefined) return token('edge');
  const [low, high] = intensityBounds.map(Math.log);
  const place = value > 0 && high > low ? (Math.log(value) - low) / (high - low) : 0;
  return rampColour(place);
}

const sectorColour = sector => ({
  role: () => roleColour(sector.role),
  intensity: () => intensityColour(sector.values[intensityMeasure.id]),
  community: () => category(sector.community),
  group: () => category(groupIds.indexOf(sector.group)),
  position: () => POSITION_COLOURS[sector.position],
})[state.colour]();
