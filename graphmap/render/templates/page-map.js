'use strict';
// The map: vis-network draws dots and arrows where Python placed them; the labels are drawn here, on top of everything,
// because vis can neither set a label in bold without reading it as markup nor tell which labels would collide.

const LABEL_GAP = 3; // between dot and label, in canvas units
const LABEL_LEADING = 1.2;
const SMALLEST_LABEL = 8.5; // CSS pixels, as the next
const LARGEST_LABEL = 16;
const FIT_MARGIN = 10; // CSS pixels
const WIDEST_FLOW = 9;
const INK = {strong: '#141D2E', plain: '#4A5568', halo: 'rgba(251, 252, 254, 0.92)'};

// The curve comes from Python, which keeps it clear of labels; flows back up the chain arch over the others.
const options = JSON.parse(data.options);
const ALONG_CHAIN = options.edges?.smooth ?? {type: 'cubicBezier', forceDirection: 'horizontal', roundness: 0.45};
const BACK_UP = {type: 'curvedCW', roundness: 0.22};

const nodes = new vis.DataSet();
const edges = new vis.DataSet();
let network = null;
let labels = []; // as drawn last: {sector, lines, font, size, left, top, right, bottom}

// ---------------------------------------------------------------- flows

// The page carries the largest flows of every weight; beyond this number those of one weight are no longer all there.
const mostFlows = Math.round(study.keep_max * study.weights[0].cells);
const rankedFlows = Object.fromEntries(study.weights.map(({id}) =>
  [id, data.edges.filter(flow => flow[id] > 0).sort((a, b) => b[id] - a[id]).slice(0, mostFlows)]));

function shownFlows() {
  const count = Math.max(1, Math.round(state.keep * weightOf(state.weight).cells));
  return rankedFlows[state.weight].slice(0, count);
}

const startPlace = new Map(data.nodes.map(node => [node.id, node]));
const runsBack = flow => startPlace.get(flow.to).x < startPlace.get(flow.from).x;
const flowWidth = value => 0.9 + (WIDEST_FLOW - 0.9) * Math.sqrt(value / rankedFlows[state.weight][0][state.weight]);

// The sector under the pointer, else the chosen one, with the sectors it trades with; null when nothing is in focus.
function neighbourhood() {
  const centre = state.hovered ?? state.chosen;
  if (centre === null) return null;
  const touching = shownFlows().filter(flow => flow.from === centre || flow.to === centre);
  return {centre, near: new Set([centre, ...touching.flatMap(flow => [flow.from, flow.to])])};
}

function drawFlows() {
  const {kind} = weightOf(state.weight);
  const focused = neighbourhood();
  const drawn = shownFlows().map(flow => {
    const value = flow[state.weight];
    const back = runsBack(flow);
    const grey = state.colour === 'role' && sectors.get(flow.from).role === 'other';
    const inFocus = focused && (flow.from === focused.centre || flow.to === focused.centre);
    const strength = 0.3 + 0.35 * Math.sqrt(value / rankedFlows[state.weight][0][state.weight]);
    return {
      id: `${flow.from}>${flow.to}`,
      from: flow.from,
      to: flow.to,
      width: flowWidth(value),
      dashes: back ? [7, 4] : false,
      color: {color: sectorColour(sectors.get(flow.from)), opacity: focused ? (inFocus ? 0.8 : 0.05) : grey ? 0.45 : strength},
      smooth: back ? BACK_UP : ALONG_CHAIN,
      title: `${inLanguage(sectors.get(flow.from).short)} → ${inLanguage(sectors.get(flow.to).short)}\n${word(`weight.${state.weight}`)} ${figure(kind, value)}`,
    };
  });
  const kept = new Set(drawn.map(edge => edge.id));
  edges.remove(edges.getIds().filter(id => !kept.has(id)));
  edges.update(drawn);
}

// ---------------------------------------------------------------- dots

function drawDots() {
  const focused = neighbourhood();
  const measure = measureOf(state.size);
  nodes.update(study.sectors.map(sector => ({
    id: sector.id,
    size: sector.radius[state.size],
    opacity: focused && !focused.near.has(sector.id) ? 0.15 : 1,
    color: {background: sectorColour(sector), border: INK.halo},
    title: `${inLanguage(sector.name)}\n${word(`measure.${measure.id}`)} ${figure(measure.kind, sector.values[measure.id])}`,
  })));
}

// ---------------------------------------------------------------- labels

const isKey = sector => sector.role !== 'other';

function labelBox(context, sector, size) {
  const font = `${isKey(sector) ? '600 ' : ''}${size}px ${getComputedStyle(document.body).fontFamily}`;
  const lines = inLanguage(sector.label).split('\n');
  context.font = font;
  const width = Math.max(...lines.map(line => context.measureText(line).width));
  const {x, y} = network.getPosition(sector.id);
  const top = y + sector.radius[state.size] + LABEL_GAP;
  return {sector, lines, font, size, left: x - width / 2, right: x + width / 2, top, bottom: top + lines.length * size * LABEL_LEADING};
}

const collide = (a, b) => a.left < b.right + a.size / 3 && b.left < a.right + a.size / 3 && a.top < b.bottom && b.top < a.bottom;

const labelSize = scale => Math.min(Math.max(study.layout.font, SMALLEST_LABEL / scale), LARGEST_LABEL / scale);

