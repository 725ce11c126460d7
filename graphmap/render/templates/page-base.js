'use strict';
// What every part of the page uses: the data, the one state, words and numbers in the reader's language.

const data = JSON.parse(document.getElementById('data').textContent);
const study = data.study;
const sectors = new Map(study.sectors.map(sector => [sector.id, sector]));
const inOrder = [...new Set([...study.key_sectors, ...sectors.keys()])].map(id => sectors.get(id));

// Everything a reader can change. It changes only through update(), which redraws the parts that depend on the change.
const state = {
  lang: study.lang,
  weight: study.weight,
  size: study.size,
  colour: study.colour,
  keep: study.keep,
  chosen: null,
  hovered: null,
  tab: 'key-sectors',
  sort: {column: 'order', descending: false},
};
const views = [];

function onChange(dependsOn, draw) {
  views.push({dependsOn, draw});
}

function update(changes) {
  Object.assign(state, changes);
  for (const {dependsOn, draw} of views) {
    if (dependsOn.some(key => key in changes)) draw();
  }
}

// The sector in the panel: the reader's choice, and before that the first key sector.
const shownSector = () => sectors.get(state.chosen) ?? inOrder[0];
const weightOf = id => study.weights.find(weight => weight.id === id);
const thresholdOf = about => study.thresholds.find(rule => rule.about === about); // a role or 'position'
const measureOf = id => study.measures.find(measure => measure.id === id);

// ---------------------------------------------------------------- elements

const byId = id => document.getElementById(id);

// Children are nodes or strings; a string becomes a text node, so no name is ever read as markup.
function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === 'onclick') made.addEventListener('click', value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.flat().filter(child => child !== null && child !== ''));
  return made;
}

const dot = (colour, radius = 5) => element('span', {
  class: 'dot', style: `--colour:${colour};--radius:${radius}px`, 'aria-hidden': 'true',
});

const roleChips = sector => sector.roles.map(role =>
  element('span', {class: 'chip'}, dot(ROLE_COLOURS[role], 4), word(`role.${role}`)));

// ---------------------------------------------------------------- words

const inLanguage = texts => texts[state.lang] ?? texts.en;

