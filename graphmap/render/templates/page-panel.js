'use strict';
// Right of the map: what the study knows about one sector.

// Of how many a rank is: those without a figure have none.
const counted = measure => now.inOrder.filter(sector => measure in sector.ranks).length;
const tileMeasures = study.measures.filter(measure => measure.column);
const TRENDS = ['direct_co2', 'gross_output'];

// ---------------------------------------------------------------- figures

function tile(sector, {id, kind}) {
  const value = sector.values[id] ?? null;
  const rank = sector.ranks[id];
  const [before, after] = value === null ? ['', ''] : figurePattern(kind).split('{n}');
  return element('div', {class: 'tile', 'data-measure': id, 'data-value': value ?? '', title: word(`measure.${id}.help`)},
    element('p', {}, before, element('strong', {}, number(kind, value)), after),
    element('p', {class: 'caption'}, element('span', {}, word(`measure.${id}`)), rank && element('span', {class: 'rank'}, word('page.rank', {rank: rank.toLocaleString('en'), count: counted(id).toLocaleString('en')}))));
}

function robustness(sector) {
  if (!sector.robust) return null;
  const [low, high] = sector.robust;
  return element('p', {class: 'remark robust'}, low === high ? word('page.robust.one', {rank: low}) : word('page.robust', {low, high}));
}

// ---------------------------------------------------------------- partners

// One bar a partner, in the colour of whoever supplies, as on the map.
function bars(sector, direction) {
  const partners = now.partners(sector, direction);
  const {kind} = weightOf(state.weight);
  if (!partners.length) return element('p', {class: 'remark'}, word('page.flows.none'));
  const largest = Math.max(...partners.map(({value}) => value));
  return element('ol', {class: 'bars'}, partners.map(({id, value, share}) => {
    const partner = now.sectors.get(id);
    const colour = sectorColour(direction === 'users' ? sector : partner);
    const name = partner === sector ? word('page.itself') : inLanguage(partner.short);
    return element('li', {},
      element('button', {type: 'button', disabled: partner === sector, title: inLanguage(partner.name), onclick: () => update({chosen: id})}, name),
      element('span', {class: 'bar', style: `--share:${largest ? value / largest : 0};--colour:${colour}`}),
      element('span', {class: 'amount'}, number(kind, value), (share ?? null) !== null && element('small', {}, percent(share))));
  }));
}

// ---------------------------------------------------------------- years

// The values of one measure of a sector, a year each; null where the year lacks the sector or the measure.
function valuesByYear(id, measure) {
  return study.periods.map(period => {
    const known = period.sectors.find(({at}) => study.sectors[at].id === id);
    return {year: String(period.year ?? ''), value: known?.values[measure] ?? null};
  });
}

// A line from the first year to the last over a scale that begins at nothing; years without a value break it.
function trend(id, measure) {
  const {kind} = measureOf(measure);
  const values = valuesByYear(id, measure);
  const most = Math.max(...values.map(({value}) => value ?? 0));
  if (!(most > 0) || values.filter(({value}) => value !== null).length < 2) return null;
  const [width, height, edge, head] = [252, 44, 22, 16];
  const x = i => edge + (width - 2 * edge) * i / (values.length - 1);
  const y = value => head + height * (1 - Math.max(value, 0) / most);
  const line = values.reduce((path, {value}, i) => path + (value === null ? '' : `${i && values[i - 1].value !== null ? 'L' : 'M'}${x(i)},${y(value)}`), '');
  const named = i => i === 0 || i === values.length - 1 || i === state.year;
  const crowded = i => i !== state.year && Math.abs(x(i) - x(state.year)) < 44;
  const title = withUnit(word(`measure.${measure}`), kind);
  const spoken = values.map(({year, value}) => `${year} ${number(kind, value)}`).join(state.lang === 'en' ? ', ' : '，');
  return element('figure', {class: 'trend', 'data-trend': measure},
    element('figcaption', {}, title),
    svg('svg', {viewBox: `0 0 ${width} ${head + height + 18}`, role: 'img', 'aria-label': `${title}: ${spoken}`},
      svg('line', {x1: edge, x2: width - edge, y1: head + height, y2: head + height, class: 'base'}),
      svg('path', {d: line}),
      values.map(({year, value}, i) => [
        value !== null && svg('circle', {cx: x(i), cy: y(value), r: i === state.year ? 4 : 2, class: i === state.year ? 'shown' : null}),
        value !== null && named(i) && !crowded(i) && svg('text', {x: x(i), y: y(value) - 7, class: i === state.year ? 'shown' : null}, number(kind, value)),
        named(i) && !crowded(i) && svg('text', {x: x(i), y: head + height + 14, class: i === state.year ? 'year shown' : 'year'}, year),
      ])));
}

function trends(id) {
  if (study.periods.length < 2) return [];
  const drawn = TRENDS.filter(measureOf).map(measure => trend(id, measure)).filter(Boolean);
  return drawn.length ? [element('h3', {}, word('page.trend')), ...drawn] : [];
}

// ---------------------------------------------------------------- the whole

function aboutSector(sector) {
  const region = regionNamed(sector.region);
  const about = [`${sector.code} ${inLanguage(sector.name)}`, region && inLanguage(region.name), sector.position && word(`position.${sector.position}`)];
  return element('p', {class: 'about'}, about.filter(Boolean).join(' · '));
}

function sectorPanel(sector, heading) {
  const {kind} = weightOf(state.weight);
  return [
    element('div', {class: 'chips named'}, heading, roleChips(sector)),
    aboutSector(sector),
    element('div', {class: 'tiles'}, tileMeasures.map(measure => tile(sector, measure))),
    robustness(sector),
    ['users', 'suppliers'].flatMap(direction => [
      element('h3', {}, word(`page.${direction}.${kind}`, {unit: unit(kind)})),
      bars(sector, direction),
    ]),
    trends(sector.id),
    sector.levers.length > 0 && [
      element('h3', {}, word('page.levers')),
      element('ul', {class: 'levers'}, sector.levers.map(lever => element('li', {}, inLanguage(lever)))),
    ],
  ];
}

function absentPanel(sector, heading) {
  return [
    element('div', {class: 'chips named'}, heading),
    aboutSector(sector),
    element('p', {class: 'absent'}, word('page.absent', {year: String(now.year ?? '')})),
    trends(sector.id),
  ];
}

function drawPanel() {
  const absent = state.chosen && !now.sectors.has(state.chosen) && study.sectors.find(({id}) => id === state.chosen);
  const sector = absent || shownSector();
  const hadFocus = byId('panel').contains(document.activeElement);
  const heading = element('h2', {tabindex: '-1'}, inLanguage(sector.short));
  const parts = absent ? absentPanel(sector, heading) : sectorPanel(sector, heading);
  byId('panel').replaceChildren(...parts.flat(2).filter(part => part));
  byId('panel').scrollTop = 0;
  if (hadFocus) heading.focus(); // the button that was pressed has just been replaced
}

function startPanel() {
  onChange(['lang', 'theme', 'year', 'chosen', 'weight', 'colour'], drawPanel);
}
