'use strict';
// The tile map: every region a tile of the same size, coloured by an indicator; its legend, its years, its headline.

const WIDE_SCALE = 20; // where the largest is so many times the smallest, colours go by the square root
const PLAY_EVERY = 1200; // milliseconds
const TIED = 10; // colours of key sectors; the others share a grey

// Rows and columns on the map, cut to what is there. Regions without a place on it stand under it, or alone on a plain grid.
function tilePlaces() {
  const placed = study.regions.filter(({tile}) => tile);
  const others = study.regions.filter(({tile}) => !tile);
  const [columns, rows] = [0, 1].map(k => placed.map(({tile}) => tile[k]));
  const [top, left] = [Math.min(...rows, 99), Math.min(...columns, 99)];
  const width = placed.length ? Math.max(...columns) - left + 1 : Math.ceil(Math.sqrt(others.length));
  const under = placed.length ? Math.max(...rows) - top + 1 : 0;
  const places = new Map(placed.map(({id, tile}) => [id, [tile[1] - top, tile[0] - left]]));
  others.forEach(({id}, i) => places.set(id, [under + Math.floor(i / width), i % width]));
  return {places, width};
}

// The same scale in every year, so that a colour means one thing.
function scaleOf(indicator) {
  const values = years.flatMap(year => ranked(indicator, year)).map(([, value]) => value).filter(value => value > 0);
  if (!values.length) return null;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const root = high / low >= WIDE_SCALE;
  const at = value => (root ? Math.sqrt(Math.max(value, 0)) : value);
  return {low, high, root, place: value => (high > low ? Math.min(1, Math.max(0, (at(value) - at(low)) / (at(high) - at(low)))) : 0.5)};
}

