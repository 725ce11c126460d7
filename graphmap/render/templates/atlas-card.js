'use strict';
// The card of the region chosen: its figures, its key sectors, the way to its page; beside it those of a second region.

const CARD_KEYS = 5;

function changeOf(region, indicator) {
  const known = yearsOf(region).filter(year => !partial(totalsOf(region, year), indicator))
    .map(year => [year, totalsOf(region, year)[indicator]]).filter(([, value]) => value > 0);
  if (known.length < 2) return null;
  const [[from, before], [to, after]] = [known[0], known[known.length - 1]];
  return {from, to, share: after / before - 1};
}

function placeText(region, indicator) {
  const list = ranked(indicator.id);
  const at = list.findIndex(([each]) => each.id === region.id);
  return at < 0 ? '' : word('atlas.place', {place: at + 1, all: list.length});
}

function cardFigures(region) {
  const totals = totalsOf(region.id);
  return study.indicators.filter(({kind}) => kind !== 'name').map(indicator => {
    const value = totals[indicator.id];
    const of = indicator.id === 'largest_share' && totals.largest_emitter !== null ? shortOf(study.sectors[totals.largest_emitter]) : placeText(region, indicator);
    const part = partial(totals, indicator.id) ? coverage(totals, indicator.id) : '';
    return element('div', {class: 'figure'}, element('dt', {}, indicatorName(indicator)),
      element('dd', {}, element('strong', {}, figure(indicator.kind, value)), element('small', {}, part || of)));
  });
}

function cardOf(region, count) {
  const totals = totalsOf(region.id);
  const head = count > 1 ? element('h3', {}, nameOf(region)) : null;
  if (!totals) {
    const known = yearsOf(region.id).map(yearText);
    return element('div', {class: 'one'}, head, element('p', {class: 'remark'}, known.length
      ? word('atlas.card.no_year', {year: yearText(state.year), years: joined(known)}) : word('atlas.card.no_data', {region: nameOf(region)})));
  }
  const shown = study.measures[0];
  const keys = [...figuresOf(region.id).values()].sort((a, b) => a.order - b.order).slice(0, CARD_KEYS);
  return element('div', {class: 'one'}, head,
    element('dl', {class: 'figures'}, cardFigures(region)),
    element(count > 1 ? 'h4' : 'h3', {class: 'small'}, word('atlas.card.key', {measure: measureTitle(shown)})),
    element('ol', {class: 'list'}, keys.map(row => element('li', {},
      element('a', {href: regionPage(region.id, {year: state.year, chosen: row.node})}, shortOf(row.sector)), element('span', {class: 'amount'}, tableNumber(shown.kind, row[shown.id]))))),
    element('p', {}, element('a', {class: 'go', href: regionPage(region.id, {year: state.year})}, word('atlas.card.open', {region: nameOf(region), year: yearText(state.year)}))));
}

function drawCard() {
  const shown = [shownRegion(), state.other].filter(Boolean).map(regionOf);
  byId('region-card').classList.toggle('two', shown.length === 2);
  byId('region-card').replaceChildren(
    element('h2', {}, word(shown.length === 2 ? 'atlas.card.two' : 'atlas.card.one', {one: nameOf(shown[0]), other: shown[1] ? nameOf(shown[1]) : '', year: yearText(state.year)})),
    element('div', {class: 'cards'}, shown.map(each => cardOf(each, shown.length))),
    shown.length === 2 && shown.every(({page}) => page) ? element('p', {}, element('a', {class: 'go', href: `compare.html${fragment()}`}, word('atlas.card.compare'))) : '');
}

function startCard() {
  onChange(['lang', 'theme', 'year', 'region', 'other', 'indicator', 'measure', 'sector', 'sort', 'weight'], drawCard);
}
