'use strict';
// What every part of the atlas uses: the data, the one state, names and figures of regions and sectors.

const study = window.atlasData;
const years = study.years; // labels, in order
const regionOf = id => regionsById.get(id);
const regionsById = new Map(study.regions.map(region => [region.id, region]));
const sectorsById = new Map(study.sectors.map((sector, at) => [sector.id, {...sector, at}]));
const withPages = study.regions.filter(({page}) => page);
const yearsOf = region => years.filter(year => study.totals[region]?.[year]);

// The index and the comparison share one state, so that a link from one to the other keeps what is chosen: `region` in `year`
// stands on the left, `other` in `otherYear` on the right.
const FIRST_STATE = {
  lang: study.lang,
  theme: null, // null follows the system; else 'light' or 'dark'
  indicator: (study.indicators.find(({id}) => Object.values(study.totals).some(of => Object.values(of).some(totals => totals[id] !== null))) ?? study.indicators[0]).id,
  year: years[years.length - 1],
  region: null,
  other: null,
  otherYear: null, // null is the same year
  sector: null, // null is the sector with the largest figure
  measure: study.measures[0].id,
  sort: null, // null is the indicator, the largest first; else {column, descending}
  order: null, // of the table of differences: null is the largest difference first; else {column, descending}
  weight: study.weight,
};
const state = {...FIRST_STATE};

const ADDRESSED = {
  lang: oneOf(() => study.languages),
  theme: oneOf(() => ['light', 'dark']),
  indicator: oneOf(() => study.indicators.map(({id}) => id)),
  year: oneOf(() => years),
  region: oneOf(() => study.regions.map(({id}) => id)),
  other: oneOf(() => study.regions.map(({id}) => id)),
  otherYear: oneOf(() => years),
  sector: oneOf(() => [...sectorsById.keys()]),
  measure: oneOf(() => study.measures.map(({id}) => id)),
  sort: sorting,
  order: sorting,
  weight: oneOf(() => study.weights.map(({id}) => id)),
};

// ---------------------------------------------------------------- figures

const indicatorOf = id => study.indicators.find(indicator => indicator.id === id);
const measureOf = id => study.measures.find(measure => measure.id === id);
const totalsOf = (region, year = state.year) => study.totals[region]?.[year] ?? null;

// The sectors of a region in a year: {sector, node, order, <measure>: value}, joined by sector.
const figuresRead = new Map();
function figuresOf(region, year = state.year) {
  const key = `${region}\n${year}`;
  if (!figuresRead.has(key)) {
    const rows = (study.figures[region]?.[year] ?? []).map(([at, node, order, ...values]) => [study.sectors[at].id, {
      sector: study.sectors[at], node, order, ...Object.fromEntries(study.measures.map(({id}, k) => [id, values[k]])),
    }]);
    figuresRead.set(key, new Map(rows));
  }
  return figuresRead.get(key);
}

// A total is a sum over the sectors the source gives figures of. Where these are less than half, or those without one had
// more than a twentieth of another year's total, it must not be ranked.
const MOST_UNKNOWN = 0.05;
const COUNTED = {direct_co2: 'direct_co2', direct_intensity: 'direct_co2', largest_share: 'direct_co2', gross_output: 'gross_output'};
const counted = (totals, indicator) => totals[`sectors_with_${COUNTED[indicator]}`] ?? totals.sectors;
const unknownIn = (totals, indicator) => totals[`unknown_in_${COUNTED[indicator]}`] ?? 0;
const partial = (totals, indicator) => counted(totals, indicator) < totals.sectors / 2 || unknownIn(totals, indicator) > MOST_UNKNOWN;

// The region shown before one is chosen is the first by the indicator.
const numeric = () => (indicatorOf(state.indicator).kind === 'name' ? study.indicators[0] : indicatorOf(state.indicator));
const shownRegion = () => state.region ?? (ranked(numeric().id)[0]?.[0] ?? withPages[0]).id;
const isShown = id => [shownRegion(), state.other].includes(id);

// Regions with a figure for an indicator: [region, value], largest first; those with too few sectors are left out.
const ranked = (indicator, year = state.year) => study.regions
  .filter(({id}) => totalsOf(id, year) && !partial(totalsOf(id, year), indicator))
  .map(region => [region, totalsOf(region.id, year)[indicator]])
  .filter(([, value]) => value !== null && value !== undefined)
  .sort((a, b) => b[1] - a[1]);

// ---------------------------------------------------------------- words

