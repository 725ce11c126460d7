'use strict';
// Trends of the key sectors of a region: a line a sector over the years, its name where the line ends.

const TREND = {widest: 820, narrowest: 280, height: 320, left: 48, name: 24, top: 26, bottom: 28, gap: 15};
const TREND_SECTORS = 6;

const trendRegion = () => (regionOf(shownRegion()).page ? shownRegion() : withPages[0].id);

// Key sectors of the region's latest year, with their figure in each year.
function trendRows(region, measure) {
  const known = yearsOf(region);
  const key = [...figuresOf(region, known[known.length - 1]).values()].sort((a, b) => a.order - b.order).slice(0, TREND_SECTORS);
  return key.map(({sector}, i) => ({sector, colour: category(i), values: years.map(year => figuresOf(region, year).get(sector.id)?.[measure] ?? null)}))
    .filter(({values}) => values.some(value => value !== null));
}

// Round numbers from nothing to the largest.
function ticks(largest) {
  const step = [1, 2, 5, 10].map(each => each * 10 ** Math.floor(Math.log10(largest / 4))).find(each => largest / each <= 5);
  return Array.from({length: Math.floor(largest / step) + 1}, (_, i) => i * step);
}

// Where years are numbers they stand as far apart as they are; else evenly.
function yearPlaces() {
  const numbers = years.map(Number);
  const even = years.length < 2 || numbers.some(Number.isNaN);
  return years.map((_, i) => (years.length < 2 ? 0.5 : even ? i / (years.length - 1) : (numbers[i] - numbers[0]) / (numbers[numbers.length - 1] - numbers[0])));
}

// Labels in the order of their lines' ends, moved apart until each has its own height.
function labelHeights(ends) {
  const order = ends.map((_, i) => i).sort((a, b) => ends[a] - ends[b]);
  const heights = [...ends];
  order.forEach((i, k) => { if (k) heights[i] = Math.max(heights[i], heights[order[k - 1]] + TREND.gap); });
  const bottom = TREND.height - TREND.bottom;
  [...order].reverse().forEach((i, k, back) => { heights[i] = Math.min(heights[i], k ? heights[back[k - 1]] - TREND.gap : bottom); });
  return heights;
}

function drawTrends() {
  const region = trendRegion();
  const measure = measureOf(state.measure);
  const rows = trendRows(region, measure.id);
  byId('trends-title').textContent = word('atlas.trends', {region: nameOf(regionOf(region))});
  byId('trend-region').replaceChildren(...options(withPages, region, nameOf));
  byId('trend-measure').replaceChildren(...options(study.measures, measure.id, measureTitle));
  if (!rows.length) { byId('trend-lines').replaceChildren(element('p', {class: 'remark'}, word('atlas.no_figure'))); return; }
  byId('trend-lines').replaceChildren(trendPicture(rows, measure), trendTable(region, rows, measure));
}

const measuring = document.createElement('canvas').getContext('2d');
function textWidth(text) {
  measuring.font = `12px ${getComputedStyle(document.body).fontFamily}`;
  return measuring.measureText(text).width;
}

// As much of a name as has room.
function cutToFit(text, room) {
  let end = text.length;
  while (end > 1 && textWidth(end < text.length ? `${text.slice(0, end)}…` : text) > room) end -= 1;
  return end < text.length ? `${text.slice(0, end)}…` : text;
}

function trendPicture(rows, measure) {
  const places = yearPlaces();
  const largest = Math.max(...rows.flatMap(({values}) => values.map(value => value ?? 0)), 1e-12);
  const width = Math.min(TREND.widest, Math.max(TREND.narrowest, byId('trend-lines').clientWidth));
  const room = Math.min(width / 2, Math.max(...rows.map(({sector}) => textWidth(shortOf(sector)))) + 1);
  const end = width - TREND.name - room;
  const x = i => TREND.left + places[i] * (end - TREND.left);
  const y = value => TREND.height - TREND.bottom - value / largest * (TREND.height - TREND.top - TREND.bottom);
  const marks = ticks(largest);
  const step = marks[1] / 10 ** Math.round(Math.log10(1 / (inReadersUnit[measure.kind]?.(1) ?? 1)));
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const known = rows.map(({values}) => values.map((value, i) => [i, value]).filter(([, value]) => value !== null));
  const heights = labelHeights(known.map(points => y(points[points.length - 1][1])));
  return svg('svg', {viewBox: `0 0 ${width} ${TREND.height}`, width, height: TREND.height, role: 'img', 'aria-label': word('atlas.trends.spoken', {measure: measureTitle(measure)})},
    marks.map(tick => svg('g', {class: 'grid'},
      svg('line', {x1: TREND.left, x2: end, y1: y(tick), y2: y(tick)}),
      svg('text', {x: TREND.left - 6, y: y(tick) + 4, 'text-anchor': 'end'}, number(measure.kind, tick, decimals)))),
    svg('text', {class: 'unit', x: TREND.left - 6, y: 9, 'text-anchor': 'end'}, unit(measure.kind)),
    years.map((year, i) => svg('text', {class: 'year', x: x(i), y: TREND.height - 8, 'text-anchor': 'middle'}, yearText(year))),
    svg('line', {class: 'now', x1: x(years.indexOf(state.year)), x2: x(years.indexOf(state.year)), y1: TREND.top, y2: TREND.height - TREND.bottom}),
    rows.map(({colour}, k) => svg('g', {style: `--colour:${colour}`},
      svg('polyline', {points: known[k].map(([i, value]) => `${x(i).toFixed(1)},${y(value).toFixed(1)}`).join(' ')}),
      known[k].map(([i, value]) => svg('circle', {cx: x(i).toFixed(1), cy: y(value).toFixed(1), r: 3.5})),
      svg('path', {class: 'leader', d: `M${x(known[k][known[k].length - 1][0]) + 5},${y(known[k][known[k].length - 1][1])}L${end + 16},${heights[k]}`}),
      svg('text', {class: 'name', x: end + 20, y: heights[k] + 4}, cutToFit(shortOf(rows[k].sector), room)))));
}

// The same figures for those who do not see the lines.
function trendTable(region, rows, measure) {
  return element('div', {class: 'spoken'}, element('table', {}, element('caption', {}, `${nameOf(regionOf(region))}, ${measureTitle(measure)}`),
    element('thead', {}, element('tr', {}, element('th', {scope: 'col'}, word('atlas.sector')), years.map(year => element('th', {scope: 'col'}, yearText(year))))),
    element('tbody', {}, rows.map(({sector, values}) => element('tr', {}, element('th', {scope: 'row'}, nameOf(sector)),
      values.map(value => element('td', {}, tableNumber(measure.kind, value))))))));
}

function startTrends() {
  byId('trends').hidden = years.length < 2; // of one year the card says as much
  if (years.length < 2) return;
  byId('trend-region').addEventListener('change', event => update({region: event.target.value, other: null}));
  byId('trend-measure').addEventListener('change', event => update({measure: event.target.value}));
  onChange(['lang', 'theme', 'year', 'region', 'measure', 'indicator'], drawTrends);
  new ResizeObserver(drawTrends).observe(byId('trends')); // drawn at its own width, so that letters keep their size
}
