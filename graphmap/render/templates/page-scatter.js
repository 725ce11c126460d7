'use strict';
// Output against emission intensity: where a sector stands between large and small, clean and dirty; the picture for a slide.

const SCATTER_HEIGHT = 560;
const LARGEST_DOT = 26;
const SMALLEST_DOT = 3;
const STRIP = 44; // the foot of the picture, for sectors without emissions
const ISO_LINES = 3;
const MOST_NAMED = 120; // more labels than this no picture holds

const heightMeasure = intensityMeasure ?? measureOf('upstreamness') ?? measureOf('trophic_level');
const areaMeasure = measureOf('direct_co2') ?? measureOf('gross_output');
const logarithmic = Boolean(intensityMeasure);

// ---------------------------------------------------------------- scales

// The same in every year, so that a sector's move is its own.
function valuesOfAllYears(id) {
  return study.periods.flatMap(period => period.sectors.map(sector => sector.values[id])).filter(value => value !== null && value !== undefined);
}

// A scale has a domain in its own unit, and at() from values as they are; log says how its ticks go.
function scatterScale({id, kind}, log, from, to) {
  const shown = value => inReadersUnit[kind]?.(value) ?? value;
  const values = valuesOfAllYears(id).filter(value => !log || value > 0).map(shown);
  const bare = log ? Math.log10 : value => value;
  const [low, high] = values.length ? [bare(values.reduce((a, b) => Math.min(a, b))), bare(values.reduce((a, b) => Math.max(a, b)))] : [0, 1];
  const pad = 0.06 * (high - low) || 0.5;
  const domain = [low - pad, high + pad];
  const bareAt = value => from + (to - from) * (value - domain[0]) / (domain[1] - domain[0]);
  return {domain, log, bareAt, at: value => bareAt(bare(shown(value))), ticks: log ? logTicks(domain) : evenTicks(domain)};
}

function logTicks([low, high]) {
  const steps = high - low > 3 ? [1] : [1, 2, 5];
  const found = [];
  for (let power = Math.floor(low); power <= high; power += 1) {
    for (const step of steps) {
      const place = power + Math.log10(step);
      if (place >= low && place <= high) found.push([place, Number((step * 10 ** power).toPrecision(1))]);
    }
  }
  return found;
}

