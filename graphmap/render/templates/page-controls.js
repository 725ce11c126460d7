'use strict';
// Left of the map: what is drawn, of which year, how much of it, and which part. Each control follows the state, whoever changes it.

const YEAR_SHOWN_FOR = 600; // milliseconds, while the years are played

const option = (value, text, attributes = {}) => element('option', {value, ...attributes}, text);

// The options are written anew, in the language and of the year, and the chosen one is marked.
function fill(select, options, chosen) {
  select.replaceChildren(...options);
  select.value = chosen ?? '';
}

// ---------------------------------------------------------------- choices

const sizeMeasures = study.measures.filter(measure => measure.size);
const CHOICES = {
  weight: () => study.weights.map(({id}) => [id, word(`weight.${id}`)]),
  size: () => sizeMeasures.map(({id}) => [id, word(`measure.${id}`)]),
  layout: () => Object.keys(study.layouts).map(id => [id, word(`page.layout.${id}`)]),
  colour: () => colourChoices.map(id => [id, word(`page.colour.${id}`)]),
};

function drawChoices() {
  for (const [name, options] of Object.entries(CHOICES)) {
    fill(byId(name), options().map(([value, text]) => option(value, text)), state[name]);
  }
}

function startChoices() {
  for (const name of ['weight', 'size', 'colour']) byId(name).addEventListener('change', event => update({[name]: event.target.value}));
  // a place of one layout means nothing in another
  byId('layout').addEventListener('change', event => update({layout: event.target.value, pins: {}, view: null}));
  onChange(['lang', ...Object.keys(CHOICES)], drawChoices);
}

// ---------------------------------------------------------------- years

let playing = 0; // the timer, 0 when nothing is played

// Communities are found anew each year, so a filter by one does not outlive its year.
const goToYear = year => update({year, community: null});

function pauseYears() {
  clearInterval(playing);
  playing = 0;
  drawPlay();
}

function playYears() {
  const last = study.periods.length - 1;
  if (state.year === last) goToYear(0);
  playing = setInterval(() => {
    goToYear(state.year + 1);
    if (state.year >= last) pauseYears();
  }, YEAR_SHOWN_FOR);
  drawPlay();
}

function drawPlay() {
  const name = word(playing ? 'page.year.pause' : 'page.year.play');
  byId('play').classList.toggle('playing', playing !== 0);
  byId('play').setAttribute('aria-label', name);
  byId('play').setAttribute('title', name);
}

function drawYear() {
  const year = String(now.year ?? '');
  byId('year').value = state.year;
  byId('year').setAttribute('aria-valuetext', year);
  byId('year-text').textContent = year;
  setFilled(byId('year'));
}

// Browsers paint no filled part of a slider by themselves; the style sheet does, from this share.
function setFilled(slider) {
  const [min, max] = [Number(slider.min), Number(slider.max)];
  slider.style.setProperty('--filled', `${max > min ? 100 * (slider.value - min) / (max - min) : 100}%`);
}

function startYears() {
  byId('year-choice').hidden = study.periods.length < 2;
  byId('year').max = study.periods.length - 1;
  byId('year').addEventListener('input', event => {
    if (playing) pauseYears();
    goToYear(Number(event.target.value));
  });
  byId('play').addEventListener('click', () => (playing ? pauseYears() : playYears()));
  onChange(['year'], drawYear);
  onChange(['lang'], drawPlay);
}

// ---------------------------------------------------------------- how many flows

const FILTERS = ['role', 'group', 'community'];

function keepText() {
  const flows = drawnFlows().filter(({from, to}) => from !== to);
  const total = now.weights[state.weight]?.whole; // null where a source lists only some flows
  const covered = flows.reduce((sum, flow) => sum + flow[state.weight], 0);
  const largest = keptFlows().length;
  const kind = total === undefined ? 'missing' : total === null ? 'listed' : state.pair ? 'pair' : hasFolded() ? 'folded' : filtered() || focused() ? 'filtered' : 'text';
  return word(`page.keep.${kind}`, {
    share: figurePattern('share').replace('{n}', String(Number((keptShare() * 100).toPrecision(2)))),
    flows: flows.length.toLocaleString('en'),
    largest: largest.toLocaleString('en'),
    covered: percent(total ? covered / total : 0),
    weight: word(`page.keep.${state.weight}`),
    scope: word(ofBetween() ? 'page.keep.between' : 'page.keep.source'),
    year: String(now.year ?? ''),
  });
}