const wordOf = (key, values) => word(values.count === 1 ? `${key}.one` : key, values); // a sentence of one, or of several
const nameOf = each => inLanguage(each.name);
const shortOf = each => inLanguage(each.short);
const yearText = year => year || word('atlas.year.unknown');
const indicatorName = ({id}) => word(`atlas.indicator.${id}`);
const indicatorTitle = indicator => (indicator.kind === 'name' ? indicatorName(indicator) : withUnit(indicatorName(indicator), indicator.kind));
const measureTitle = ({id, kind}) => withUnit(word(`measure.${id}`), kind);
function signed(kind, value, decimals = null) {
  const text = number(kind, value, decimals).replace('-', '−');
  if (!/[1-9]/.test(text)) return text.replace('−', ''); // nothing has no sign
  return value > 0 ? `+${text}` : text;
}
const joined = names => names.join(state.lang === 'en' ? ', ' : '、');

const options = (list, chosen, text) => list.map(each => element('option', {value: each.id, selected: each.id === chosen}, text(each)));

function drawWords() {
  document.documentElement.lang = state.lang;
  document.title = inLanguage(study.title);
  byId('title').textContent = inLanguage(study.title);
  byId('subtitle').textContent = wordOf('atlas.subtitle', {count: withPages.length, years: years.map(yearText).join(' · ')});
  byId('notice').hidden = !study.notice;
  byId('notice').textContent = study.notice ? inLanguage(study.notice) : '';
  byId('sources').textContent = word('atlas.sources', {sources: study.sources.map(inLanguage).join(state.lang === 'en' ? '; ' : '；')});
  byId('made').textContent = word('atlas.made', {generator: study.generator, command: study.command});
  byId('data-folder').replaceChildren(word('atlas.data.all'), ' ', ...['regions', 'sectors', 'flows', 'trends'].flatMap(dataLinks));
  for (const place of document.querySelectorAll('.behind')) place.replaceChildren(word('atlas.data'), ' ', ...dataLinks(place.dataset.figure));
  putWords();
}

const dataLinks = figure => ['csv', 'json'].flatMap(format => [element('a', {href: `data/${figure}.${format}`}, `${figure}.${format}`), ' ']);

// Links between the pages keep the language, the theme and what is chosen.
function drawLinks() {
  byId('to-index').href = `index.html${fragment()}`;
  byId('to-compare').href = `compare.html${fragment()}`;
}

const pageOf = (region, changes) => {
  const together = study.regions.filter(({page}) => page === regionOf(region).page).length > 1; // of several on a page, this one opens
  const kept = {...changes, unfolded: together ? region : null, lang: state.lang === study.lang ? null : state.lang, theme: state.theme};
  const parts = Object.entries(kept).filter(([, value]) => value).map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
  return `#${parts.join('&')}`;
};
const regionPage = (region, changes) => `regions/${encodeURIComponent(regionOf(region).page)}.html${pageOf(region, changes)}`;

// ---------------------------------------------------------------- tables

// A table whose columns can be sorted: columns are {id, head, numeric, cell(row), value(row)}; sorted is {column, descending}.
function sortedTable(columns, rows, sorted, choose, rowAttributes = () => ({})) {
  const by = columns.find(({id}) => id === sorted.column) ?? columns[0];
  const missing = value => value === null || value === undefined;
  const inOrder = [...rows].sort((a, b) => {
    const [one, other] = [by.value(a), by.value(b)];
    if (missing(one) || missing(other)) return Number(missing(one)) - Number(missing(other)); // what is missing stands last
    const ascending = typeof one === 'string' ? one.localeCompare(other, state.lang) : one - other;
    return sorted.descending ? -ascending : ascending;
  });
  const head = column => element('th', {
    scope: 'col', class: column.numeric ? 'numeric' : null, 'aria-sort': column === by ? (sorted.descending ? 'descending' : 'ascending') : null,
  }, element('button', {
    type: 'button', 'data-column': column.id,
    onclick: () => choose({column: column.id, descending: column === by ? !sorted.descending : Boolean(column.numeric)}),
  }, column.head));
  const cell = (column, row, i) => element(i === 0 ? 'th' : 'td', {scope: i === 0 ? 'row' : null, class: column.numeric ? 'numeric' : null}, column.cell(row));
  return element('table', {},
    element('thead', {}, element('tr', {}, columns.map(head))),
    element('tbody', {}, inOrder.map(row => element('tr', rowAttributes(row), columns.map((column, i) => cell(column, row, i))))));
}

// A redrawn table keeps the focus on the head that was used.
function putTable(place, table) {
  const used = place.contains(document.activeElement) ? document.activeElement.dataset.column : null;
  place.replaceChildren(table);
  if (used) place.querySelector(`[data-column="${used}"]`)?.focus();
}