function evenTicks([low, high]) {
  const rough = (high - low) / 6;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find(each => each * power >= rough);
  return Array.from({length: 1 + Math.floor(high / step) - Math.ceil(low / step)}, (_, i) => (Math.ceil(low / step) + i) * step)
    .map(value => [value, Number(value.toPrecision(12))]);
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

// ---------------------------------------------------------------- labels

const meet = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

// Right of the dot, left, above or below: the first place where a label meets no other and no dot, else none.
function labelled(dots, frame, taken) {
  const found = [];
  const obstacles = dots.map(({x, y, radius}) => ({left: x - radius - 1, right: x + radius + 1, top: y - radius - 1, bottom: y + radius + 1}));
  for (const [at, {sector, x, y, radius}] of dots.entries()) {
    if (at >= MOST_NAMED) break;
    const text = nameOf(sector);
    const weight = sector.role === 'other' ? 400 : 600;
    const width = textWidth(text, weight);
    const gap = radius + 4;
    const places = [[x + gap, y + 4, 'start'], [x - gap, y + 4, 'end'], [x, y - gap, 'middle'], [x, y + gap + 9, 'middle']];
    for (const [tx, ty, anchor] of places) {
      const left = tx - {start: 0, middle: width / 2, end: width}[anchor];
      const box = {left: left - 3, right: left + width + 3, top: ty - 13, bottom: ty + 4};
      const inside = box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom;
      if (!inside || taken.some(other => meet(box, other)) || obstacles.some((other, i) => i !== at && meet(box, other))) continue;
      taken.push(box);
      found.push(haloText(tx, ty, {'text-anchor': anchor, 'font-weight': weight, class: 'dot-label'}, text));
      break;
    }
  }
  return found;
}

// ---------------------------------------------------------------- drawing

// Lines of equal emissions: output times intensity, both logarithmic, so they slant down at the same angle.
function isoLines(x, y, frame, taken) {
  const largest = valuesOfAllYears('direct_co2').reduce((a, b) => Math.max(a, b), 0);
  if (!(largest > 0)) return [];
  const first = Math.floor(Math.log10(largest));
  return Array.from({length: ISO_LINES}, (_, i) => first - i).flatMap(power => {
    // Mt = 10k units of money × t per 10k / a million; the axis shows money in the reader's unit
    const sum = power + 6 + Math.log10(inReadersUnit.money(1));
    const start = Math.max(x.domain[0], sum - y.domain[1]);
    const end = Math.min(x.domain[1], sum - y.domain[0]);
    if (start >= end) return [];
    const [x0, y0, x1, y1] = [x.bareAt(start), y.bareAt(sum - start), x.bareAt(end), y.bareAt(sum - end)];
    const text = figurePattern('mass').replace('{n}', (10 ** power).toLocaleString('en', {maximumFractionDigits: 9}));
    const width = textWidth(text, 400, 11);
    const under = y0 + (width + 6) * (y1 - y0) / (x1 - x0) + 12; // below the line where the label ends
    const [tx, ty] = y0 - 16 > frame.top ? [x0 + 6, y0 - 4] : x0 - width - 8 > frame.left ? [x0 - width - 8, y0 + 12] : [x0 + 6, under];
    const line = svg('line', {class: 'iso', x1: rounded(x0), y1: rounded(y0), x2: rounded(x1), y2: rounded(y1), stroke: token('muted'), 'stroke-opacity': 0.45, 'stroke-width': 1});
    const box = {left: tx - 3, right: tx + width + 3, top: ty - 10, bottom: ty + 3};
    if (box.right > frame.right || taken.some(other => meet(box, other))) return [line];
    taken.push(box);
    return [line, haloText(tx, ty, {fill: token('muted'), 'font-size': 11, class: 'iso-label'}, text)];
  });
}

function medianLines(x, y, known, frame) {
  const line = (x1, y1, x2, y2) => svg('line', {class: 'median', x1: rounded(x1), y1: rounded(y1), x2: rounded(x2), y2: rounded(y2), stroke: token('muted'), 'stroke-dasharray': '4 4', 'stroke-opacity': 0.7});
  if (known.length < 3) return [];
  const [mx, my] = [x.at(median(known.map(sector => sector.values.gross_output))), y.at(median(known.map(sector => sector.values[heightMeasure.id])))];
  return [line(mx, frame.top, mx, frame.bottom), line(frame.left, my, frame.right, my)];
}

function axes(x, y, frame) {
  const grid = (x1, y1, x2, y2) => svg('line', {x1: rounded(x1), y1: rounded(y1), x2: rounded(x2), y2: rounded(y2), stroke: token('line')});
  const tick = value => value.toLocaleString('en', {maximumFractionDigits: 9});
  const muted = {fill: token('muted'), 'font-size': 11};
  return [
    x.ticks.flatMap(([place, value]) => [grid(x.bareAt(place), frame.top, x.bareAt(place), frame.bottom),
      svg('text', {x: rounded(x.bareAt(place)), y: frame.foot + 16, 'text-anchor': 'middle', ...muted}, tick(value))]),
    y.ticks.flatMap(([place, value]) => [grid(frame.left, y.bareAt(place), frame.right, y.bareAt(place)),
      svg('text', {x: frame.left - 8, y: rounded(y.bareAt(place) + 4), 'text-anchor': 'end', ...muted}, tick(value))]),
    svg('text', {x: frame.right, y: frame.foot + 36, 'text-anchor': 'end', fill: token('muted')}, `${withUnit(word('measure.gross_output'), 'money')} →`),
    svg('text', {x: 8, y: 14, fill: token('muted')}, `↑ ${withUnit(word(`measure.${heightMeasure.id}`), heightMeasure.kind)}`),
  ].flat();
}

function scatterDot({sector, x, y, radius}) {
  const text = word('page.sankey.node', {sector: fullNameOf(sector), amount: [
    `${word('measure.gross_output')} ${figure('money', sector.values.gross_output)}`,
    ...new Set([heightMeasure, areaMeasure].filter(({id}) => id !== 'gross_output').map(({id, kind}) => `${word(`measure.${id}`)} ${figure(kind, sector.values[id])}`)),
  ].join(state.lang === 'en' ? ', ' : '，')});
  const chosen = sector.id === state.chosen;
  return svg('circle', {cx: rounded(x), cy: rounded(y), r: rounded(radius), fill: sectorColour(sector), 'fill-opacity': 0.85, stroke: token(chosen ? 'ink' : 'paper'), 'stroke-width': chosen ? 2.5 : 1,
    role: 'button', 'aria-label': text, 'data-tip': text, 'data-mark': sector.id, 'data-id': sector.id});
}

function drawScatter() {
  const room = Math.max(byId('scatter-frame').clientWidth, 560);
  const producing = now.inOrder.filter(sector => passesFilters(sector) && sector.values.gross_output > 0 && Number.isFinite(sector.values[heightMeasure.id]));
  const known = producing.filter(sector => !logarithmic || sector.values[heightMeasure.id] > 0);
  const without = logarithmic ? producing.filter(sector => !(sector.values[heightMeasure.id] > 0)) : [];
  const strip = logarithmic && valuesOfAllYears(heightMeasure.id).some(value => value === 0) ? STRIP : 0; // in every year, if in one
  const frame = {left: 64, right: room - 16, top: 26, bottom: SCATTER_HEIGHT - 48 - strip, foot: SCATTER_HEIGHT - 48};
  const x = scatterScale(measureOf('gross_output'), true, frame.left, frame.right);
  const y = scatterScale(heightMeasure, logarithmic, frame.bottom, frame.top);
  const most = valuesOfAllYears(areaMeasure.id).reduce((a, b) => Math.max(a, b), 0);
  const radius = sector => Math.max(SMALLEST_DOT, LARGEST_DOT * Math.sqrt(most > 0 ? Math.max(sector.values[areaMeasure.id] ?? 0, 0) / most : 0));
  const dots = [
    ...known.map(sector => ({sector, x: x.at(sector.values.gross_output), y: y.at(sector.values[heightMeasure.id]), radius: radius(sector)})),
    ...without.map(sector => ({sector, x: x.at(sector.values.gross_output), y: frame.foot - 12, radius: SMALLEST_DOT})),
  ].sort((a, b) => (b.sector.id === state.chosen) - (a.sector.id === state.chosen)); // the chosen one's label goes first
  const taken = [];
  const stripTitle = word('page.scatter.zero');
  if (strip) taken.push({left: frame.left, right: frame.left + textWidth(stripTitle, 400, 11) + 12, top: frame.foot - strip, bottom: frame.foot - strip + 14});
  const parts = [
    axes(x, y, frame),
    strip ? [svg('rect', {x: frame.left, y: frame.bottom + 4, width: frame.right - frame.left, height: strip - 4, fill: token('wash')}),
      svg('text', {x: frame.left + 6, y: frame.bottom + 16, fill: token('muted'), 'font-size': 11}, stripTitle)] : [],
    logarithmic ? isoLines(x, y, frame, taken) : [],
    medianLines(x, y, known, frame),
    [...dots].sort((a, b) => b.radius - a.radius).map(scatterDot), // the small ones on top
    labelled(dots, {...frame, top: frame.top, bottom: frame.foot}, taken),
  ];
  replaceChart(byId('scatter-frame'), chartPicture('scatter', room, SCATTER_HEIGHT, word('page.scatter.dots'), ...parts));
  const absent = now.inOrder.filter(passesFilters).length - producing.length;
  byId('scatter-text').textContent = [
    word('page.scatter.text', {
      x: inSentence(word('measure.gross_output')), y: inSentence(word(`measure.${heightMeasure.id}`)),
      area: inSentence(word(`measure.${areaMeasure.id}`)), colour: inSentence(word(`page.colour.${state.colour}`)),
      scaled: word(logarithmic ? 'page.scatter.both_logarithmic' : 'page.scatter.x_logarithmic'),
    }),
    word(logarithmic ? 'page.scatter.iso' : 'page.scatter.medians'),
    absent ? word('page.scatter.absent', {count: absent}) : '',
  ].filter(Boolean).join(state.lang === 'en' ? ' ' : '');
}

function startScatter() {
  chartFrame('scatter', drawScatter);
  onTab('scatter', ['lang', 'year', 'colour', 'theme', 'chosen', 'role', 'group', 'community'], drawScatter);
}