function drawKeep() {
  const slider = byId('keep');
  const most = now.keep_max * 100; // percent of the cells; of a thousand sectors only the first few thousandths are shown
  slider.max = most;
  slider.min = Math.min(1, most / 20);
  slider.step = most > 10 ? 0.5 : 'any';
  slider.value = keptShare() * 100;
  // all that two regions deal with each other is shown, and between folded regions the largest flows whatever the share
  slider.disabled = state.pair !== null || scene().dots.every(({region}) => region);
  const text = keepText();
  byId('keep-text').textContent = text;
  slider.setAttribute('aria-valuetext', text);
  setFilled(slider);
}

function startKeep() {
  byId('keep').addEventListener('input', event => update({keep: Number(event.target.value) / 100}));
  byId('loops').addEventListener('change', event => update({loops: event.target.checked}));
  onChange(['lang', 'year', 'weight', 'keep', 'layout', 'unfolded', 'pair', 'chosen', 'steps', ...FILTERS], drawKeep);
  onChange(['loops'], () => { byId('loops').checked = state.loops; });
}

// ---------------------------------------------------------------- filters

const FILTER_OPTIONS = {
  role: () => ROLES.filter(role => [...now.sectors.values()].some(sector => sector.role === role)).map(role => [role, word(`role.${role}`)]),
  group: () => groupIds.map(id => [id, inLanguage(study.groups[id])]),
  community: () => now.communities.map((name, i) => [String(i), inLanguage(name)]),
};

function drawFilters() {
  for (const name of FILTERS) {
    const options = FILTER_OPTIONS[name]().map(([value, text]) => option(value, text));
    fill(byId(`only-${name}`), [option('', word('page.filters.all')), ...options], state[name]);
  }
  const count = FILTERS.filter(name => state[name] !== null).length;
  byId('filter-count').textContent = count ? String(count) : '';
  byId('clear-filters').disabled = !count;
}

function startFilters() {
  for (const name of FILTERS) {
    byId(`only-${name}`).addEventListener('change', ({target: {value}}) =>
      update({[name]: value === '' ? null : name === 'community' ? Number(value) : value}));
  }
  byId('clear-filters').addEventListener('click', () => update({role: null, group: null, community: null}));
  byId('filters').open = FILTERS.some(name => state[name] !== null); // a link with a filter shows where it is set
  onChange(['lang', 'year', ...FILTERS], drawFilters);
}

// ---------------------------------------------------------------- regions

const hasRegionLayout = Boolean(study.layouts.regions?.cells);

const hasFolded = () => scene().dots.some(({region}) => region);

// Only the layout by regions folds them; elsewhere every region is shown sector by sector.
function unfold(region) {
  if (hasRegionLayout && state.layout !== 'regions') update({layout: 'regions', pins: {}, view: null});
  fold(region, false);
}

function drawRegions() {
  const names = study.regions.map(({id, name}) => [id, inLanguage(name)]);
  const open = hasRegionLayout && state.layout !== 'regions' ? new Set() : unfoldedRegions();
  fill(byId('unfold'), [option('', word('page.regions.choose')), ...names.map(([id, name]) => option(id, name, {disabled: open.has(id)}))], '');
  const ends = ['pair-supplier', 'pair-user'].map(byId);
  const half = ends.filter(select => select.value).length === 1; // one end is chosen, the other is still to come
  ends.forEach((select, k) => {
    const chosen = state.pair ? state.pair[k] : half ? select.value : '';
    const other = state.pair?.[1 - k] ?? null;
    fill(select, [option('', word('page.regions.any')), ...names.map(([id, name]) => option(id, name, {disabled: id === other}))], chosen);
  });
  byId('unfold-all').disabled = open.size === study.regions.length && state.layout === 'regions';
  byId('fold-all').disabled = open.size === 0 && state.layout === 'regions';
}

