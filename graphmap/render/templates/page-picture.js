'use strict';
// The map as a picture that stands by itself: title, map in its present view, captions, legend and source.

const PICTURE = {margin: 20, title: 20, small: 11, row: 17, dot: 5};

// Legend entries: what the colours mean, then sizes and flows with their units.
function colourEntries() {
  const sectors = [...now.sectors.values()];
  const used = key => new Set(sectors.map(sector => sector[key]));
  return {
    role: () => ROLES.filter(role => used('role').has(role)).map(role => [roleColour(role), word(`role.${role}`)]),
    intensity: () => intensityBounds.map(value => [intensityColour(value), figure('intensity', value)]),
    community: () => now.communities.map((name, i) => [category(i), inLanguage(name)]),
    group: () => groupIds.filter(id => used('group').has(id)).map(id => [category(groupIds.indexOf(id)), inLanguage(study.groups[id])]),
    position: () => POSITIONS.map(id => [POSITION_COLOURS[id], word(`position.${id}`)]),
  }[state.colour]();
}

function pictureLegend() {
  const size = measureOf(state.size);
  const largest = drawnFlows()[0];
  const weight = word(`weight.${state.weight}`);
  return [
    ...colourEntries().map(([colour, string]) => ({colour, string})),
    {string: word('page.picture.size', {what: withUnit(word(`measure.${size.id}`), size.kind)})},
    {arrow: 'solid', string: word('page.picture.direction', {what: withUnit(weight, weightOf(state.weight).kind)})},
    ...(largest ? [{string: word('page.picture.largest', {value: figure(weightOf(state.weight).kind, largest[state.weight])})}] : []),
    ...(drawnFlows().some(flow => !flow.between && runsBack(flow)) ? [{arrow: 'dashed', string: word('page.picture.back')}] : []),
  ];
}

// Pieces of text or entries in rows no wider than the picture.
function inRows(pieces, widthOfPiece, most) {
  const rows = [[]];
  let used = 0;
  for (const piece of pieces) {
    const width = widthOfPiece(piece);
    if (used + width > most && rows.at(-1).length) {
      rows.push([]);
      used = 0;
    }
    rows.at(-1).push({piece, x: used, width});
    used += width;
  }
  return rows;
}

// Words of a Latin line stay whole; Chinese may break after any character.
const textRows = (string, size, most) =>
  inRows(string.match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+/g) ?? [], piece => widthOf(piece, size, false), most)
    .map(row => row.map(({piece}) => piece).join(''));

const entryLead = ({colour, arrow}) => (colour ? 2 * PICTURE.dot + 6 : arrow ? 34 : 0);

function pictureParts() {
  const {margin, title, small, row} = PICTURE;
  const width = Math.max(stage.width, 320);
  const inner = width - 2 * margin;
  const titles = textRows(inLanguage(now.title), title, inner);
  const about = [now.subtitle, now.notice].filter(Boolean).map(inLanguage).join(' · '); // a picture goes about without its page
  const subtitles = textRows(about, small + 1, inner);
  const entries = inRows(pictureLegend(), entry => entryLead(entry) + widthOf(entry.string, small, false) + 16, inner);
  const source = textRows(`${byId('source').textContent} · ${study.generator}`, small, inner);
  const captions = [byId('caption-left').textContent, byId('caption-right').textContent];
  const head = margin + titles.length * title * 1.25 + subtitles.length * row + (captions.some(Boolean) ? row : 0) + 4;
  const foot = 10 + (entries.length + source.length) * row + margin / 2;
  return {width, height: Math.ceil(head + stage.height + foot), inner, titles, subtitles, entries, source, captions, head: Math.ceil(head)};
}

function paintEntry(pen, {piece, x}, y) {
  const {margin, small, dot: radius} = PICTURE;
  const left = margin + x;
  if (piece.colour) pen.circle(left + radius, y, radius, {fill: piece.colour});
  if (piece.arrow) {
    pen.shape(lineThrough([left, y], [left + 20, y]), {stroke: token('muted'), width: 2, dash: piece.arrow === 'dashed' ? [5, 3] : null});
    pen.shape(outline(`${pathOf([[left + 28, y], [left + 19, y - 4], [left + 19, y + 4]])}Z`), {fill: token('muted')});
  }
  pen.text(piece.string, left + entryLead(piece), y, {size: small, fill: token('ink')});
}

function paintPicture(pen, {width, height, titles, subtitles, entries, source, captions, head}) {
  const {margin, title, small, row} = PICTURE;
  pen.space(1, 0, 0);
  pen.shape(rectangle(0, 0, width, height), {fill: token('map')});
  let y = margin + title / 2;
  for (const string of titles) {
    pen.text(string, margin, y, {size: title, bold: true, fill: token('ink')});
    y += title * 1.25;
  }
  for (const string of subtitles) {
    pen.text(string, margin, y, {size: small + 1, fill: token('muted')});
    y += row;
  }
  pen.text(captions[0], margin, y, {size: small, fill: token('muted')});
  pen.text(captions[1], width - margin, y, {size: small, fill: token('muted'), align: 'right'});
  pen.within((width - stage.width) / 2, head, stage.width, stage.height, paintMap);
  pen.space(1, 0, 0);
  y = head + stage.height + 10 + row / 2;
  for (const entriesOfRow of entries) {
    for (const entry of entriesOfRow) paintEntry(pen, entry, y);
    y += row;
  }
  for (const string of source) {
    pen.text(string, margin, y, {size: small, fill: token('muted')});
    y += row;
  }
}

// A whole SVG picture of the present view, as text.
function mapSvg() {
  const parts = pictureParts();
  const pen = svgPen();
  paintPicture(pen, parts);
  drawMap(); // labels are placed again for the screen
  return pen.finished(parts.width, parts.height, inLanguage(now.title));
}

// The same picture on a canvas with so many pixels to a CSS pixel.
function mapPicture(ratio = 2) {
  const parts = pictureParts();
  const sheet = document.createElement('canvas');
  sheet.width = parts.width * ratio;
  sheet.height = parts.height * ratio;
  paintPicture(canvasPen(sheet.getContext('2d'), ratio), parts);
  drawMap();
  return sheet;
}
