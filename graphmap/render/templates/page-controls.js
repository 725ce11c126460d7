'use strict';
// Left of the map: search, choices, slider and legend.

// ---------------------------------------------------------------- search

const MOST_SUGGESTIONS = 8;
const fold = text => text.normalize('NFKC').toLowerCase().replace(/[\s,，、·'’-]+/g, '');
const initials = pinyin => pinyin.split(/\s+/).map(syllable => syllable[0] ?? '').join('');

const searchable = inOrder.map(sector => ({
  sector,
  short: [...Object.values(sector.short), sector.code, sector.pinyin, initials(sector.pinyin)].map(fold),
  full: Object.values(sector.name).map(fold),
}));

// Short names that begin with the query come first, then full names that do, then names that contain it anywhere.
function findSectors(query) {
  const wanted = fold(query);
  if (!wanted) return [];
  const begins = names => names.some(name => name.startsWith(wanted));
  const contains = names => names.some(name => name.includes(wanted));
  const ranked = [
    ...searchable.filter(({short}) => begins(short)),
    ...searchable.filter(({full}) => begins(full)),
    ...searchable.filter(({short, full}) => contains(short) || contains(full)),
  ];
  return [...new Set(ranked)].slice(0, MOST_SUGGESTIONS).map(({sector}) => sector);
}

function startSearch() {
  const input = byId('search');
  const list = byId('suggestions');
  let active = 0;

  const close = () => {
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };
  const choose = id => {
    input.value = '';
    close();
    update({chosen: id});
  };
  const markActive = () => {
    [...list.children].forEach((option, i) => option.setAttribute('aria-selected', String(i === active)));
    const current = list.children[active];
    input.setAttribute('aria-activedescendant', current?.id ?? '');
    current?.scrollIntoView({block: 'nearest'});
  };
  const open = () => {
    const found = findSectors(input.value);
    active = 0;
    list.replaceChildren(...found.map((sector, i) => element('li', {id: `suggestion-${i}`, role: 'option', 'data-id': sector.id},
      dot(sectorColour(sector)), element('span', {}, inLanguage(sector.short)), element('small', {}, inLanguage(sector.name)))));
    if (!found.length) list.append(element('li', {role: 'option', 'aria-disabled': 'true'}, word('page.search.none')));
    list.hidden = !input.value.trim();
    input.setAttribute('aria-expanded', String(!list.hidden));
    if (!list.hidden) markActive();
  };
  const keys = {
    ArrowDown: () => { active = Math.min(active + 1, list.children.length - 1); markActive(); },
    ArrowUp: () => { active = Math.max(active - 1, 0); markActive(); },
    Enter: () => { const {id} = list.children[active]?.dataset ?? {}; if (id) choose(id); },
    Escape: () => { input.value = ''; close(); },
  };

  input.addEventListener('input', open);
  input.addEventListener('focus', open);
  input.addEventListener('blur', close);
  input.addEventListener('keydown', event => {
    if (list.hidden || !(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  });
  // mousedown, because a click would first take the focus from the field and close the list
  list.addEventListener('mousedown', event => {
    event.preventDefault();
    const {id} = event.target.closest('li')?.dataset ?? {};
    if (id) choose(id);
  });
}

// ---------------------------------------------------------------- choices and slider

const sizeMeasures = study.measures.filter(measure => measure.size);
const CHOICES = {
  weight: () => study.weights.map(({id}) => [id, word(`weight.${id}`)]),
  size: () => sizeMeasures.map(({id}) => [id, word(`measure.${id}`)]),
  colour: () => colourChoices.map(id => [id, word(`page.colour.${id}`)]),
};

function drawChoices() {
  for (const [name, options] of Object.entries(CHOICES)) {
    byId(name).replaceChildren(...options().map(([value, text]) => element('option', {value, selected: value === state[name]}, text)));
  }
}

function drawKeep() {
  const flows = shownFlows();
  const slider = byId('keep');
  slider.value = state.keep * 100;
  const weight = weightOf(state.weight);
  const shown = flows.reduce((sum, flow) => sum + flow[state.weight], 0);
  const share = figurePattern('share').replace('{n}', String(Number((state.keep * 100).toPrecision(2))));
  const text = word('page.keep.text', {
    share,
    flows: flows.length.toLocaleString('en'),
    covered: percent(weight.between ? shown / weight.between : 0),
    weight: word(`page.keep.${weight.id}`),
  });
  byId('keep-text').textContent = text;
  slider.setAttribute('aria-valuetext', text);
  slider.style.setProperty('--filled', `${100 * (slider.value - slider.min) / (slider.max - slider.min)}%`);
}

// ---------------------------------------------------------------- legend

const swatch = (colour, text, detail = null) => element('li', {}, dot(colour), element('span', {}, element('span', {}, text), detail ? element('small', {}, detail) : ''));

function roleLegend() {
  return ['high_carbon', 'high_transmission', 'high_output', 'other']
    .filter(role => study.sectors.some(sector => sector.role === role || sector.roles.includes(role)))
    .map(role => swatch(ROLE_COLOURS[role], word(`role.${role}`), thresholdOf(role) && inLanguage(thresholdOf(role))));
}

function positionLegend() {
  const swatches = Object.entries(POSITION_COLOURS).map(([id, colour]) => swatch(colour, word(`position.${id}`)));
  return thresholdOf('position') ? [...swatches, element('li', {class: 'remark'}, inLanguage(thresholdOf('position')))] : swatches;
}

function intensityLegend() {
  const [low, high] = intensityBounds;
  const stops = [low, Math.sqrt(low * high), high].map(value => element('span', {}, number('intensity', value)));
  return [
    element('li', {class: 'ramp'},
      element('span', {}, withUnit(word(`measure.${intensityMeasure.id}`), 'intensity')),
      element('span', {class: 'gradient', style: `background:linear-gradient(90deg,${INTENSITY_RAMP.join(',')})`}),
      element('span', {class: 'stops'}, stops)),
    study.sectors.some(sector => sector.values[intensityMeasure.id] === null) && swatch(NO_DATA, word('page.legend.nodata')),
  ].filter(Boolean);
}

const COLOUR_LEGENDS = {
  role: roleLegend,
  intensity: intensityLegend,
  community: () => study.communities.map((name, i) => swatch(category(i), inLanguage(name))),
  group: () => groupIds.map((id, i) => swatch(category(i), inLanguage(study.groups[id]))),
  position: positionLegend,
};

// Three sectors of the map itself, so that the sizes are true: the smallest dot, the largest, and one halfway.
function sizeLegend() {
  const measure = measureOf(state.size);
  const radius = sector => sector.radius[measure.id];
  const known = study.sectors.filter(sector => sector.values[measure.id] !== null).sort((a, b) => radius(a) - radius(b));
  if (!known.length) return [];
  const halfway = (radius(known[0]) + radius(known.at(-1))) / 2;
  const middle = known.reduce((best, sector) => (Math.abs(radius(sector) - halfway) < Math.abs(radius(best) - halfway) ? sector : best));
  const scale = network.getScale();
  return [element('li', {}, nestedCircles([...new Set([known.at(-1), middle, known[0]])].map(sector =>
    ({radius: radius(sector) * scale, text: number(measure.kind, sector.values[measure.id])}))))];
}

function svg(tag, attributes, ...children) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

// Circles stand on one line inside each other, largest first; each value stands beside the top of its circle.
function nestedCircles(circles) {
  const [{radius: largest}] = circles;
  const height = Math.max(2 * largest + 12, 13 * circles.length + 6);
  const parts = circles.flatMap(({radius, text}, i) => {
    const top = Math.max(height - 2 - 2 * radius, 7);
    const level = Math.max(Math.min(top, height - 5 - (circles.length - 1 - i) * 13), 7 + i * 13); // values keep a line's distance
    return [
      svg('circle', {cx: largest + 1, cy: height - 2 - radius, r: radius}),
      svg('path', {d: `M${largest + 1},${height - 2 - 2 * radius} L${2 * largest + 8},${level} h8`}),
      svg('text', {x: 2 * largest + 20, y: level + 4}, text),
    ];
  });
  return svg('svg', {width: 2 * largest + 90, height, class: 'circles'}, ...parts);
}

function arrow(width, dashed, colour) {
  const tip = 4 + width / 3;
  return svg('svg', {width: 44, height: 12, 'aria-hidden': 'true'},
    svg('line', {x1: 0, y1: 6, x2: 43 - 2 * tip, y2: 6, stroke: colour, 'stroke-width': width, opacity: 0.6, 'stroke-dasharray': dashed ? '6 3' : 'none'}),
    svg('polygon', {points: `${43 - 2 * tip},${6 - tip * 0.8} 43,6 ${43 - 2 * tip},${6 + tip * 0.8}`, fill: colour, opacity: 0.8}));
}

function flowLegend() {
  const {kind} = weightOf(state.weight);
  const flows = shownFlows();
  const colour = sectorColour(sectors.get(flows[0]?.from) ?? inOrder[0]);
  const samples = [flows[0], flows.at(-1)].filter(Boolean).map(flow =>
    element('li', {}, arrow(flowWidth(flow[state.weight]) * network.getScale(), false, colour), element('span', {}, figure(kind, flow[state.weight]))));
  return [
    ...samples,
    element('li', {class: 'remark whole'}, word('page.legend.direction')),
    flows.some(runsBack) && element('li', {class: 'whole'}, arrow(1.6, true, colour), element('span', {}, word('page.legend.feedback'))),
  ].filter(Boolean);
}

function drawLegend() {
  const size = measureOf(state.size);
  const part = (title, kind, entries) => [element('h2', {}, title), element('ul', {class: kind}, entries)];
  byId('legend').replaceChildren(
    ...part(word('page.legend.colour', {what: word(`page.colour.${state.colour}`)}), 'colours', COLOUR_LEGENDS[state.colour]()),
    ...part(word('page.legend.size', {what: withUnit(word(`measure.${size.id}`), size.kind)}), 'sizes', sizeLegend()),
    ...part(word('page.legend.flows', {what: word(`weight.${state.weight}`)}), 'flows', flowLegend()));
}

function startControls() {
  const slider = byId('keep');
  // in percent of the cells; a network of a thousand sectors shows only the first few thousandths
  slider.max = study.keep_max * 100;
  slider.min = Math.min(1, study.keep_max * 5);
  slider.step = study.keep_max > 0.1 ? 0.5 : 'any';
  slider.addEventListener('input', () => update({keep: slider.value / 100}));
  for (const name of Object.keys(CHOICES)) byId(name).addEventListener('change', event => update({[name]: event.target.value}));
  startSearch();

  // On a narrow screen the settings fold away so that the map comes first.
  const narrow = matchMedia('(max-width: 800px)');
  const foldSettings = () => { byId('settings').open = !narrow.matches; };
  narrow.addEventListener('change', foldSettings);
  foldSettings();

  onChange(['lang', ...Object.keys(CHOICES)], drawChoices);
  onChange(['lang', 'weight', 'keep'], drawKeep);
  onChange(['lang', 'weight', 'size', 'colour', 'keep'], drawLegend);
  network.on('resize', () => requestAnimationFrame(drawLegend));
}
