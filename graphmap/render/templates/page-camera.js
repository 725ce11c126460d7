'use strict';
// What part of the map is seen, and where labels find room on it.

const LABEL_GAP = 3; // between dot and label, in map units
const LABEL_LEADING = 1.2;
const SMALLEST_LABEL = 8.5; // CSS pixels, as all that follows
const LARGEST_LABEL = 16;
const FIT_MARGIN = 10;
const AXIS_ROOM = {left: 58, bottom: 44}; // for ticks and titles
const MOST_SCALE = 40;
const LEAST_OF_FIT = 0.25; // how far one can zoom out, as a share of the fitted scale

const stage = {width: 0, height: 0, ratio: 1};
let camera = {x: 0, y: 0, scale: 1}; // what stands in the middle of the map, and CSS pixels to a map unit

const onScreen = (x, y) => ({x: (x - camera.x) * camera.scale + stage.width / 2, y: (y - camera.y) * camera.scale + stage.height / 2});
const onMap = (x, y) => ({x: (x - stage.width / 2) / camera.scale + camera.x, y: (y - stage.height / 2) / camera.scale + camera.y});
const mapScale = () => camera.scale;

// As an address writes it, so that an address restores exactly what was seen.
const writtenView = ({x, y, scale}) => [Number(rounded(x)), Number(rounded(y)), Number(scale.toPrecision(5))];
const viewOf = ([x, y, scale]) => ({x, y, scale});

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

// The places a label may take beside its dot, in order of preference, as offsets of its middle.
const SIDES = [
  (reach, width, height) => [0, reach + height / 2],
  (reach, width) => [reach + width / 2, 0],
  (reach, width) => [-reach - width / 2, 0],
  (reach, width, height) => [0, -reach - height / 2],
];

function labelBox(dot, sectorSize, at, side) {
  const lines = labelLines(dot);
  const size = dot.region ? Math.max(sectorSize * REGION_LABEL, 11) : sectorSize;
  const width = Math.max(...lines.map(string => widthOf(string, size, dot.key_sector)));
  const height = lines.length * size * LABEL_LEADING;
  const [dx, dy] = SIDES[side]((dot.radius + LABEL_GAP) * camera.scale, width, height);
  const [x, y] = [at.x + dx, at.y + dy];
  return {dot, lines, size, bold: dot.key_sector, left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2};
}

// Beside a dot in the frame of a region a label must not reach into the next one.
function inItsFrame({dot, left, right, top, bottom, size}) {
  if (!dot.sector || !cells()) return true;
  const [x, y, width, height] = cells()[dot.sector.region];
  const [start, end] = [onScreen(x, y), onScreen(x + width, y + height)];
  return left > start.x - size && right < end.x + size && top > start.y && bottom < end.y + size;
}

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
// and those that would cover a more important one are left out until the reader zooms in.
function placeLabels(dots, headings) {
  const size = labelSize(camera.scale);
  const labels = labelCrowd();
  const covered = labelCrowd();
  for (const heading of headings) labels.take(heading);
  const beside = state.layout !== 'chain';
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
    if (at.x < -80 || at.y < -40 || at.x > stage.width + 80 || at.y > stage.height + 40) return;
    let box = null;
    for (let side = 0; side < SIDES.length && !box; side += 1) {
      const wanted = labelBox(dot, size, at, side);
      if (inItsFrame(wanted) && labels.free(wanted) && covered.free(wanted)) box = wanted;
    }
    for (let side = 0; side < SIDES.length && !box && (dot.key_sector || !beside); side += 1) {
      const wanted = labelBox(dot, size, at, side); // rather over a dot than not at all
      if (inItsFrame(wanted) && labels.free(wanted)) box = wanted;
    }
    if (!box) return;
    labels.take(box);
    placed.push(box);
  });
  return placed;
}

// ---------------------------------------------------------------- fitting

function boundsAt(scale) {
  const layout = layoutShown();
  const size = labelSize(scale) / scale;
  const bounds = {left: 0, right: layout.width, top: 0, bottom: layout.height};
  if (cells()) {
    const grid = Object.entries(cells()).filter(([region]) => !state.pair || state.pair.includes(region)).map(([, cell]) => cell);
    return {
      left: Math.min(...grid.map(([x]) => x)), right: Math.max(...grid.map(([x, , width]) => x + width)),
      top: Math.min(...grid.map(([, y]) => y)) - 1.8 * Math.max(size, 11 / scale), // room for headings
      bottom: Math.max(...grid.map(([, y, , height]) => y + height)),
    };
  }
  if (!layout.ticks) [bounds.top, bounds.bottom] = [Infinity, -Infinity];
  study.sectors.forEach((sector, at) => {
    const [x, y] = layout.places[at];
    const radius = largestRadius().get(sector.id);
    const lines = inLanguage(sector.label).split('\n');
    const half = Math.max(radius, ...lines.map(string => widthOf(string, size, true) / 2));
    bounds.left = Math.min(bounds.left, x - half);
    bounds.right = Math.max(bounds.right, x + half);
    bounds.top = Math.min(bounds.top, y - radius);
    bounds.bottom = Math.max(bounds.bottom, y + radius + LABEL_GAP + lines.length * size * LABEL_LEADING);
  });
  for (const {top} of clouds()) bounds.top = Math.min(bounds.top, top - 1.6 * size);
  return bounds;
}

// The size of labels depends on the scale and the scale on the room that labels take: settled in a few rounds.
function fittedCamera() {
  const room = layoutShown().ticks ? AXIS_ROOM : {left: 0, bottom: 0};
  let found = camera;
  let scale = 1;
  for (let round = 0; round < 4; round += 1) {
    const {left, right, top, bottom} = boundsAt(scale);
    scale = Math.max(1e-4, Math.min(
      (stage.width - 2 * FIT_MARGIN - room.left) / (right - left), (stage.height - 2 * FIT_MARGIN - room.bottom) / (bottom - top)));
    found = viewOf(writtenView({x: (left + right) / 2 - room.left / scale / 2, y: (top + bottom) / 2 + room.bottom / scale / 2, scale}));
  }
  return found;
}

const fitted = remembered(
  () => JSON.stringify([state.layout, state.lang, state.size, stage.width, stage.height, state.pair]), fittedCamera);

const cameraWanted = () => (state.view ? viewOf(state.view) : fitted());
const withinScales = scale => Math.min(MOST_SCALE, Math.max(fitted().scale * LEAST_OF_FIT, scale));
