'use strict';
// What a reader does with the map: mouse, touch and keys.

const HAND = 5; // CSS pixels: how far off a thin flow may be pointed at
const STILL = 4; // CSS pixels a pointer may tremble during a click
const ZOOM_STEP = 1.3;

let regionCursor = null; // code of the folded region that the keys stand on
const pointers = new Map(); // id -> place of each finger or mouse button down
let held = null; // {dot, moved, x, y}: what the first pointer went down on
let spread = null; // {distance, x, y} of two fingers

const pointerPlace = event => {
  const {left, top} = mapCanvas.getBoundingClientRect();
  return {x: event.clientX - left, y: event.clientY - top};
};

// ---------------------------------------------------------------- what is under the pointer

function dotUnder(x, y) {
  let found = null;
  let nearest = Infinity;
  for (const dot of scene().dots) {
    const at = onScreen(dot.x, dot.y);
    const distance = Math.hypot(at.x - x, at.y - y);
    const reach = Math.max(dot.radius * camera.scale, HAND);
    if (distance <= reach + 2 && distance / reach < nearest) [found, nearest] = [dot, distance / reach];
  }
  return found;
}

function flowUnder(x, y) {
  const at = onMap(x, y);
  let found = null;
  let nearest = Infinity;
  for (const edge of scene().edges) {
    if (!edge.shape) continue;
    const reach = Math.max(edge.width / 2, HAND / camera.scale);
    const distance = distanceTo(edge.shape, at.x, at.y, reach);
    if (distance <= reach && distance <= nearest) [found, nearest] = [edge, distance];
  }
  return found;
}

const headingUnder = (x, y) => headings().find(({region, left, right, top, bottom}) =>
  region && x >= left - 4 && x <= right + 4 && y >= top - 4 && y <= bottom + 4);

// ---------------------------------------------------------------- tooltip

const endName = id => inLanguage(now.sectors.get(id)?.short ?? regionNamed(id)?.name);
const dotName = dot => inLanguage(dot.region ? dot.name : dot.sector.name);
const regionSuffix = sector => (severalRegions ? word('page.map.in_region', {region: inLanguage(regionNamed(sector.region).name)}) : '');

function sizeText(dot) {
  const measure = measureOf(state.size);
  return `${word(`measure.${measure.id}`)} ${figure(measure.kind, dot.region ? dot.total : dot.sector.values[measure.id])}`;
}

function flowTexts(flow) {
  const {kind} = weightOf(state.weight);
  const {whole, within} = now.weights[state.weight]; // null where the source does not tell
  const [all, ofAll] = flow.from === flow.to ? [within, 'page.map.share_within'] : [whole, ofBetween() ? 'page.map.share_between' : 'page.map.share_source'];
  return [
    `${word(`weight.${state.weight}`)} ${figure(kind, flow[state.weight])}`,
    all > 0 ? word(ofAll, {share: percent(flow[state.weight] / all)}) : '',
  ];
}

function showTooltip(x, y, title, lines) {
  const box = byId('tooltip');
  box.replaceChildren(element('strong', {}, title), ...lines.filter(Boolean).map(string => element('div', {}, string)));
  box.hidden = false;
  box.style.position = 'absolute';
  box.style.pointerEvents = 'none';
  const {offsetWidth: width, offsetHeight: height} = box;
  box.style.left = `${Math.max(4, Math.min(x + 14, stage.width - width - 4))}px`;
  box.style.top = `${y + 16 + height > stage.height ? Math.max(4, y - height - 10) : y + 16}px`;
}

function hover(x, y) {
  const dot = dotUnder(x, y);
  const edge = dot ? null : flowUnder(x, y);
  const id = dot?.key ?? null;
  if ((edge?.key ?? null) !== hoveredFlow) {
    hoveredFlow = edge?.key ?? null;
    drawMap();
  }
  if (id !== state.hovered) update({hovered: id});
  mapCanvas.style.cursor = dot || headingUnder(x, y) ? 'pointer' : 'grab';
  if (dot) showTooltip(x, y, `${dotName(dot)}${dot.sector ? regionSuffix(dot.sector) : ''}`, [sizeText(dot)]);
  else if (edge) showTooltip(x, y, `${endName(edge.flow.from)} → ${endName(edge.flow.to)}`, flowTexts(edge.flow));
  else byId('tooltip').hidden = true;
}

function leave() {
  byId('tooltip').hidden = true;
  hoveredFlow = null;
  if (state.hovered !== null) update({hovered: null});
  drawMap();
}

// ---------------------------------------------------------------- pointers

function fingers() {
  const [a, b] = [...pointers.values()];
  return {distance: Math.hypot(a.x - b.x, a.y - b.y) || 1, x: (a.x + b.x) / 2, y: (a.y + b.y) / 2};
}

function press(event) {
  if (event.button > 0) return;
  mapCanvas.setPointerCapture(event.pointerId);
  const {x, y} = pointerPlace(event);
  pointers.set(event.pointerId, {x, y});
  if (pointers.size === 2) {
    spread = fingers();
    held = {dot: null, moved: true, x, y};
  } else if (pointers.size === 1) held = {dot: dotUnder(x, y), moved: false, x, y, from: {x, y}};
}

