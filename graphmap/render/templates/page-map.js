'use strict';
// The map on its canvas: when it is painted again, and how it moves from one state to the next.

const MOVING = 350; // milliseconds of a change of places, sizes and widths
const QUICK = 12; // milliseconds: flows painted faster than this are painted at every frame, slower ones so long in each
const HANDFUL = 40; // flows painted between two looks at the clock
const SETTLES = 160; // milliseconds after the last move of a gesture

const mapCanvas = byId('map');
let flowLayer = document.createElement('canvas'); // flows alone, kept from frame to frame
let spareLayer = document.createElement('canvas'); // on which they are painted for another view of the same scene
let coming = null; // {camera, scene, done, took}: how far that is
let layer = {camera: null, scene: null, took: 0}; // what is painted on it, and how long that took
let asked = 0;
let movement = null; // {began, dots, edges, camera}: what is moving, and where things were
let seen = null; // the scene of the last frame
let hoveredFlow = null; // key of a flow
let gesture = 0; // when the last move of a pan or zoom was
const stillness = matchMedia('(prefers-reduced-motion: reduce)');

function drawMap() {
  if (!asked) asked = requestAnimationFrame(drawFrame);
}

// The whole map is laid out for a place of this shape.
function shapeMap(width, height) {
  Object.assign(stage, {width, height});
  layer.scene = null;
  forgetScene(); // widths depend on how far away the map is seen from
  camera = cameraWanted();
}

function sizeCanvas() {
  const {clientWidth, clientHeight} = mapCanvas.parentElement;
  const ratio = devicePixelRatio || 1;
  if (clientWidth === stage.width && clientHeight === stage.height && ratio === stage.ratio) return;
  stage.ratio = ratio;
  for (const sheet of [mapCanvas, flowLayer, spareLayer]) {
    sheet.width = Math.round(clientWidth * ratio);
    sheet.height = Math.round(clientHeight * ratio);
  }
  mapCanvas.style.width = `${clientWidth}px`;
  mapCanvas.style.height = `${clientHeight}px`;
  shapeMap(clientWidth, clientHeight);
}

// ---------------------------------------------------------------- from one state to the next

function changeMap(smoothly) {
  if (smoothly && seen && !stillness.matches) {
    movement = {began: null, dots: seen.dotOf, edges: new Map(seen.edges.map(edge => [edge.key, edge])), camera};
  }
  forgetScene();
  if (stage.width) camera = cameraWanted();
  drawMap();
}

const eased = t => 1 - (1 - t) ** 3;

// Everything a share of the way between where it was and where it belongs; what is new comes up.
function moveTo(progress) {
  const {dots, edges} = scene();
  for (const dot of dots) {
    dot.home ??= {x: dot.x, y: dot.y, radius: dot.radius};
    const old = movement.dots.get(dot.key);
    dot.fade = old ? 1 : progress;
    if (old) for (const part of ['x', 'y', 'radius']) dot[part] = betweenPoints(old[part], dot.home[part], progress);
  }
  for (const edge of edges) {
    edge.home ??= edge.width;
    const old = movement.edges.get(edge.key);
    edge.fade = old ? 1 : progress;
    if (old) edge.width = betweenPoints(old.width, edge.home, progress);
    edge.shape = null;
  }
}

function moveCamera(progress) {
  const [old, wanted] = [movement.camera, cameraWanted()];
  const between = part => betweenPoints(old[part], wanted[part], progress);
  camera = progress === 1 ? wanted : {x: between('x'), y: between('y'), scale: between('scale')};
}

// What is no longer there, on its way out.
function drawLeaving(pen, progress) {
  const {dotOf, edges} = scene();
  const staying = new Set(edges.map(({key}) => key));
  inMap(pen);
  for (const [key, edge] of movement.edges) if (!staying.has(key)) paintFlow(pen, edge, edge.alpha * (1 - progress));
  for (const [key, dot] of movement.dots) {
    if (!dotOf.has(key)) pen.circle(dot.x, dot.y, dot.radius, {fill: dot.colour, alpha: dot.alpha * (1 - progress)});
  }
}

// ---------------------------------------------------------------- frames

const sameCamera = (a, b) => a && a.x === b.x && a.y === b.y && a.scale === b.scale;

function wiped(sheet) {
  const context = sheet.getContext('2d', {willReadFrequently: true});
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, sheet.width, sheet.height);
  return context;
}

// Flows are painted on a sheet of their own. Where they are many, the sheet is moved and enlarged while a hand is on the
// map; then they are painted on another sheet, some in each frame, so that no frame is late. True when all is sharp.
function flowSheet(time) {
  const fresh = layer.scene === scene() && sameCamera(layer.camera, camera);
  if (fresh) return true;
  const began = performance.now();
  if (!layer.scene || layer.took <= QUICK) {
    drawFlows(canvasPen(wiped(flowLayer), stage.ratio));
    layer = {camera: {...camera}, scene: scene(), took: performance.now() - began};
    return true;
  }
  if (handsOn() || time - gesture < SETTLES) {
    coming = null;
    return false;
  }
  return flowsInParts(began);
}

