'use strict';
// The geometry of a flow: a cubic Bezier curve, cut where it meets the rim of its user, and the arrowhead that stands there.

const RIM_GAP = 1.5; // map units between an arrow and what it points at
const ARC = 0.16; // how far an arc leaves the straight line, as a share of its length
const ARCH = 0.3; // the same for flows back up the chain, which arch over the others
const ARCH_ROOM = 0.06; // how far above the layout they may reach, as a share of its height

const betweenPoints = (a, b, t) => a * (1 - t) + b * t; // exactly b at the end

// The point of a curve (eight numbers) whose three blossoms are given; equal ones give the point on the curve.
function blossom(curve, a, b, c) {
  const along = offset => {
    const [p, q, r, s] = [0, 2, 4, 6].map(i => curve[i + offset]);
    const [pq, qr, rs] = [betweenPoints(p, q, a), betweenPoints(q, r, a), betweenPoints(r, s, a)];
    return betweenPoints(betweenPoints(pq, qr, b), betweenPoints(qr, rs, b), c);
  };
  return [along(0), along(1)];
}

function pointOn(curve, t) {
  const u = 1 - t;
  const [a, b, c, d] = [u * u * u, 3 * u * u * t, 3 * u * t * t, t * t * t];
  return [a * curve[0] + b * curve[2] + c * curve[4] + d * curve[6], a * curve[1] + b * curve[3] + c * curve[5] + d * curve[7]];
}

const partOf = (curve, start, end) =>
  [[start, start, start], [start, start, end], [start, end, end], [end, end, end]].flatMap(at => blossom(curve, ...at));

// The whole way from centre to centre. `shape`: 'along' has horizontal tangents, 'back' arches upwards, 'arc' bends to its
// left, so that two flows in opposite directions stand apart, 'loop' leaves a dot and returns to it.
function wholeCurve(from, to, shape) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  if (shape === 'along') return [from.x, from.y, from.x + study.bend * dx, from.y, to.x - study.bend * dx, to.y, to.x, to.y];
  if (shape === 'loop') {
    const reach = 2.1 * from.radius + 16;
    return [from.x, from.y, from.x + 0.1 * reach, from.y - 1.5 * reach, from.x + 1.5 * reach, from.y - 0.1 * reach, from.x, from.y];
  }
  const bend = shape === 'back' ? (dx > 0 ? ARCH : -ARCH) : ARC;
  const [aside, up] = [dy * bend, -dx * bend];
  const ceiling = shape === 'back' ? -layoutShown().height * ARCH_ROOM / 0.75 : -Infinity; // of the curve's handles
  const leaning = share => [from.x + dx * share + aside, Math.max(from.y + dy * share + up, ceiling)];
  return [from.x, from.y, ...leaning(0.25), ...leaning(0.75), to.x, to.y];
}

const standsIn = (place, [x, y], gap) => (place.half
  ? Math.abs(x - place.x) < place.half[0] + gap && Math.abs(y - place.y) < place.half[1] + gap
  : Math.hypot(x - place.x, y - place.y) < place.radius + gap);

// Where a curve crosses the rim of a place, between a parameter outside and one inside.
function rimAt(curve, place, gap, outside, within) {
  let [out, into] = [outside, within];
  for (let round = 0; round < 12; round += 1) {
    const middle = (out + into) / 2;
    if (standsIn(place, pointOn(curve, middle), gap)) into = middle;
    else out = middle;
  }
  return out;
}

const written = value => String(Math.round(value * 10) / 10);
const pathOf = points => points.map(([x, y], i) => `${i ? 'L' : 'M'}${written(x)} ${written(y)}`).join('');

// `unit` is how large the smallest arrowhead is drawn: larger on a large canvas, which is seen from further away.
function flowShape(from, to, shape, width, unit) {
  const whole = wholeCurve(from, to, shape);
  const middle = shape === 'loop' ? 0.5 : 0;
  const tipAt = rimAt(whole, to, RIM_GAP, middle, 1);
  const length = 4.5 * unit + 1.5 * width;
  const baseAt = rimAt(whole, to, RIM_GAP + length * 0.9, middle, 1);
  const startAt = from.half ? rimAt(whole, from, 0, baseAt, 0) : 0;
  const curve = partOf(whole, startAt, Math.max(baseAt, startAt));
  const tip = pointOn(whole, tipAt);
  const base = pointOn(whole, baseAt);
  const reach = Math.hypot(tip[0] - base[0], tip[1] - base[1]) || 1;
  const half = (2 * unit + 0.75 * width) * Math.min(1, reach / length + 0.1);
  const [ax, ay] = [(tip[1] - base[1]) / reach * half, -(tip[0] - base[0]) / reach * half];
  const [x0, y0, ...rest] = curve.map(written);
  return {
    curve,
    left: Math.min(curve[0], curve[2], curve[4], curve[6]), right: Math.max(curve[0], curve[2], curve[4], curve[6]),
    top: Math.min(curve[1], curve[3], curve[5], curve[7]), bottom: Math.max(curve[1], curve[3], curve[5], curve[7]),
    line: outline(`M${x0} ${y0}C${rest.join(' ')}`),
    head: outline(`${pathOf([tip, [base[0] + ax, base[1] + ay], [base[0] - ax, base[1] - ay]])}Z`),
  };
}

// How far a point is from a flow, in map units; Infinity where it is not even near.
function distanceTo({curve, left, right, top, bottom}, x, y, near) {
  if (x < left - near || x > right + near || y < top - near || y > bottom + near) return Infinity;
  let nearest = Infinity;
  let [px, py] = [curve[0], curve[1]];
  for (let i = 1; i <= 24; i += 1) {
    const [qx, qy] = pointOn(curve, i / 24);
    const [vx, vy] = [qx - px, qy - py];
    const t = Math.min(1, Math.max(0, ((x - px) * vx + (y - py) * vy) / (vx * vx + vy * vy || 1)));
    nearest = Math.min(nearest, Math.hypot(x - px - t * vx, y - py - t * vy));
    [px, py] = [qx, qy];
  }
  return nearest;
}

// The corners of the smallest convex shape round some points (Andrew's monotone chain).
function hull(points) {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const turns = ([ax, ay], [bx, by], [cx, cy]) => (bx - ax) * (cy - ay) - (by - ay) * (cx - ax);
  const side = way => way.reduce((kept, point) => {
    while (kept.length > 1 && turns(kept.at(-2), kept.at(-1), point) <= 0) kept.pop();
    return [...kept, point];
  }, []).slice(0, -1);
  return [...side(sorted), ...side(sorted.reverse())];
}
