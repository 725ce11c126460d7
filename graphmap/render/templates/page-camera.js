'use strict';
// What part of the map is seen, and where labels find room on it.

const LABEL_GAP = 3; // between dot and label, in map units
const LABEL_LEADING = 1.2;
const SMALLEST_LABEL = 8.5; // CSS pixels, as all that follows
const LARGEST_LABEL = 16;
const FIT_MARGIN = 10;
const AXIS_ROOM = {left: 58, bottom: 44}; // for ticks and titles
const MOST_STRETCH = 1.7; // how far a layout is pulled apart in one direction, to fill a map of another shape
const MOST_SCALE = 40;
const LEAST_OF_FIT = 0.25; // how far one can zoom out, as a share of the fitted scale

const stage = {width: 0, height: 0, ratio: 1};
let camera = {x: 0, y: 0, scale: 1}; // what stands in the middle of the map, and CSS pixels to a map unit

const onScreen = (x, y) => ({x: (x - camera.x) * camera.scale + stage.width / 2, y: (y - camera.y) * camera.scale + stage.height / 2});
const onMap = (x, y) => ({x: (x - stage.width / 2) / camera.scale + camera.x, y: (y - stage.height / 2) / camera.scale + camera.y});
const mapScale = () => camera.scale;

// As an address writes it, so that an address restores exactly what was seen; its place is one of the study's own layout.
const writtenView = ({x, y, scale}, [across, down] = stretch()) =>
  [Number(rounded(x / across)), Number(rounded(y / down)), Number(scale.toPrecision(5))];
const viewOf = ([x, y, scale], [across, down] = stretch()) => ({x: x * across, y: y * down, scale});

// ---------------------------------------------------------------- labels

const REFERENCE = 100; // widths are measured once at this size
const labelRuler = document.createElement('canvas').getContext('2d');
const textWidths = remembered(() => `${state.lang} ${fontFamily()}`, () => new Map());

function widthOf(string, size, bold) {
  const widths = textWidths();
  const key = bold ? `*${string}` : string;
  if (!widths.has(key)) {
    labelRuler.font = fontOf({size: REFERENCE, bold});
    widths.set(key, labelRuler.measureText(string).width / REFERENCE);
  }
  return widths.get(key) * size;
}

const labelSize = scale => Math.min(Math.max(study.font * scale, SMALLEST_LABEL), LARGEST_LABEL);
const REGION_LABEL = 1.25; // times the size of a sector's

// Inside the frame of its region a sector goes by its own name alone.
function labelLines({region, name, sector}) {
  if (region) return [inLanguage(name)];
  const label = inLanguage(sector.label);
  const prefix = cells() ? inLanguage(study.regions[regionAt.get(sector.region)].short) : '';
  return (prefix && label.startsWith(prefix) ? label.slice(prefix.length).trim() : label).split('\n');
}

// Its lines and how wide it is at size 1; made once, because every frame asks for those of all dots.
function labelOf(dot) {
  if (!dot.text) {
    const lines = labelLines(dot);
    dot.text = {lines, wide: Math.max(...lines.map(string => widthOf(string, 1, dot.key_sector)))};
  }
  return dot.text;
}

// The places a label may take beside its dot, in order of preference, as offsets of its middle.
const SIDES = [
  (reach, width, height) => [0, reach + height / 2],
  (reach, width) => [reach + width / 2, 0],
  (reach, width) => [-reach - width / 2, 0],
  (reach, width, height) => [0, -reach - height / 2],
];

function labelBox(dot, sectorSize, at, side) {
  const {lines, wide} = labelOf(dot);
  const size = dot.region ? Math.max(sectorSize * REGION_LABEL, 11) : sectorSize;
  const width = wide * size;
  const height = lines.length * size * LABEL_LEADING;
  const [dx, dy] = SIDES[side]((dot.radius + LABEL_GAP) * camera.scale, width, height);
  const [x, y] = [at.x + dx, at.y + dy];
  return {dot, lines, size, bold: dot.key_sector, left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2};
}