// Python kept labels apart at the study's font size. Where the map is so small that they could not be read, they are
// drawn larger, and those that would cover a more important one are left out until the reader zooms in.
function placeLabels(context, scale) {
  const size = labelSize(scale);
  const focused = neighbourhood();
  const wanted = focused ? [...inOrder].sort((a, b) => focused.near.has(b.id) - focused.near.has(a.id)) : inOrder;
  const boxes = wanted.map(sector => labelBox(context, sector, size));
  if (size <= study.layout.font) return boxes;
  const placed = [];
  for (const box of boxes) if (!placed.some(other => collide(box, other))) placed.push(box);
  return placed;
}

function drawLabels(context) {
  const focused = neighbourhood();
  labels = placeLabels(context, network.getScale());
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  for (const {sector, lines, font, size, left, right, top} of labels) {
    context.font = font;
    context.lineWidth = size * 0.28;
    context.strokeStyle = INK.halo;
    context.fillStyle = isKey(sector) || sector === shownSector() ? INK.strong : INK.plain;
    context.globalAlpha = focused && !focused.near.has(sector.id) ? 0.25 : 1;
    for (const paint of ['strokeText', 'fillText']) {
      lines.forEach((line, row) => context[paint](line, (left + right) / 2, top + (row + 0.5) * size * LABEL_LEADING));
    }
  }
  context.globalAlpha = 1;
}

// The ring round the sector that the panel describes.
function drawRing(context) {
  const {x, y} = network.getPosition(shownSector().id);
  context.beginPath();
  context.arc(x, y, shownSector().radius[state.size] + 3, 0, 2 * Math.PI);
  context.lineWidth = 1.6;
  context.strokeStyle = INK.strong;
  context.stroke();
}

// ---------------------------------------------------------------- view

function fit() {
  const {clientWidth: width, clientHeight: height} = byId('map');
  if (!width || !height) return;
  const context = byId('map').querySelector('canvas').getContext('2d');
  let scale = 1;
  // The size of labels depends on the scale and the scale on the room that labels take: settled in three rounds.
  for (let round = 0; round < 3; round += 1) {
    const boxes = inOrder.map(sector => labelBox(context, sector, labelSize(scale)));
    const left = Math.min(...boxes.map(box => box.left), 0);
    const right = Math.max(...boxes.map(box => box.right), study.layout.width);
    const top = Math.min(...inOrder.map(sector => network.getPosition(sector.id).y - sector.radius[state.size]));
    const bottom = Math.max(...boxes.map(box => box.bottom));
    scale = Math.min((width - 2 * FIT_MARGIN) / (right - left), (height - 2 * FIT_MARGIN) / (bottom - top));
    network.moveTo({position: {x: (left + right) / 2, y: (top + bottom) / 2}, scale, animation: false});
  }
}

// A sector chosen in a table may lie outside a map that the reader has zoomed.
function bringIntoView() {
  if (state.chosen === null) return;
  const position = network.getPosition(state.chosen);
  const {x, y} = network.canvasToDOM(position);
  const {clientWidth, clientHeight} = byId('map');
  if (x < 0 || y < 0 || x > clientWidth || y > clientHeight) network.moveTo({position, animation: false});
}

const zoomBy = factor => network.moveTo({scale: network.getScale() * factor, animation: {duration: 150}});

function startMap() {
  nodes.add(data.nodes.map(({id, x, y, shape, physics}) => ({id, x, y, shape, physics})));
  drawDots();
  drawFlows();
  network = new vis.Network(byId('map'), {nodes, edges}, {
    ...options,
    autoResize: true,
    layout: {improvedLayout: false},
    interaction: {hover: true, tooltipDelay: 60, hoverConnectedEdges: false, selectConnectedEdges: false, zoomSpeed: 0.5},
    nodes: {...options.nodes, borderWidth: 1.5, chosen: false, labelHighlightBold: false},
    edges: {...options.edges, chosen: false, arrows: {to: {enabled: true, type: 'arrow', scaleFactor: 0.42}}, arrowStrikethrough: false},
  });
  network.on('afterDrawing', context => {
    drawRing(context);
    drawLabels(context);
    document.documentElement.dataset.drawn ??= performance.now();
  });
  network.on('resize', () => requestAnimationFrame(fit));
  network.on('click', ({nodes: [id]}) => update({chosen: id ?? null}));
  network.on('hoverNode', ({node}) => update({hovered: node}));
  network.on('blurNode', () => update({hovered: null}));
  byId('map').addEventListener('mouseleave', () => { if (state.hovered !== null) update({hovered: null}); });
  byId('zoom-in').addEventListener('click', () => zoomBy(1.3));
  byId('zoom-out').addEventListener('click', () => zoomBy(1 / 1.3));
  byId('zoom-fit').addEventListener('click', fit);
  fit();
  onChange(['lang', 'size', 'weight', 'keep', 'colour', 'chosen', 'hovered'], drawDots);
  onChange(['lang', 'weight', 'keep', 'colour', 'chosen', 'hovered'], drawFlows);
  onChange(['lang'], fit); // names of another length
  onChange(['chosen'], bringIntoView);
}

// For tests and for pages that embed this one: label boxes in CSS pixels of the map's own frame.
function labelBoxes() {
  return labels.map(({sector, left, top, right, bottom}) => {
    const start = network.canvasToDOM({x: left, y: top});
    const end = network.canvasToDOM({x: right, y: bottom});
    return {id: sector.id, left: start.x, top: start.y, right: end.x, bottom: end.y};
  });
}
