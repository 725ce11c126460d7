'use strict';
// Painting the map with a pen: the same strokes for the canvas and for pictures.

const THINNEST_LINE = 0.8; // CSS pixels
const FAINT_FLOWS = 0.13; // what is left of the flows that a highlighted sector has no part in
const HIGHLIGHT = 0.85;
const DASH = [7, 4];

const inMap = pen => pen.space(camera.scale, stage.width / 2 - camera.x * camera.scale, stage.height / 2 - camera.y * camera.scale);

// The sector whose neighbourhood stands out: the one under the pointer, else the chosen one.
function highlighted() {
  const centre = state.hovered ?? (state.steps === 0 && !state.pair ? state.chosen : null);
  return centre !== null && scene().dotOf.has(centre) ? centre : null;
}

const nearOf = remembered(
  () => JSON.stringify([
    highlighted(), state.year, state.weight, keptShare(), state.layout, state.unfolded, state.pair, state.role, state.group,
    state.community, state.steps, state.chosen]),
  () => neighbourhood(highlighted(), 1, scene().edges.map(({flow}) => flow)).near);

// ---------------------------------------------------------------- behind everything

const AXES = ['gross_output', intensityMeasure?.id]; // what the layout with axes measures, to the right and upwards

// As many decimals as a 1, 2 or 5 needs.
function tick(kind, value) {
  const shown = inReadersUnit[kind]?.(value) ?? value;
  return number(kind, value, Math.max(0, -Math.floor(Math.log10(Math.abs(shown) || 1) + 1e-9)));
}

function drawAxes(pen) {
  const {ticks, width, height} = layoutShown();
  if (!ticks) return;
  const at = {x: value => onScreen(value, 0).x, y: value => onScreen(0, value).y};
  const [left, right] = [Math.max(at.x(0), 0), Math.min(at.x(width), stage.width)];
  const [top, bottom] = [Math.max(at.y(0), 0), Math.min(at.y(height), stage.height)];
  const foot = Math.min(bottom, stage.height - AXIS_ROOM.bottom + 4);
  const side = Math.max(left, AXIS_ROOM.left - 4);
  const [across, upwards] = AXES.map(measureOf);
  const small = {size: 10.5, fill: token('muted'), halo: token('halo')};
  pen.space(1, 0, 0);
  for (const [value, place] of ticks.x) {
    const x = at.x(place);
    if (x < side || x > right) continue;
    pen.shape(lineThrough([x, top], [x, foot]), {stroke: token('line'), width: 1});
    pen.text(tick(across.kind, value), x, foot + 11, {...small, align: 'center'});
  }
  for (const [value, place] of ticks.y) {
    const y = at.y(place);
    if (y < top || y > foot) continue;
    pen.shape(lineThrough([side, y], [right, y]), {stroke: token('line'), width: 1});
    pen.text(tick(upwards.kind, value), side - 6, y, {...small, align: 'right'});
  }
  const title = measure => withUnit(word(`measure.${measure.id}`), measure.kind);
  pen.text(title(across), (side + right) / 2, foot + 28, {...small, size: 12, align: 'center'});
  pen.text(title(upwards), 12, (top + foot) / 2, {...small, size: 12, align: 'center', turn: -90});
}

function drawBackdrop(pen) {
  drawAxes(pen);
  inMap(pen);
  const thin = width => Math.max(width, 1 / camera.scale);
  for (const cloud of clouds()) {
    pen.shape(cloud.outline, {fill: cloud.colour, alpha: 0.09});
    pen.shape(cloud.outline, {stroke: cloud.colour, width: thin(1), alpha: 0.45});
  }
  for (const {left, top, width, height} of scene().frames) {
    pen.shape(roundedRectangle(left, top, width, height, 10), {fill: token('paper'), stroke: token('edge'), width: thin(1)});
  }
}

// Names of clouds and frames: where they stand on the screen. A frame's heading is also what folds it.
function headings() {
  const size = Math.max(labelSize(camera.scale), 11);
  const heading = (key, string, x, y, centred) => {
    const width = widthOf(string, size, true);
    const inside = Math.max(4, Math.min(x - width / 2, stage.width - width - 4));
    const left = !centred ? x : x > 0 && x < stage.width ? inside : x - width / 2;
    return {dot: key, string, size, left, right: left + width, top: y - size * 0.6, bottom: y + size * 0.6};
  };
  const ofClouds = [];
  for (const {key, name, x, top} of clouds()) {
    const at = onScreen(x, top);
    // on a small map they would cover each other: the next finds room above, or below the rim of its cloud
    const rows = [0, -1, 1, -2].map(row => heading(`cloud ${key}`, inLanguage(name), at.x, at.y + size * (1.25 * row - 0.75), true));
    const free = rows.find(row => row.top >= 0 && ofClouds.every(other => !labelsCollide(row, other)));
    if (free) ofClouds.push(free);
  }
  return [
    ...ofClouds,
    ...scene().frames.map(({region, name, left, top}) => {
      const at = onScreen(left, top);
      return {...heading(`frame ${region}`, `${state.pair ? '' : '− '}${inLanguage(name)}`, at.x + 2, at.y - size * 0.75, false), region};
    }),
  ];
}

// ---------------------------------------------------------------- flows

function shapeOf(edge) {
  edge.shape ??= flowShape(edge.from, edge.to, edge.kind, edge.width, 1.4 * flowUnit(edge.flow.between));
  return edge.shape;
}

function paintFlow(pen, edge, alpha) {
  const {line, head} = shapeOf(edge);
  const width = Math.max(edge.width, THINNEST_LINE / camera.scale);
  pen.shape(line, {stroke: edge.colour, width, alpha, dash: edge.dashed ? DASH.map(part => part * Math.max(1, width / 3)) : null});
  pen.shape(head, {fill: edge.colour, alpha: Math.min(1, alpha * 1.25)});
}

