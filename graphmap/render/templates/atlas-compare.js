'use strict';
// Two regions or two years side by side: their pages in frames, the differences of their sectors, the flows that changed rank.

const RANKED_FLOWS = 30; // a flow is compared if it is among so many largest of either side
const COMPARED = ['direct_co2', 'gross_output', 'direct_intensity'];

// Left and right as shown: what is not chosen falls back to what there is.
function sides() {
  const usable = id => (regionOf(id)?.page ? id : null);
  const yearFor = (region, year) => (yearsOf(region).includes(year) ? year : yearsOf(region).slice(-1)[0]);
  const left = usable(state.region) ?? withPages[0].id;
  const leftYear = yearFor(left, state.year);
  const next = withPages.find(({id}) => id !== left)?.id ?? left;
  const right = usable(state.other) ?? (state.otherYear !== null ? left : next);
  const earlier = yearsOf(left).filter(year => year !== leftYear).slice(-1)[0] ?? leftYear;
  const rightYear = yearFor(right, state.otherYear ?? (right === left ? earlier : leftYear));
  return [{side: 'left', region: left, year: leftYear}, {side: 'right', region: right, year: rightYear}];
}
const sideName = ({region, year}) => `${nameOf(regionOf(region))} ${yearText(year)}`;

function drawSides() {
  const both = sides();
  byId('compare-title').textContent = word('atlas.compare.title', {one: sideName(both[0]), other: sideName(both[1])});
  byId('compare-scale').hidden = new Set(both.map(({region}) => regionOf(region).page)).size < 2; // all of a page share one
  byId('weight').replaceChildren(...options(study.weights, state.weight, ({id, kind}) => withUnit(word(`weight.${id}`), kind)));
  for (const {side, region, year} of both) {
    byId(`${side}-region`).replaceChildren(...options(withPages, region, nameOf));
    byId(`${side}-year`).replaceChildren(...options(yearsOf(region).map(id => ({id})), year, ({id}) => yearText(id)));
    byId(`${side}-page`).href = regionPage(region, {year, weight: state.weight});
    const kept = pageOf(region, {year, weight: state.weight});
    const frame = byId(`${side}-frame`);
    frame.title = sideName({region, year});
    const address = new URL(`regions/${encodeURIComponent(regionOf(region).page)}.html?embed=1${kept}&theme=${themeShown()}`, location.href).href;
    if (frame.dataset.address !== address) {
      frame.dataset.address = address;
      frame.contentWindow.location.replace(address); // so that Back leads out of the comparison, not through its frames
    }
  }
}

// ---------------------------------------------------------------- sectors

function drawDifferences() {
  const [one, other] = sides();
  const figures = [one, other].map(({region, year}) => figuresOf(region, year));
  const rows = study.sectors.filter(({id}) => figures.some(of => of.has(id)));
  const measures = COMPARED.filter(measureOf).map(measureOf);
  const valueIn = (k, id, measure) => figures[k].get(id)?.[measure] ?? null;
  const difference = (id, measure) => { const [a, b] = [0, 1].map(k => valueIn(k, id, measure)); return a === null || b === null ? null : b - a; };
  const columns = [{id: 'sector', head: word('atlas.sector'), value: nameOf, cell: nameOf}, ...measures.flatMap(({id, kind}) => [
    ...[one, other].map((side, k) => ({id: `${id}-${side.side}`, numeric: true, head: [measureTitle({id, kind}), element('small', {}, sideName(side))],
      value: sector => valueIn(k, sector.id, id), cell: sector => tableNumber(kind, valueIn(k, sector.id, id))})),
    {id: `${id}-difference`, numeric: true, head: [measureTitle({id, kind}), element('small', {}, word('atlas.difference'))],
      value: sector => { const found = difference(sector.id, id); return found === null ? null : Math.abs(found); },
      cell: sector => { const found = difference(sector.id, id); return found === null ? '–' : signed(kind, found, TABLE_DECIMALS[kind]); }},
  ])];
  const order = state.order ?? {column: `${measures[0].id}-difference`, descending: true};
  byId('differences-about').textContent = word('atlas.differences.about', {one: sideName(one), other: sideName(other)});
  putTable(byId('differences-table'), sortedTable(columns, rows, order, chosen => update({order: chosen}),
    ({id}) => ({'aria-current': id === state.sector ? 'true' : null})));
}

// ---------------------------------------------------------------- flows

