'use strict';
// Rankings: of the regions by any indicator, and of the regions for one sector.

const SPARK = {width: 64, height: 22, margin: 4};

// A line over the years, from nothing to the largest, so that a small change looks small; the table says the same in figures.
function sparkline(values) {
  const known = values.map((value, i) => [i, value]).filter(([, value]) => value !== null && value !== undefined);
  if (known.length < 2) return '';
  const largest = Math.max(...known.map(([, value]) => value), 1e-12);
  const x = i => SPARK.margin + i / (values.length - 1) * (SPARK.width - 2 * SPARK.margin);
  const y = value => SPARK.height - SPARK.margin - value / largest * (SPARK.height - 2 * SPARK.margin);
  return svg('svg', {class: 'spark', viewBox: `0 0 ${SPARK.width} ${SPARK.height}`, width: SPARK.width, height: SPARK.height, 'aria-hidden': 'true'},
    svg('polyline', {points: known.map(([i, value]) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`).join(' ')}),
    known.map(([i, value]) => svg('circle', {cx: x(i).toFixed(1), cy: y(value).toFixed(1), r: 2})));
}

const whole = (region, year, indicator) => {
  const totals = totalsOf(region, year);
  return totals && !partial(totals, indicator) ? totals[indicator] : null;
};

function rankingColumns() {
  const shown = numeric();
  const first = years[0];
  const last = years[years.length - 1];
  const figures = study.indicators.filter(({kind}) => kind !== 'name').map(indicator => ({
    id: indicator.id, numeric: true, head: [indicatorName(indicator), element('small', {}, unit(indicator.kind))],
    value: ({id}) => whole(id, state.year, indicator.id),
    cell: ({id}) => (partial(totalsOf(id), indicator.id)
      ? element('span', {class: 'muted', title: coverage(totalsOf(id), indicator.id)}, `${number(indicator.kind, totalsOf(id)[indicator.id])}*`)
      : number(indicator.kind, totalsOf(id)[indicator.id])),
  }));
  const several = years.length < 2 ? [] : [
    {id: 'change', numeric: true, head: [word('atlas.change', {indicator: indicatorName(shown)}), element('small', {}, `${yearText(first)}–${yearText(last)}`)],
      value: ({id}) => changeOf(id, shown.id)?.share,
      cell: ({id}) => { const change = changeOf(id, shown.id); return change ? changeText(change, first, last) : '–'; }},
    {id: 'trend', head: word('atlas.trend'),
      value: ({id}) => changeOf(id, shown.id)?.share, cell: ({id}) => sparkline(years.map(year => whole(id, year, shown.id)))},
  ];
  return [
    {id: 'region', head: word('atlas.region'), value: nameOf,
      cell: region => element('button', {type: 'button', onclick: () => clickTile(region.id)}, nameOf(region))},
    ...figures,
    {id: 'key_sector', head: word('atlas.indicator.key_sector'), value: ({id}) => nameOf(study.sectors[totalsOf(id).key_sector]), cell: ({id}) => element('span', {class: 'brief-name'}, shortOf(study.sectors[totalsOf(id).key_sector]))},
    ...several,
  ];
}

// A change that does not span all years says which it spans.
const changeText = ({from, to, share}, first, last) => [`${signed('share', share, 0)}\u00a0%`,
  from === first && to === last ? '' : element('small', {}, ` ${yearText(from)}–${yearText(to)}`)];

function drawRanking() {
  const shown = study.regions.filter(({id}) => totalsOf(id));
  const sort = state.sort ?? {column: indicatorOf(state.indicator).id, descending: indicatorOf(state.indicator).kind !== 'name'};
  const parts = shown.some(({id}) => study.indicators.some(indicator => partial(totalsOf(id), indicator.id)));
  byId('ranking-about').textContent = wordOf('atlas.ranking.about', {year: yearText(state.year), count: shown.length}) + (parts ? ` ${word('atlas.partial')}` : '');
  putTable(byId('ranking-table'), sortedTable(rankingColumns(), shown, sort, chosen => update({sort: chosen}),
    ({id}) => ({'aria-current': isShown(id) ? 'true' : null, 'data-region': id})));
}

function startRanking() {
  onChange(['lang', 'year', 'indicator', 'region', 'other', 'sort'], drawRanking);
}

// ---------------------------------------------------------------- one sector in all regions

const valueOf = (region, sector, year = state.year) => figuresOf(region, year).get(sector)?.[state.measure] ?? null;

// Before a reader chooses, the sector with the largest figure of all regions together.
function shownSector() {
  if (state.sector) return state.sector;
  const sums = study.sectors.map(({id}) => [id, study.regions.reduce((sum, region) => sum + (valueOf(region.id, id) ?? 0), 0)]);
  return sums.reduce((best, each) => (each[1] > best[1] ? each : best))[0];
}

function drawSectorRanking() {
  const sector = sectorsById.get(shownSector());
  const measure = measureOf(state.measure);
  byId('sector').replaceChildren(...options(study.sectors, sector.id, shortOf));
  byId('measure').replaceChildren(...options(study.measures, measure.id, measureTitle));
  const list = study.regions.map(region => [region, valueOf(region.id, sector.id)]).filter(([, value]) => value !== null).sort((a, b) => b[1] - a[1]);
  const missing = study.regions.filter(({id}) => totalsOf(id)).length - list.length;
  byId('sector-about').textContent = wordOf('atlas.sector_ranking.about', {sector: nameOf(sector), measure: measureTitle(measure), year: yearText(state.year), count: list.length})
    + (missing ? ` ${wordOf('atlas.sector_ranking.missing', {count: missing})}` : '');
  const largest = list[0]?.[1] ?? 0;
  byId('sector-bars').replaceChildren(...list.map(([region, value]) => element('li', {'aria-current': isShown(region.id) ? 'true' : null},
    element('a', {href: regionPage(region.id, {year: state.year, chosen: figuresOf(region.id).get(sector.id).node})}, nameOf(region)),
    element('span', {class: 'bar', 'aria-hidden': 'true', style: `--share:${largest > 0 ? Math.max(value, 0) / largest : 0}`}),
    element('span', {class: 'amount'}, number(measure.kind, value)))));
}

function startSectorRanking() {
  byId('sector').addEventListener('change', event => update({sector: event.target.value}));
  byId('measure').addEventListener('change', event => update({measure: event.target.value}));
  onChange(['lang', 'theme', 'year', 'sector', 'measure', 'region', 'other'], drawSectorRanking);
}