function dragDot({dot}, x, y) {
  const at = onMap(x, y);
  [dot.x, dot.y] = [at.x, at.y];
  dot.home = null;
  for (const edge of scene().edges) if (edge.from === dot || edge.to === dot) edge.shape = null;
  if (state.hovered !== dot.key) update({hovered: dot.key}); // its flows stand out and follow; the others wait for the end
  drawMap();
}

function move(event) {
  const {x, y} = pointerPlace(event);
  if (!pointers.has(event.pointerId)) {
    if (event.pointerType !== 'touch') hover(x, y);
    return;
  }
  pointers.set(event.pointerId, {x, y});
  if (spread && pointers.size === 2) {
    const before = spread;
    spread = fingers();
    zoomAt(spread.distance / before.distance, before.x, before.y);
    lookAt({...camera, x: camera.x - (spread.x - before.x) / camera.scale, y: camera.y - (spread.y - before.y) / camera.scale});
    return;
  }
  if (!held || (!held.moved && Math.hypot(x - held.from.x, y - held.from.y) < STILL)) return;
  held.moved = true;
  byId('tooltip').hidden = true;
  if (held.dot?.sector) dragDot(held, x, y);
  else lookAt({...camera, x: camera.x - (x - held.x) / camera.scale, y: camera.y - (y - held.y) / camera.scale});
  [held.x, held.y] = [x, y];
}

function release(event) {
  if (!pointers.delete(event.pointerId) || !held) return;
  if (pointers.size) { // one finger of two is still down: it goes on to pan
    const [{x, y}] = pointers.values();
    held = {dot: null, moved: true, x, y, from: {x, y}};
    spread = null;
    return;
  }
  const {dot, moved, x, y} = held;
  [held, spread] = [null, null];
  if (event.type === 'pointercancel' || (moved && !dot?.sector)) settleView();
  else if (moved) update({pins: {...state.pins, [dot.key]: pinAt(dot)}});
  else click(dot, x, y);
}

function click(dot, x, y) {
  regionCursor = null;
  const heading = dot ? null : headingUnder(x, y);
  if (dot?.region) fold(dot.region, false);
  else if (heading) fold(heading.region, true);
  else if (dot) choose(dot.key);
  else clearChoice();
}

const choose = id => update({chosen: id});
const clearChoice = () => update({chosen: null, steps: 0});

let wheeling = 0; // a timer until the wheel has come to rest
const handsOn = () => pointers.size > 0 || wheeling !== 0;

function wheel(event) {
  event.preventDefault();
  const {x, y} = pointerPlace(event);
  const lines = event.deltaMode === 1 ? 16 : 1;
  zoomAt(Math.exp(-Math.max(-150, Math.min(150, event.deltaY * lines)) / 400), x, y);
  clearTimeout(wheeling);
  wheeling = setTimeout(() => {
    wheeling = 0;
    settleView();
  }, SETTLES);
}

function doubleClick(event) {
  const {x, y} = pointerPlace(event);
  const dot = dotUnder(x, y);
  if (dot?.sector) update({chosen: dot.key, steps: 1});
}

// ---------------------------------------------------------------- keys

const HEADINGS = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]};

// The nearest dot in a direction; what lies aside counts twice.
function dotTowards(from, [dx, dy]) {
  let found = null;
  let least = Infinity;
  for (const dot of scene().dots) {
    const [x, y] = [dot.x - from.x, dot.y - from.y];
    const ahead = x * dx + y * dy;
    const aside = Math.abs(x * dy) + Math.abs(y * dx);
    if (dot === from || ahead <= 0 || aside > ahead * 2) continue;
    if (ahead + 2 * aside < least) [found, least] = [dot, ahead + 2 * aside];
  }
  return found;
}

function step(direction) {
  const from = shownDot();
  const started = regionCursor !== null || state.chosen !== null;
  const dot = started && from ? dotTowards(from, direction) : from ?? scene().dots[0];
  if (!dot) return;
  regionCursor = dot.region ?? null;
  choose(dot.region ? null : dot.key);
}

function enter() {
  if (regionCursor) {
    const region = regionCursor;
    regionCursor = null;
    fold(region, false);
  } else update({chosen: shownSector().id, steps: state.steps > 0 ? 0 : 1});
}

const KEYS = {
  ...Object.fromEntries(Object.entries(HEADINGS).map(([key, direction]) => [key, () => step(direction)])),
  Enter: enter,
  ' ': enter,
  '+': () => zoomBy(ZOOM_STEP),
  '=': () => zoomBy(ZOOM_STEP),
  '-': () => zoomBy(1 / ZOOM_STEP),
  0: fit,
  Escape: () => { regionCursor = null; clearChoice(); },
};

function pressKey(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || !(event.key in KEYS)) return;
  event.preventDefault();
  KEYS[event.key]();
}

function startGestures() {
  mapCanvas.style.touchAction = 'none';
  mapCanvas.addEventListener('pointerdown', press);
  mapCanvas.addEventListener('pointermove', move);
  mapCanvas.addEventListener('pointerup', release);
  mapCanvas.addEventListener('pointercancel', release);
  mapCanvas.addEventListener('pointerleave', leave);
  mapCanvas.addEventListener('wheel', wheel, {passive: false});
  mapCanvas.addEventListener('dblclick', doubleClick);
  mapCanvas.addEventListener('keydown', pressKey);
}
