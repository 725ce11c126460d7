'use strict';
// The legend: what every colour, size, width, dash and ring on the map now stands for, at the scale the map now has.

const LEGEND_RADIUS = EMBEDDED ? 9 : 40; // CSS pixels; what is larger on a zoomed map is shown by a smaller sector
const LEGEND_LINE = 14;

const swatch = (colour, text, detail = null) => element('li', {}, dot(colour), element('span', {}, text, detail && element('small', {}, detail)));
const remark = text => element('li', {class: 'remark whole'}, text);

// ---------------------------------------------------------------- colour

const noData = () => swatch(token('edge'), word('page.legend.nodata'));

function roleLegend() {
  return ROLES
    .filter(role => [...now.sectors.values()].some(sector => sector.role === role || sector.roles.includes(role)))
    .map(role => swatch(roleColour(role), word(`role.${role}`), thresholdOf(role) && inLanguage(thresholdOf(role))));
}

function positionLegend() {
  const rule = thresholdOf('position');
  return [...POSITIONS.map(id => swatch(POSITION_COLOURS[id], word(`position.${id}`))), rule && remark(inLanguage(rule))];
}

function intensityLegend() {
  const [low, high] = intensityBounds;
  const stops = [low, Math.sqrt(low * high), high].map(value => element('span', {}, number('intensity', value)));
  return [
    element('li', {class: 'ramp'},
      element('span', {class: 'gradient', style: `background:linear-gradient(90deg,${ramp().join(',')})`}),
      element('span', {class: 'stops'}, stops)),
    remark(`${unit('intensity')} · ${word('page.legend.logarithmic')}`),
    [...now.sectors.values()].some(sector => (sector.values[intensityMeasure.id] ?? null) === null) && noData(),
  ];
}

const COLOUR_LEGENDS = {
  role: roleLegend,
  intensity: intensityLegend,
  community: () => now.communities.map((name, i) => swatch(category(i), inLanguage(name))),
  group: () => groupIds.map((id, i) => swatch(category(i), inLanguage(study.groups[id]))),
  position: positionLegend,
};

// ---------------------------------------------------------------- size

// Three dots of the map itself, so that the sizes are true: the smallest, the largest, and one halfway.
function samplesOf(dots) {
  const known = dots.filter(({value}) => value !== null).sort((a, b) => a.radius - b.radius);
  const fitting = known.filter(({radius}) => radius <= LEGEND_RADIUS);
  if (!fitting.length) return [];
  const [smallest, largest] = [fitting[0], fitting.at(-1)];
  const halfway = (smallest.radius + largest.radius) / 2;
  const nearer = (best, dot) => (Math.abs(dot.radius - halfway) < Math.abs(best.radius - halfway) ? dot : best);
  return [...new Set([largest, fitting.reduce(nearer, smallest), smallest])];
}

// Circles stand on one line inside each other, largest first; each value stands beside the top of its circle.
function nestedCircles(circles, kind) {
  const [{radius: largest}] = circles;
  const height = Math.max(2 * largest + 12, LEGEND_LINE * circles.length + 4);
  const parts = circles.flatMap(({radius, value}, i) => {
    const top = height - 2 - 2 * radius;
    const level = Math.max(Math.min(top, height - 6 - (circles.length - 1 - i) * LEGEND_LINE), 7 + i * LEGEND_LINE); // values keep a line's distance
    return [
      svg('circle', {cx: largest + 1, cy: height - 2 - radius, r: radius}),
      svg('path', {d: `M${largest + 1},${top} L${2 * largest + 8},${level} h8`}),
      svg('text', {x: 2 * largest + 20, y: level + 4}, number(kind, value)),
    ];
  });
  return svg('svg', {width: 2 * largest + 90, height, class: 'circles'}, ...parts);
}

// Where a reader has zoomed in so far that no two dots would fit into the legend, it is drawn smaller, and says so.
function reduction(dots) {
  const radii = dots.map(({radius}) => radius * mapScale()).sort((a, b) => a - b);
  if (radii.length < 2 || radii[1] <= LEGEND_RADIUS) return 1;
  return 2 ** Math.ceil(Math.log2(radii.at(-1) / LEGEND_RADIUS));
}

// In a frame of another page there is room for one line only.
const circlesInLine = (circles, kind) => circles.map(({radius, value}) => element('li', {},
  svg('svg', {width: 2 * radius + 2, height: 2 * radius + 2, class: 'circles', 'aria-hidden': 'true'}, svg('circle', {cx: radius + 1, cy: radius + 1, r: radius})),
  element('span', {}, number(kind, value))));
const drawnCircles = (circles, kind) => (EMBEDDED ? circlesInLine(circles, kind) : element('li', {}, nestedCircles(circles, kind)));