function drawPairText() {
  if (!state.pair) { byId('pair-text').textContent = ''; return; }
  const {flows, shown, total} = pairFlows();
  const {kind} = weightOf(state.weight);
  const [supplier, user] = state.pair.map(id => inLanguage(regionNamed(id).short));
  byId('pair-text').textContent = word('page.regions.pair', {supplier, user, flows: flows.length, shown: number(kind, shown), total: figure(kind, total)});
}

function startRegions() {
  byId('region-choices').hidden = !severalRegions;
  if (!severalRegions) return;
  byId('region-choices').open = state.pair !== null; // a link with a pair shows which
  for (const part of document.querySelectorAll('.folding')) part.hidden = !hasRegionLayout;
  const all = unfolded => update({layout: 'regions', unfolded, pair: null, pins: {}, view: null});
  byId('unfold').addEventListener('change', ({target: {value}}) => { if (value) unfold(value); });
  byId('unfold-all').addEventListener('click', () => all(study.regions.map(({id}) => id)));
  byId('fold-all').addEventListener('click', () => all([]));
  for (const end of ['pair-supplier', 'pair-user']) {
    byId(end).addEventListener('change', () => {
      const pair = [byId('pair-supplier').value, byId('pair-user').value];
      const chosen = pair.every(Boolean) && pair[0] !== pair[1] ? pair : null;
      update(chosen || state.pair ? {pair: chosen, view: null} : {pair: null}); // the two stand at places of their own
    });
  }
  onChange(['lang', 'layout', 'unfolded', 'pair'], drawRegions);
  onChange(['lang', 'year', 'weight', 'keep', 'pair', ...FILTERS], drawPairText);
}

// ---------------------------------------------------------------- paper

let screenState = null; // what the reader had chosen, while the page is drawn for paper

// The part of the map that has something on it, [left, top, width, height]: paper has no room for empty margins.
function drawnFrame() {
  const {dots, frames} = scene();
  // the others draw axes, clouds or frames beside the dots
  if (frames.length || !['chain', 'force'].includes(state.layout)) return [0, 0, stage.width, stage.height];
  const rims = dots.map(dot => {
    const [{x, y}, radius] = [onScreen(dot.x, dot.y), dot.radius * mapScale() + 6];
    return {left: x - radius, right: x + radius, top: y - radius, bottom: y + radius};
  });
  const boxes = [...rims, ...labelBoxes()];
  const least = (name, edge) => Math.max(edge, Math.min(...boxes.map(box => box[name])) - 20);
  const most = (name, edge) => Math.min(edge, Math.max(...boxes.map(box => box[name])) + 20);
  const [left, top] = [least('left', 0), least('top', 0)];
  return [left, top, most('right', stage.width) - left, most('bottom', stage.height) - top];
}

const PAPER_SHAPE = 1.8; // width to height of the place for the map in the style sheet

// A canvas would be blurred on paper, and dark paper costs ink: the map is put there as SVG, in the light theme.
function toPaper() {
  if (screenState) return;
  screenState = {theme: state.theme, tab: state.tab};
  document.documentElement.style.setProperty('--map', 'var(--paper)'); // no tinted box round the map
  update({theme: 'light', tab: 'key-sectors'});
  if (!state.view) shapeMap(stage.width, stage.width / PAPER_SHAPE);
  drawLegend();
  const picture = new DOMParser().parseFromString(mapSvg(), 'image/svg+xml').documentElement;
  const [left, top, width, height] = drawnFrame();
  picture.setAttribute('viewBox', [left, top + pictureParts().head, width, height].join(' '));
  picture.setAttribute('class', 'paper');
  byId('map').after(picture);
}

function toScreen() {
  document.querySelector('.paper')?.remove();
  document.documentElement.style.removeProperty('--map');
  update(screenState);
  screenState = null;
}

// ---------------------------------------------------------------- the whole

function startControls() {
  startChoices();
  startYears();
  startKeep();
  startFilters();
  startRegions();
  addEventListener('beforeprint', toPaper);
  addEventListener('afterprint', toScreen);

  // On a narrow screen the settings fold away so that the map comes first.
  const narrow = matchMedia('(max-width: 800px)');
  const foldSettings = () => { byId('settings').open = !narrow.matches; };
  narrow.addEventListener('change', foldSettings);
  foldSettings();
}