function flowsInParts(began) {
  const {edges} = scene();
  if (coming?.scene !== scene() || !sameCamera(coming.camera, camera)) {
    coming = {camera: {...camera}, scene: scene(), done: 0, took: 0};
    wiped(spareLayer);
  }
  const context = spareLayer.getContext('2d');
  const pen = canvasPen(context, stage.ratio);
  while (coming.done < edges.length && performance.now() - began < QUICK) {
    drawFlows(pen, 1, edges.slice(coming.done, coming.done + HANDFUL));
    context.getImageData(0, 0, 1, 1); // else a browser puts the work off, to do it all at once
    coming.done += HANDFUL;
  }
  coming.took += performance.now() - began;
  if (coming.done < edges.length) return false;
  [flowLayer, spareLayer] = [spareLayer, flowLayer];
  layer = coming;
  coming = null;
  return true;
}

function drawSheet(context, alpha) {
  const scale = camera.scale / layer.camera.scale;
  const x = (layer.camera.x - camera.x) * camera.scale + stage.width / 2 * (1 - scale);
  const y = (layer.camera.y - camera.y) * camera.scale + stage.height / 2 * (1 - scale);
  context.setTransform(scale, 0, 0, scale, x * stage.ratio, y * stage.ratio);
  context.globalAlpha = alpha;
  context.drawImage(flowLayer, 0, 0);
}

function drawFrame(time) {
  asked = 0;
  sizeCanvas();
  if (!stage.width || !stage.height) return;
  let progress = 1;
  if (movement) {
    movement.began ??= time;
    progress = Math.min(1, (time - movement.began) / MOVING);
    moveTo(eased(progress));
    if (movement.camera) moveCamera(eased(progress));
    layer.scene = null; // flows are painted anew, also when everything has arrived
    if (progress === 1) {
      movement = null;
      askForLegend(); // which shows sizes as they stand on the map
    }
  }
  const context = mapCanvas.getContext('2d');
  const pen = canvasPen(context, stage.ratio);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.globalAlpha = 1;
  context.clearRect(0, 0, mapCanvas.width, mapCanvas.height);
  const sharp = flowSheet(time);
  const centre = highlighted();
  drawBackdrop(pen);
  drawSheet(context, centre === null ? 1 : FAINT_FLOWS);
  if (movement) drawLeaving(pen, eased(progress));
  if (centre !== null || hoveredFlow) drawHighlight(pen, centre, hoveredFlow);
  drawDots(pen, centre);
  drawLabels(pen, centre, !sharp || handsOn());
  if (movement || !sharp) drawMap();
  seen = scene();
  document.documentElement.dataset.drawn ??= performance.now();
}

// ---------------------------------------------------------------- view

function lookAt(wanted) {
  camera = {...wanted, scale: withinScales(wanted.scale)};
  if (movement) movement.camera = null; // a hand is quicker
  gesture = performance.now();
  drawMap();
}

// A gesture has ended: the address learns what is seen.
function settleView() {
  update({view: writtenView(camera)});
}

function zoomAt(factor, x = stage.width / 2, y = stage.height / 2) {
  const fixed = onMap(x, y);
  const scale = withinScales(camera.scale * factor);
  lookAt({scale, x: fixed.x - (x - stage.width / 2) / scale, y: fixed.y - (y - stage.height / 2) / scale});
}

function zoomBy(factor) {
  zoomAt(factor);
  settleView();
}

const fit = () => update({view: null});

// Where a sector stands, in CSS pixels of the map's own frame; one of a folded region where the region does.
function placeOnScreen(id) {
  const dot = scene().dotOf.get(id) ?? scene().dotOf.get(regionOf.get(id));
  return dot ? onScreen(dot.x, dot.y) : null;
}

// A sector chosen in a table may lie outside a map that the reader has zoomed. An address that has both keeps its view.
let viewBefore;
function bringIntoView() {
  if (state.view !== viewBefore) return;
  const place = state.chosen === null ? null : placeOnScreen(state.chosen);
  if (!place || !state.view || !stage.width) return;
  if (place.x < 0 || place.y < 0 || place.x > stage.width || place.y > stage.height) {
    const {x, y} = onMap(place.x, place.y);
    update({view: writtenView({x, y, scale: camera.scale})});
  }
}

function drawCaptions() {
  byId('caption-left').textContent = state.layout === 'chain' ? word('page.upstream') : '';
  byId('caption-right').textContent = state.layout === 'chain' ? word('page.downstream') : '';
}

function startMap() {
  onChange(['lang', 'theme', 'keep', 'loops', 'steps', 'role', 'group', 'community', 'pins'], () => changeMap(false));
  onChange(['year', 'weight', 'size', 'layout', 'colour', 'unfolded', 'pair'], () => changeMap(true));
  onChange(['chosen'], () => (state.steps > 0 ? changeMap(false) : drawMap()));
  onChange(['hovered'], drawMap);
  onChange(['view'], () => { if (stage.width) camera = cameraWanted(); drawMap(); });
  onChange(['lang', 'layout'], drawCaptions);
  onChange(['chosen'], bringIntoView);
  onChange(['view'], () => { viewBefore = state.view; });
  new ResizeObserver(drawMap).observe(mapCanvas.parentElement);
  sizeCanvas();
  startGestures();
  startMapButtons();
}