function sizeLegend({id, kind}) {
  const {dots} = scene();
  const reduced = reduction(dots);
  const shown = radius => radius * mapScale() / reduced;
  const sectors = dots.filter(({sector}) => sector).map(({sector, radius}) => ({radius: shown(radius), value: sector.values[id] ?? null}));
  const folded = dots.filter(({region}) => region).map(({total, radius}) => ({radius: shown(radius), value: total}));
  const circles = [sectors, folded].map(samplesOf).map(samples => samples.length > 0 && drawnCircles(samples, kind));
  const unknown = dots.some(({sector, known}) => sector && !known);
  return [circles[0], unknown && element('li', {class: 'whole'}, hollowMark(), element('span', {}, word('page.legend.nodata'))), reduced > 1 && element('li', {}, word('page.legend.reduced', {n: reduced})), circles[1] && [circles[1], remark(word('page.legend.folded'))]];
}

// ---------------------------------------------------------------- flows and marks

function arrow(width, dashed, colour) {
  const tip = 4 + width / 3;
  return svg('svg', {width: 44, height: 12, 'aria-hidden': 'true'},
    svg('line', {x1: 0, y1: 6, x2: 43 - 2 * tip, y2: 6, stroke: colour, 'stroke-width': width, opacity: 0.6, 'stroke-dasharray': dashed ? '5 3' : null}),
    svg('polygon', {points: `${43 - 2 * tip},${6 - tip * 0.8} 43,6 ${43 - 2 * tip},${6 + tip * 0.8}`, fill: colour, opacity: 0.8}));
}

const mark = (...parts) => svg('svg', {width: 44, height: 17, class: 'mark', 'aria-hidden': 'true'}, ...parts);
const ringMark = () => mark(svg('circle', {cx: 22, cy: 8.5, r: 4.5, class: 'dot-mark'}), svg('circle', {cx: 22, cy: 8.5, r: 7.5, class: 'ring'}));
const hollowMark = () => mark(svg('circle', {cx: 22, cy: 8.5, r: 4, class: 'ring'}));
const loopMark = () => mark(svg('path', {d: 'M18,11 C6,-3 38,-3 26,11', class: 'loop'}), svg('circle', {cx: 22, cy: 12, r: 4.5, class: 'dot-mark'}));

function flowLegend() {
  const {kind} = weightOf(state.weight);
  const flows = drawnFlows().filter(({from, to}) => from !== to);
  const [summed, simple] = [true, false].map(whole => flows.filter(({between = false}) => between === whole));
  const back = simple.find(runsBack);
  const colour = flow => (flow.between ? token('muted') : sectorColour(now.sectors.get(flow.from) ?? now.inOrder[0]));
  const wide = flow => Math.min(Math.max(flowWidth(flow) * mapScale(), 0.8), 10);
  const samples = [summed, simple].flatMap(alike => [...new Set([alike[0], alike.at(-1)])].filter(Boolean)).map(flow =>
    element('li', {}, arrow(wide(flow), false, colour(flow)), element('span', {}, number(kind, flow[state.weight]))));
  const marked = (picture, key) => element('li', {class: 'whole'}, picture, element('span', {}, word(key)));
  return [
    ...samples,
    remark(word(!summed.length ? 'page.legend.direction' : simple.length ? 'page.legend.direction.both' : 'page.legend.direction.regions')),
    back && marked(arrow(1.6, true, colour(back)), 'page.legend.feedback'),
    state.loops && marked(loopMark(), 'page.legend.loop'),
    !EMBEDDED && marked(ringMark(), 'page.legend.ring'), // there is no panel there
  ];
}

// ---------------------------------------------------------------- the whole

function drawLegend() {
  const size = measureOf(state.size);
  const part = (title, kind, entries) => element('div', {class: `part ${kind}-part`}, element('h2', {}, title), element('ul', {class: kind}, entries));
  byId('legend').replaceChildren(
    part(word('page.legend.colour', {what: word(`page.colour.${state.colour}`)}), 'colours', COLOUR_LEGENDS[state.colour]()),
    part(word('page.legend.size', {what: withUnit(word(`measure.${size.id}`), size.kind)}), 'sizes', sizeLegend(size)),
    part(word('page.legend.flows', {what: withUnit(word(`weight.${state.weight}`), weightOf(state.weight).kind)}), 'flows', flowLegend()));
}

let legendAsked = 0;

// Sizes follow the map's scale, which may change many times a second; one drawing a frame is enough.
function askForLegend() {
  cancelAnimationFrame(legendAsked);
  legendAsked = requestAnimationFrame(drawLegend);
}

function startLegend() {
  if (EMBEDDED) byId('legend').tabIndex = 0; // it may scroll there, and then by keyboard too
  onChange(['lang', 'theme', 'year', 'weight', 'size', 'colour', 'layout', 'keep', 'loops', 'view', 'unfolded', 'pair', 'chosen', 'steps', ...FILTERS], askForLegend);
  new ResizeObserver(askForLegend).observe(byId('map'));
}