function word(key, values = {}) {
  const text = key in study.words ? inLanguage(study.words[key]) : key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

const WORDED_ATTRIBUTES = ['aria-label', 'placeholder', 'title'];

function drawWords() {
  document.documentElement.lang = state.lang;
  document.title = inLanguage(study.title);
  byId('title').textContent = inLanguage(study.title);
  byId('subtitle').textContent = inLanguage(study.subtitle);
  byId('notice').hidden = !study.notice;
  byId('notice').textContent = study.notice ? inLanguage(study.notice) : '';
  byId('source').textContent = word('page.source', {sources: study.sources.map(inLanguage).join(state.lang === 'en' ? '; ' : '；')});
  for (const target of document.querySelectorAll('[data-word]')) target.textContent = word(target.dataset.word);
  for (const name of WORDED_ATTRIBUTES) {
    for (const target of document.querySelectorAll(`[data-word-${name}]`)) {
      target.setAttribute(name, word(target.getAttribute(`data-word-${name}`)));
    }
  }
  for (const button of document.querySelectorAll('button[data-lang]')) {
    button.setAttribute('aria-pressed', String(button.dataset.lang === state.lang));
  }
}

function startLanguages() {
  for (const button of document.querySelectorAll('button[data-lang]')) {
    button.addEventListener('click', () => update({lang: button.dataset.lang}));
  }
  onChange(['lang'], drawWords);
}

// ---------------------------------------------------------------- numbers

// Values arrive as 10 thousand of the currency, Mt, t per 10 thousand of the currency, plain indices and shares of one.
const inReadersUnit = {
  money: value => value / (state.lang === 'en' ? 1e5 : 1e4), // billion, or 亿
  share: value => value * 100,
};
const TABLE_DECIMALS = {money: 1, mass: 2, intensity: 3, index: 3, share: 1};

const withCurrency = kind => (kind === 'money' || kind === 'intensity' ? `${kind}.${study.currency}` : kind);
const unit = kind => (kind === 'index' ? '' : word(`page.unit.${withCurrency(kind)}`));
const withUnit = (name, kind) => (unit(kind) ? word(state.lang === 'en' ? '{name} ({unit})' : '{name}（{unit}）', {name, unit: unit(kind)}) : name);

// About four figures: 5,724 - 297.8 - 5.20 - 0.013
function readableDecimals(value) {
  const size = Math.abs(value);
  if (size >= 1000 || size === 0) return 0;
  if (size >= 10) return 1;
  return size >= 0.1 ? 2 : Math.min(6, 1 - Math.floor(Math.log10(size)));
}

function number(kind, value, decimals = null) {
  if (value === null || value === undefined) return '–';
  const shown = inReadersUnit[kind]?.(value) ?? value;
  const digits = decimals ?? readableDecimals(shown);
  return shown.toLocaleString('en', {minimumFractionDigits: digits, maximumFractionDigits: digits});
}

const tableNumber = (kind, value) => number(kind, value, TABLE_DECIMALS[kind]);

// "CNY 572.4 bn": the number with its unit, never broken between lines; the panel splits the pattern to set the unit smaller.
const figurePattern = kind => word(`page.figure.${withCurrency(kind)}`).replaceAll(' ', '\u00a0');
function figure(kind, value) {
  return value === null || value === undefined ? '–' : figurePattern(kind).replace('{n}', number(kind, value));
}
const percent = share => figurePattern('share').replace('{n}', number('share', share, share > 0 && share < 0.01 ? 1 : 0));

// ---------------------------------------------------------------- colours

const ROLE_COLOURS = {high_carbon: '#E69F00', high_transmission: '#0072B2', high_output: '#009E73', other: '#B4BBC7'};
const POSITION_COLOURS = {upstream: '#3B2A6B', midstream: '#4C8BB5', downstream: '#9CD3B4'};
const INTENSITY_RAMP = ['#F3DFA2', '#EDB458', '#D97B29', '#A4431B', '#5C1F12'];
const CATEGORY_COLOURS = ['#332288', '#44AA99', '#CC6677', '#DDAA33', '#88CCEE', '#117733', '#AA4499', '#999933', '#882255', '#6F7C91'];
const NO_DATA = '#E3E7EE';

const intensityMeasure = study.measures.find(measure => measure.kind === 'intensity');
const groupIds = [...new Set(study.sectors.map(sector => sector.group))].filter(id => id in study.groups);
const colourChoices = [
  'role',
  ...(intensityMeasure ? ['intensity'] : []),
  ...(study.communities.length ? ['community'] : []),
  ...(groupIds.length ? ['group'] : []),
  'position',
];
const category = index => CATEGORY_COLOURS[index % CATEGORY_COLOURS.length];

// Intensities span three orders of magnitude, so the scale is logarithmic; a sector that emits nothing stands at its end.
const intensityBounds = (() => {
  const positive = study.sectors.map(sector => sector.values[intensityMeasure?.id]).filter(value => value > 0);
  return positive.length ? [Math.min(...positive), Math.max(...positive)] : [1, 1];
})();

function intensityColour(value) {
  if (value === null || value === undefined) return NO_DATA;
  const [low, high] = intensityBounds.map(Math.log);
  const place = value > 0 && high > low ? (Math.log(value) - low) / (high - low) : 0;
  const step = place * (INTENSITY_RAMP.length - 1);
  const [from, to] = [Math.floor(step), Math.ceil(step)].map(i => INTENSITY_RAMP[i].match(/\w\w/g).map(hex => parseInt(hex, 16)));
  return `rgb(${from.map((channel, i) => Math.round(channel + (to[i] - channel) * (step % 1))).join(',')})`;
}

const sectorColour = sector => ({
  role: () => ROLE_COLOURS[sector.role],
  intensity: () => intensityColour(sector.values[intensityMeasure.id]),
  community: () => category(sector.community),
  group: () => category(groupIds.indexOf(sector.group)),
  position: () => POSITION_COLOURS[sector.position],
})[state.colour]();