// Beside a dot in the frame of a region a label must not reach into the next one.
function inItsFrame({dot, left, right, top, bottom, size}, grid) {
  if (!dot.sector || !grid) return true;
  const [x, y, width, height] = grid[dot.sector.region];
  const [start, end] = [onScreen(x, y), onScreen(x + width, y + height)];
  return left > start.x - size && right < end.x + size && top > start.y && bottom < end.y + size;
}

// A label is never cut by the edge of the map.
const inSight = ({left, right, top, bottom}) => left >= 0 && right <= stage.width && top >= 0 && bottom <= stage.height;

const labelsCollide = (a, b) => a.left < b.right + a.size / 3 && b.left < a.right + a.size / 3 && a.top < b.bottom && b.top < a.bottom;

// Boxes by the squares of a grid they touch, so that each is compared with its neighbours only.
const SQUARE = 80;
function labelCrowd() {
  const squares = new Map();
  const touched = ({left, right, top, bottom}, visit) => {
    for (let x = Math.floor((left - 6) / SQUARE); x <= Math.floor((right + 6) / SQUARE); x += 1) {
      for (let y = Math.floor(top / SQUARE); y <= Math.floor(bottom / SQUARE); y += 1) if (visit(x * 65536 + y)) return true;
    }
    return false;
  };
  return {
    free: box => !touched(box, key => squares.get(key)?.some(other => other.dot !== box.dot && labelsCollide(box, other))),
    take: box => touched(box, key => { squares.has(key) ? squares.get(key).push(box) : squares.set(key, [box]); }),
  };
}

// The labels that find room, the most important first; a label below its dot where that is free, else beside or above it.
// Python keeps labels of the chain layout apart; where the map is so small that they could not be read they are drawn larger,
// and those that would cover a more important one, or a dot, are left out until the reader zooms in.
function placeLabels(dots, headings) {
  const size = labelSize(camera.scale);
  const grid = cells();
  const labels = labelCrowd();
  const covered = labelCrowd();
  for (const heading of headings) labels.take(heading);
  const beside = state.layout !== 'chain' || size > study.font * camera.scale;
  const points = dots.map(dot => onScreen(dot.x, dot.y));
  if (beside) {
    dots.forEach((dot, i) => {
      const reach = dot.radius * camera.scale;
      const {x, y} = points[i];
      if (dot.presence === 'full') covered.take({dot, left: x - reach, right: x + reach, top: y - reach, bottom: y + reach, size: 0});
    });
  }
  const placed = [];
  dots.forEach((dot, i) => {
    const at = points[i];
    if (at.x < 0 || at.y < 0 || at.x > stage.width || at.y > stage.height) return;
    let box = null;
    for (let side = 0; side < SIDES.length && !box; side += 1) {
      const wanted = labelBox(dot, size, at, side);
      if (inSight(wanted) && inItsFrame(wanted, grid) && labels.free(wanted) && covered.free(wanted)) box = wanted;
    }
    for (let side = 0; side < SIDES.length && !box && (dot.key_sector || !beside); side += 1) {
      const wanted = labelBox(dot, size, at, side); // rather over a dot than not at all
      if (inSight(wanted) && inItsFrame(wanted, grid) && labels.free(wanted)) box = wanted;
    }
    if (!box) return;
    labels.take(box);
    placed.push(box);
  });
  return placed;
}

// ---------------------------------------------------------------- fitting

