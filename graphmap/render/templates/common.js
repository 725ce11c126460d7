'use strict';
// What the page and the atlas share: small elements, words and numbers in the reader's language, colours, the theme, the
// address of a view. Each defines `study` (what it was given), `state`, FIRST_STATE and ADDRESSED before any of this is called.

const byId = id => document.getElementById(id);

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

// ---------------------------------------------------------------- elements

// Children are nodes or strings; a string becomes a text node, so no name is ever read as markup.
function element(tag, attributes = {}, ...children) {
  return filled(document.createElement(tag), attributes, children);
}

function svg(tag, attributes = {}, ...children) {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function filled(made, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.flat(3).filter(child => child !== null && child !== undefined && child !== false && child !== ''));
  return made;
}

const dot = (colour, radius = 5) => element('span', {
  class: 'dot', style: `--colour:${colour};--radius:${radius}px`, 'aria-hidden': 'true',
});

// ---------------------------------------------------------------- words

const inLanguage = texts => texts[state.lang] ?? texts.en;

function word(key, values = {}) {
  const text = key in study.words ? inLanguage(study.words[key]) : key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

const WORDED_ATTRIBUTES = ['aria-label', 'placeholder', 'title'];

function putWords() {
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
    button.hidden = !study.languages.includes(button.dataset.lang);
    button.addEventListener('click', () => update({lang: button.dataset.lang}));
  }
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
  return formatOf(digits).format(shown);
}

const formats = new Map(); // making one takes longer than using it a hundred times
function formatOf(digits) {
  if (!formats.has(digits)) formats.set(digits, new Intl.NumberFormat('en', {minimumFractionDigits: digits, maximumFractionDigits: digits}));
  return formats.get(digits);
}

const tableNumber = (kind, value) => number(kind, value, TABLE_DECIMALS[kind]);

// "CNY 572.4 bn": the number with its unit, never broken between lines; the panel splits the pattern to set the unit smaller.
const figurePattern = kind => word(`page.figure.${withCurrency(kind)}`).replaceAll(' ', '\u00a0');
function figure(kind, value) {
  return value === null || value === undefined ? '–' : figurePattern(kind).replace('{n}', number(kind, value));
}
const percent = share => figurePattern('share').replace('{n}', number('share', share, share > 0 && share < 0.01 ? 1 : 0));

// ---------------------------------------------------------------- colours

// Colours of the page itself are tokens of its style sheet; read once a theme, because asking the browser is slow.
let tokens = new Map();
function token(name) {
  if (!tokens.has(name)) tokens.set(name, getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim());
  return tokens.get(name);
}

const ROLE_TOKENS = {high_carbon: 'role-carbon', high_transmission: 'role-transmission', high_output: 'role-output', other: 'role-other'};
const ROLES = Object.keys(ROLE_TOKENS);
const roleColour = role => token(ROLE_TOKENS[role]);
const CATEGORIES = 10; // categorical colours in tokens.css
const category = index => token(`category-${index % CATEGORIES + 1}`);

// The colour at a place between 0 and 1 of the ramp, which goes from what recedes on the theme's paper to what stands out.
const ramp = () => ['1', '2', '3', '4', '5'].map(step => token(`ramp-${step}`));
function rampColour(place) {
  const colours = ramp();
  const step = place * (colours.length - 1);
  const [from, to] = [Math.floor(step), Math.ceil(step)].map(i => colours[i].match(/\w\w/g).map(hex => parseInt(hex, 16)));
  return `rgb(${from.map((channel, i) => Math.round(channel + (to[i] - channel) * (step % 1))).join(',')})`;
}

// ---------------------------------------------------------------- address

// ADDRESSED says how each part of the state is written; read() gives undefined for what the page does not know.
const oneOf = known => ({read: value => (known().includes(value) ? value : undefined), write: value => value});

const sorting = {
  read: value => { const [column, way] = value.split(','); return {column, descending: way === 'down'}; },
  write: ({column, descending}) => `${column},${descending ? 'down' : 'up'}`,
};

function finite(parts, count) {
  const found = parts.map(Number);
  return found.length === count && found.every(Number.isFinite) ? found : undefined;
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

function fragment() {
  const parts = Object.keys(ADDRESSED).filter(key => !same(state[key], FIRST_STATE[key]))
    .map(key => `${key}=${encodeURIComponent(state[key] === null ? '' : ADDRESSED[key].write(state[key])).replaceAll('%2C', ',').replaceAll('%3B', ';')}`);
  return parts.length ? `#${parts.join('&')}` : '';
}

function addressed() {
  const found = {};
  for (const part of location.hash.slice(1).split('&')) {
    const [key, value] = part.split(/=(.*)/s);
    if (!(key in ADDRESSED) || !value) continue;
    let decoded;
    try { decoded = decodeURIComponent(value); } catch { continue; } // a cut-off link still opens
    const read = ADDRESSED[key].read(decoded);
    if (read !== undefined) found[key] = read;
  }
  return found;
}

let writing = 0;
function writeAddress() {
  clearTimeout(writing); // browsers refuse more than some hundred changes of address in half a minute
  writing = setTimeout(() => history.replaceState(null, '', location.pathname + location.search + fragment()), 150);
}

const viewAddress = () => location.href.split('#')[0] + fragment();

// ---------------------------------------------------------------- theme

const prefersDark = matchMedia('(prefers-color-scheme: dark)');
const themeShown = () => state.theme ?? (prefersDark.matches ? 'dark' : 'light');

function drawTheme() {
  document.documentElement.dataset.theme = themeShown();
  tokens = new Map();
  byId('theme').setAttribute('aria-pressed', String(themeShown() === 'dark'));
}

function startTheme() {
  byId('theme').addEventListener('click', () => update({theme: themeShown() === 'dark' ? 'light' : 'dark'}));
  prefersDark.addEventListener('change', () => update({theme: state.theme}));
  onChange(['theme'], drawTheme);
}