function drawFlows(pen, strength = 1, edges = scene().edges) {
  inMap(pen);
  const near = Math.min(1, 2 * fitted().scale / camera.scale); // flows between whole regions step back when one is looked at
  for (const edge of edges) {
    const alpha = edge.alpha * (edge.fade ?? 1) * strength * (edge.flow.between ? near : 1);
    if (alpha > 0.01) paintFlow(pen, edge, alpha);
  }
}

function drawHighlight(pen, centre, hoveredFlow) {
  inMap(pen);
  for (const edge of scene().edges) {
    if (edge.flow.from === centre || edge.flow.to === centre || edge.key === hoveredFlow) paintFlow(pen, edge, HIGHLIGHT);
  }
}

// ---------------------------------------------------------------- dots

function pieSlice(x, y, radius, from, to) {
  const point = turn => `${written(x + radius * Math.sin(2 * Math.PI * turn))} ${written(y - radius * Math.cos(2 * Math.PI * turn))}`;
  return outline(`M${written(x)} ${written(y)}L${point(from)}A${written(radius)} ${written(radius)} 0 ${to - from > 0.5 ? 1 : 0} 1 ${point(to)}Z`);
}

function drawRegionDot(pen, {x, y, radius, slices}, alpha) {
  pen.circle(x, y, radius + 2, {fill: token('map'), alpha});
  let start = 0;
  for (const [colour, share] of slices) {
    if (share > 0.999) pen.circle(x, y, radius, {fill: colour, alpha});
    else pen.shape(pieSlice(x, y, radius, start, start + share), {fill: colour, stroke: token('map'), width: Math.min(1.5, radius / 12), alpha});
    start += share;
  }
}

function drawDots(pen, centre) {
  inMap(pen);
  const near = centre === null ? null : nearOf();
  const smallest = 1.3 / camera.scale;
  for (const dot of scene().dots) {
    const alpha = dot.alpha * (dot.fade ?? 1) * (near && !near.has(dot.key) ? 0.22 : 1);
    const radius = Math.max(dot.radius, smallest);
    if (dot.region) {
      drawRegionDot(pen, dot, alpha);
      continue;
    }
    pen.circle(dot.x, dot.y, radius + Math.min(1.5, radius / 3), {fill: token('map')}); // no flow shines through a faint dot
    // hollow where there is no figure for its size
    pen.circle(dot.x, dot.y, dot.known ? radius : radius * 0.8, dot.known ? {fill: dot.colour, alpha} : {stroke: dot.colour, width: radius * 0.4, alpha});
    if (dot.pinned) pen.circle(dot.x, dot.y, Math.max(radius / 4, 1.5), {fill: token('ink'), stroke: token('map'), width: 1});
  }
  const shown = shownDot();
  if (shown) pen.circle(shown.x, shown.y, shown.radius + 3, {stroke: token('ink'), width: Math.max(1.6, 1.6 / camera.scale)});
}

// Round the sector that the panel describes, or the folded region it stands in.
function shownDot() {
  const sector = shownSector();
  return regionCursor ? scene().dotOf.get(regionCursor) : scene().dotOf.get(sector.id) ?? scene().dotOf.get(sector.region);
}

// ---------------------------------------------------------------- labels

let placedLabels = []; // as drawn last

// The chosen sector and its neighbourhood first, then in order of importance.
function labelledDots(centre) {
  const near = centre === null ? null : nearOf();
  const classes = [dot => dot.key === centre || dot.key === state.chosen, dot => near?.has(dot.key), dot => dot.region, dot => dot.presence === 'full'];
  const rank = dot => classes.findIndex(belongs => belongs(dot)) >>> 0; // none of them: last
  const order = dot => (dot.region ? -dot.total : now.order.get(dot.key) ?? Infinity);
  return scene().dots.filter(dot => dot.presence === 'full' || !(focused() || state.pair))
    .map(dot => [rank(dot), order(dot), dot]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, , dot]) => dot);
}

// `hurried`: while the map moves under a hand, only labels that were there have to find room again.
function drawLabels(pen, centre, hurried = false) {
  const near = centre === null ? null : nearOf();
  const titles = headings();
  placedLabels = placeLabels(hurried ? placedLabels.map(({dot}) => dot) : labelledDots(centre), titles);
  pen.space(1, 0, 0);
  for (const {string, size, left, top, bottom} of titles) {
    pen.text(string, left, (top + bottom) / 2, {size, bold: true, fill: token('muted'), halo: token('halo')});
  }
  for (const {dot, lines, size, bold, left, right, top} of [...placedLabels].reverse()) {
    const strong = bold || dot.key === shownSector().id;
    const alpha = (near && !near.has(dot.key)) || dot.presence !== 'full' ? 0.35 : 1;
    lines.forEach((string, row) => pen.text(string, (left + right) / 2, top + (row + 0.5) * size * LABEL_LEADING, {
      size, bold, align: 'center', fill: token(strong ? 'ink' : 'muted'), halo: token('halo'), alpha: alpha * (dot.fade ?? 1),
    }));
  }
}

// For tests and for pages that embed this one: label boxes in CSS pixels of the map's own frame.
const labelBoxes = () => placedLabels.map(({dot, left, top, right, bottom}) => ({id: dot.key, left, top, right, bottom}));

// All of the map in one go, for pictures.
function paintMap(pen) {
  const centre = highlighted();
  drawBackdrop(pen);
  drawFlows(pen, centre === null ? 1 : FAINT_FLOWS);
  if (centre !== null) drawHighlight(pen, centre, null);
  drawDots(pen, centre);
  drawLabels(pen, centre);
}