// Key sectors in all years, the most frequent first: each has a colour of its own.
function keySectors() {
  const counts = new Map();
  for (const of of Object.values(study.totals)) for (const {key_sector: at} of Object.values(of)) counts.set(at, (counts.get(at) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([at]) => at);
}
const keyColour = (keys, at) => (keys.indexOf(at) < TIED ? category(keys.indexOf(at)) : token('role-other'));

// Black or white, whichever can be read on a colour.
function inkOn(colour) {
  const channels = colour.startsWith('#') ? colour.match(/\w\w/g).map(hex => parseInt(hex, 16)) : colour.match(/\d+/g).map(Number);
  const [r, g, b] = channels.map(value => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? 'on-light' : 'on-dark';
}

function tileLook(region, indicator, scale, keys) {
  const totals = totalsOf(region.id);
  if (!totals) return {text: word(region.page ? 'atlas.no_year' : 'atlas.no_data'), state: 'none'};
  const value = totals[indicator.id];
  if (value === null || value === undefined) return {text: word('atlas.no_figure'), state: 'none'};
  if (indicator.kind === 'name') return {text: shortOf(study.sectors[value]), state: 'named', colour: keyColour(keys, value)};
  if (partial(totals, indicator.id)) return {text: `${number(indicator.kind, value)}*`, state: 'part'};
  return {text: number(indicator.kind, value) + (indicator.kind === 'share' ? '\u00a0%' : ''), state: 'full', colour: rampColour(scale.place(value))};
}

function drawTiles() {
  const indicator = indicatorOf(state.indicator);
  const scale = indicator.kind === 'name' ? null : scaleOf(indicator.id);
  const keys = keySectors();
  for (const region of study.regions) {
    const tile = document.querySelector(`.tile[data-region="${CSS.escape(region.id)}"]`);
    const look = tileLook(region, indicator, scale, keys);
    tile.className = `tile ${look.state} ${look.colour ? inkOn(look.colour) : ''}`;
    tile.style.setProperty('--colour', look.colour ?? 'transparent');
    tile.setAttribute('aria-pressed', String(isShown(region.id)));
    tile.querySelector('.long').textContent = nameOf(region);
    tile.querySelector('.brief').textContent = state.lang === 'en' && region.tile ? shortOf(region) : nameOf(region);
    tile.querySelector('.value').textContent = look.text;
    tile.querySelector('.spoken').textContent = ['full', 'part'].includes(look.state) && indicator.kind !== 'share' ? unit(indicator.kind) : '';
    tile.title = look.state === 'part' ? `${nameOf(region)} · ${coverage(totalsOf(region.id), indicator.id)}` : nameOf(region);
  }
  drawLegend(indicator, scale, keys);
  byId('headline').textContent = headline(indicator);
}

const coverage = (totals, indicator) => word(unknownIn(totals, indicator) > MOST_UNKNOWN ? 'atlas.coverage.unknown' : 'atlas.coverage', {
  counted: counted(totals, indicator), sectors: totals.sectors, share: percent(unknownIn(totals, indicator)),
});

// What stands out, in one sentence computed from the figures.
function headline(indicator) {
  const year = yearText(state.year);
  const name = indicatorName(indicator);
  if (indicator.kind === 'name') {
    const all = study.regions.map(({id}) => totalsOf(id)?.key_sector).filter(at => at !== undefined && at !== null);
    const counts = all.reduce((found, at) => found.set(at, (found.get(at) ?? 0) + 1), new Map());
    const [at, count] = [...counts].sort((a, b) => b[1] - a[1])[0] ?? [];
    return at === undefined ? `${name}, ${year}` : word('atlas.headline.key', {year, sector: shortOf(study.sectors[at]), count, all: all.length});
  }
  const list = ranked(indicator.id).filter(([, value]) => value > 0);
  if (!list.length) return word('atlas.headline.none', {indicator: name, year});
  const [[high, most], [low, least]] = [list[0], list[list.length - 1]];
  const values = {indicator: name, year, high: nameOf(high), low: nameOf(low), most: figure(indicator.kind, most), least: figure(indicator.kind, least)};
  if (list.length === 1) return word('atlas.headline.one', values);
  const times = most / least;
  return word('atlas.headline', {...values, times: times >= 10 ? Math.round(times).toLocaleString('en') : times.toFixed(1)});
}

// ---------------------------------------------------------------- legend

function drawLegend(indicator, scale, keys) {
  const shown = study.regions.map(region => tileLook(region, indicator, scale, keys).state);
  const remarks = [
    shown.includes('none') ? element('li', {}, element('span', {class: 'swatch none', 'aria-hidden': 'true'}), word('atlas.legend.none')) : null,
    shown.includes('part') ? element('li', {}, element('span', {class: 'swatch part', 'aria-hidden': 'true'}), word('atlas.legend.part')) : null,
  ];
  if (indicator.kind === 'name') {
    const now = new Set(study.regions.map(({id}) => totalsOf(id)?.key_sector));
    byId('legend').replaceChildren(element('ul', {class: 'keys'},
      keys.filter(at => now.has(at)).map(at => element('li', {}, dot(keyColour(keys, at), 6), shortOf(study.sectors[at]))), remarks));
    return;
  }
  const stops = ramp().join(',');
  byId('legend').replaceChildren(...[
    scale ? element('div', {class: 'ramp'},
      element('span', {}, number(indicator.kind, scale.low)),
      element('span', {class: 'gradient', style: `background:linear-gradient(90deg,${stops})`, 'aria-hidden': 'true'}),
      element('span', {}, `${number(indicator.kind, scale.high)} ${unit(indicator.kind)}`),
      element('small', {}, word(scale.root ? 'atlas.legend.root' : 'atlas.legend.linear', {indicator: indicatorName(indicator)}))) : null,
    element('ul', {class: 'keys'}, remarks)].filter(Boolean));
}

// ---------------------------------------------------------------- choices

// The first region chosen stands in the card, the second beside it; a third takes the place of the second.
function clickTile(id) {
  if (id === state.region) update({region: state.other, other: null});
  else if (id === state.other) update({other: null});
  else if (state.region === null || !regionOf(id).page || !regionOf(state.region).page) update({region: id, other: null});
  else update({other: id});
}

let playing = 0;
function stopPlaying() {
  clearInterval(playing);
  playing = 0;
  drawYear();
}

function play() {
  if (playing) return stopPlaying();
  const last = years.length - 1;
  if (years.indexOf(state.year) === last) update({year: years[0]});
  playing = setInterval(() => {
    update({year: years[Math.min(years.indexOf(state.year) + 1, last)]});
    if (years.indexOf(state.year) === last) stopPlaying();
  }, PLAY_EVERY);
  return drawYear();
}

function drawYear() {
  const slider = byId('year');
  slider.value = years.indexOf(state.year);
  slider.setAttribute('aria-valuetext', yearText(state.year));
  byId('year-text').textContent = yearText(state.year);
  byId('play').textContent = playing ? '❚❚' : '▶';
  byId('play').setAttribute('aria-label', word(playing ? 'atlas.pause' : 'atlas.play'));
}

function drawIndicators() {
  byId('indicators').replaceChildren(...study.indicators.map(indicator => element('button', {
    type: 'button', 'data-indicator': indicator.id, 'aria-pressed': String(indicator.id === state.indicator),
    onclick: () => { update({indicator: indicator.id, sort: null}); document.querySelector(`[data-indicator="${indicator.id}"]`).focus(); },
  }, indicatorTitle(indicator))));
}

function startTiles() {
  const {places, width} = tilePlaces();
  byId('tiles').style.setProperty('--columns', width);
  byId('tiles').append(...[...study.regions].sort((a, b) => places.get(a.id)[0] - places.get(b.id)[0] || places.get(a.id)[1] - places.get(b.id)[1])
    .map(({id}) => element('button', {
      type: 'button', class: 'tile', 'data-region': id, style: `grid-area:${places.get(id)[0] + 1}/${places.get(id)[1] + 1}`, onclick: () => clickTile(id),
    }, element('span', {class: 'long'}), element('span', {class: 'brief'}), element('span', {class: 'value'}), element('span', {class: 'spoken'}))));
  byId('years').hidden = years.length < 2;
  byId('year').max = years.length - 1;
  byId('year').addEventListener('input', event => { if (playing) stopPlaying(); update({year: years[Number(event.target.value)]}); });
  byId('play').addEventListener('click', play);
  onChange(['lang', 'indicator'], drawIndicators);
  onChange(['lang', 'year'], drawYear);
  onChange(['lang', 'theme', 'indicator', 'year', 'region', 'other'], drawTiles);
}
