'use strict';
// Right of the map: what the study knows about one sector.

const tileMeasures = study.measures.filter(measure => measure.column);

function tile(sector, {id, kind}) {
  const value = sector.values[id] ?? null;
  const rank = sector.ranks[id];
  const [before, after] = value === null ? ['', ''] : figurePattern(kind).split('{n}');
  return element('div', {class: 'tile', 'data-measure': id, 'data-value': value ?? '', title: word(`measure.${id}.help`)},
    element('p', {}, before, element('strong', {}, number(kind, value)), after),
    element('p', {class: 'caption'}, element('span', {}, word(`measure.${id}`)), rank ? element('span', {}, word('page.rank', {rank})) : ''));
}

// One bar a partner, in the colour of whoever supplies, as on the map.
function bars(sector, partners, direction) {
  const {kind} = weightOf(state.weight);
  if (!partners?.length) return element('p', {class: 'remark'}, word('page.flows.none'));
  const largest = Math.max(...partners.map(([, value]) => value));
  return element('ol', {class: 'bars'}, partners.map(([id, value, share]) => {
    const partner = sectors.get(id);
    const colour = sectorColour(direction === 'users' ? sector : partner);
    const name = partner === sector ? word('page.itself') : inLanguage(partner.short);
    return element('li', {},
      element('button', {type: 'button', disabled: partner === sector, title: inLanguage(partner.name), onclick: () => update({chosen: id})}, name),
      element('span', {class: 'bar', style: `--share:${largest ? value / largest : 0};--colour:${colour}`}),
      element('span', {class: 'amount'}, number(kind, value), element('small', {}, percent(share))));
  }));
}

function drawPanel() {
  const sector = shownSector();
  const {kind} = weightOf(state.weight);
  const region = study.regions.find(({id}) => id === sector.region);
  const hadFocus = byId('panel').contains(document.activeElement);
  const heading = element('h2', {tabindex: '-1'}, inLanguage(sector.short));
  const about = [`${sector.code} ${inLanguage(sector.name)}`, region && inLanguage(region.name), word(`position.${sector.position}`)];
  byId('panel').replaceChildren(
    element('div', {class: 'chips named'}, heading, roleChips(sector)),
    element('p', {class: 'about'}, about.filter(Boolean).join(' · ')),
    element('div', {class: 'tiles'}, tileMeasures.map(measure => tile(sector, measure))),
    ...['users', 'suppliers'].flatMap(direction => [
      element('h3', {}, word(`page.${direction}.${kind}`, {unit: unit(kind)})),
      bars(sector, sector[direction][state.weight], direction),
    ]),
    ...(sector.levers.length ? [
      element('h3', {}, word('page.levers')),
      element('ul', {class: 'levers'}, sector.levers.map(lever => element('li', {}, inLanguage(lever)))),
    ] : []));
  byId('panel').scrollTop = 0;
  if (hadFocus) heading.focus(); // the button that was pressed has just been replaced
}

function startPanel() {
  onChange(['lang', 'chosen', 'weight', 'colour'], drawPanel);
}