function boundsAt(scale, [across, down]) {
  const layout = study.layouts[state.layout];
  const size = labelSize(scale) / scale;
  const bounds = {left: 0, right: layout.width * across, top: 0, bottom: layout.height * down};
  if (severalRegions && layout.cells) {
    const grid = Object.entries(layout.cells).filter(([region]) => !state.pair || state.pair.includes(region))
      .map(([region, [x, y, ...size]]) => [...besidePartner(region, [x, y]), ...size]);
    return {
      left: across * Math.min(...grid.map(([x]) => x)), right: across * Math.max(...grid.map(([x, , width]) => x + width)),
      top: down * Math.min(...grid.map(([, y]) => y)) - 1.8 * Math.max(size, 11 / scale), // room for headings
      bottom: down * Math.max(...grid.map(([, y, , height]) => y + height)),
    };
  }
  const clouded = CLUSTERED.includes(state.layout);
  const pad = clouded ? CLOUD_PAD : 0;
  if (state.layout === 'chain') bounds.top = -layout.height * down * ARCH_ROOM;
  else if (!layout.ticks) bounds.top = Infinity;
  if (!layout.ticks) bounds.bottom = -Infinity;
  study.sectors.forEach((sector, at) => {
    const [x, y] = [layout.places[at][0] * across, layout.places[at][1] * down];
    const radius = largestRadius().get(sector.id) + pad;
    const lines = inLanguage(sector.label).split('\n');
    const half = Math.max(radius, ...lines.map(string => widthOf(string, size, true) / 2));
    bounds.left = Math.min(bounds.left, x - half);
    bounds.right = Math.max(bounds.right, x + half);
    bounds.top = Math.min(bounds.top, y - radius - (clouded ? 1.6 * size : 0)); // room for a heading
    bounds.bottom = Math.max(bounds.bottom, y + radius + LABEL_GAP + lines.length * size * LABEL_LEADING);
  });
  return bounds;
}

// The size of labels depends on the scale and the scale on the room that labels take: settled in a few rounds. Where one
// direction of the map has room left, the layout is pulled apart in it: that only takes labels further from each other.
function fittedCamera() {
  const axes = study.layouts[state.layout].ticks ? AXIS_ROOM : {left: 0, bottom: 0};
  const room = [stage.width - 2 * FIT_MARGIN - axes.left, stage.height - 2 * FIT_MARGIN - axes.bottom];
  const apart = [1, 1];
  let loose = null; // 0 is the horizontal direction, 1 the vertical one
  let found = camera;
  let scale = 1;
  for (let round = 0; round < 8; round += 1) {
    const {left, right, top, bottom} = boundsAt(scale, apart);
    const ratios = [room[0] / (right - left), room[1] / (bottom - top)];
    scale = Math.max(1e-4, Math.min(...ratios));
    const middle = {x: (left + right) / 2 - axes.left / scale / 2, y: (top + bottom) / 2 + axes.bottom / scale / 2, scale};
    found = viewOf(writtenView(middle, apart), apart);
    if (round === 7) break; // what was found belongs to how far it is pulled apart
    loose ??= ratios[0] > ratios[1] ? 0 : 1;
    apart[loose] = Number(Math.min(MOST_STRETCH, Math.max(1, apart[loose] * ratios[loose] / scale)).toPrecision(4));
  }
  return {...found, stretch: apart};
}

const fitted = remembered(
  () => `${state.layout} ${state.lang} ${state.size} ${stage.width} ${stage.height} ${state.pair}`, fittedCamera);

const stretch = () => fitted().stretch; // how far the layout is pulled apart across and down

// One region among many is too small to be read where all are seen.
const REGION_SHARE = 0.72; // of the map
function regionScale() { // cells are all of one size
  const [, , width, height] = Object.values(cells())[0];
  return REGION_SHARE * Math.min(stage.width / width, stage.height / height);
}
function viewOfRegion(region) {
  const [x, y, width, height] = study.layouts[state.layout].cells[region];
  const [across, down] = stretch();
  return writtenView({x: (x + width / 2) * across, y: (y + height / 2) * down, scale: regionScale()});
}

const cameraWanted = () => (state.view ? viewOf(state.view) : fitted());
const withinScales = scale => Math.min(MOST_SCALE, Math.max(fitted().scale * LEAST_OF_FIT, scale));