// The data of a region's page, fetched once; one after the other, since each file sets the same name.
const pagesRead = new Map();
let reading = Promise.resolve();
function pageData(region) {
  const page = regionOf(region).page;
  if (!pagesRead.has(page)) {
    reading = reading.then(() => new Promise(resolve => {
      const script = element('script', {src: `data/${encodeURIComponent(page)}.js`, onload: () => { resolve(window.graphmapData); script.remove(); }, onerror: () => resolve(null)});
      document.head.append(script);
    }));
    pagesRead.set(page, reading);
  }
  return pagesRead.get(page);
}

// Flows between sectors with their rank, by "supplier user"; sectors of two pages are joined by name.
function rankedFlows(page, region, year, weight) {
  const period = page.periods.find(each => String(each.year ?? '') === year);
  const at = page.weights.findIndex(({id}) => id === weight);
  if (!period || at < 0) return new Map();
  const nodes = new Map([...figuresOf(region, year).values()].map(({node, sector}) => [node, sector.id]));
  return new Map(period.flows.map(([from, to, ...values]) => [[from, to].map(k => nodes.get(page.sectors[k].id)), values[at]])
    .filter(([[from, to], value]) => from && to && from !== to && value > 0).sort((a, b) => b[1] - a[1])
    .map(([ends, value], i) => [ends.join(' '), {ends, value, rank: i + 1}]));
}

let asked = 0;
async function drawFlows() {
  const mine = ++asked;
  const both = sides();
  const data = await Promise.all(both.map(({region}) => pageData(region)));
  if (mine !== asked || data.some(page => !page)) return;
  const flows = both.map(({region, year}, k) => rankedFlows(data[k], region, year, state.weight));
  const compared = [...new Set(flows.flatMap(of => [...of.keys()].slice(0, RANKED_FLOWS)))].map(key => {
    const [a, b] = flows.map(of => of.get(key) ?? null);
    return {ends: (a ?? b).ends, a, b, moved: (b ? b.rank : flows[1].size + 1) - (a ? a.rank : flows[0].size + 1)};
  }).filter(({a, b, moved}) => moved !== 0 || !a || !b).sort((x, y) => Math.abs(y.moved) - Math.abs(x.moved)).slice(0, RANKED_FLOWS);
  const {kind} = study.weights.find(({id}) => id === state.weight);
  byId('flows-about').textContent = compared.length
    ? word('atlas.flows.about', {weight: withUnit(word(`weight.${state.weight}`), kind), most: RANKED_FLOWS}) : word('atlas.flows.none');
  const head = (text, side) => element('th', {scope: 'col', class: 'numeric'}, text, element('small', {}, sideName(side)));
  const rank = each => (each ? String(each.rank) : '–');
  byId('flows-table').replaceChildren(compared.length ? element('table', {},
    element('thead', {}, element('tr', {}, element('th', {scope: 'col'}, word('atlas.flow')),
      both.map(side => head(word('atlas.rank'), side)), element('th', {scope: 'col', class: 'numeric'}, word('atlas.moved')),
      both.map(side => head(withUnit(word(`weight.${state.weight}`), kind), side)))),
    element('tbody', {}, compared.map(({ends, a, b, moved}) => element('tr', {},
      element('th', {scope: 'row'}, ends.map(id => nameOf(sectorsById.get(id))).join(' → ')),
      [a, b].map(each => element('td', {class: 'numeric'}, rank(each))),
      element('td', {class: 'numeric'}, a && b ? `${moved < 0 ? '↑' : '↓'} ${Math.abs(moved)}` : word(a ? 'atlas.flow.gone' : 'atlas.flow.new')),
      [a, b].map(each => element('td', {class: 'numeric'}, each ? number(kind, each.value) : '–')))))) : '');
}

function startCompare() {
  const chosen = () => { const [one, other] = sides(); return {region: one.region, year: one.year, other: other.region, otherYear: other.year}; };
  byId('left-region').addEventListener('change', event => update({...chosen(), region: event.target.value}));
  byId('right-region').addEventListener('change', event => update({...chosen(), other: event.target.value}));
  byId('left-year').addEventListener('change', event => update({...chosen(), year: event.target.value}));
  byId('right-year').addEventListener('change', event => update({...chosen(), otherYear: event.target.value}));
  byId('weight').addEventListener('change', event => update({weight: event.target.value}));
  byId('swap').addEventListener('click', () => { const now = chosen(); update({region: now.other, year: now.otherYear, other: now.region, otherYear: now.year}); });
  onChange(['lang', 'theme', 'region', 'year', 'other', 'otherYear', 'weight'], drawSides);
  onChange(['lang', 'region', 'year', 'other', 'otherYear', 'order', 'sector'], drawDifferences);
  onChange(['lang', 'region', 'year', 'other', 'otherYear', 'weight'], drawFlows);
  prefersDark.addEventListener('change', drawSides);
}
