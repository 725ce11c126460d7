'use strict';
// The address of a view: what a reader has changed stands in the URL's fragment, so that a view can be linked and embedded.
// ?embed=1 shows the map and its legend only. The theme follows the system until the reader chooses one.

const EMBEDDED = new URLSearchParams(location.search).get('embed') === '1';

const sectorIds = () => study.sectors.map(sector => sector.id);
const regionIds = () => study.regions.map(({id}) => id);
const rounded = value => String(Math.round(value * 100) / 100);

// How each part of the state is written; read() gives undefined for what this page does not know, which is passed over.
const ADDRESSED = {
  lang: oneOf(() => study.languages),
  theme: oneOf(() => ['light', 'dark']),
  year: {
    read: value => { const at = study.periods.findIndex(({year}) => String(year) === value); return at < 0 ? undefined : at; },
    write: value => String(study.periods[value].year),
  },
  weight: oneOf(() => study.weights.map(({id}) => id)),
  size: oneOf(() => study.measures.filter(measure => measure.size).map(({id}) => id)),
  colour: oneOf(() => colourChoices),
  layout: oneOf(() => Object.keys(study.layouts)),
  keep: {read: value => (Number(value) > 0 && Number(value) <= 100 ? Number(value) / 100 : undefined), write: value => String(Number((value * 100).toPrecision(6)))},
  loops: {read: value => value === '1', write: () => '1'},
  chosen: oneOf(sectorIds),
  steps: {read: value => (['0', '1', '2'].includes(value) ? Number(value) : undefined), write: String},
  role: oneOf(() => ROLES),
  group: oneOf(() => groupIds),
  community: {
    read: value => (/^\d+$/.test(value) && study.periods.some(({communities}) => Number(value) < communities.length) ? Number(value) : undefined),
    write: String,
  },
  unfolded: {
    read: value => (value === 'all' ? regionIds() : value === 'none' ? [] : value.split(',').filter(id => regionIds().includes(id))),
    write: value => (value.length === 0 ? 'none' : value.length === study.regions.length ? 'all' : value.join(',')),
  },
  pair: {read: value => { const pair = value.split(','); return pair.length === 2 && pair[0] !== pair[1] && pair.every(id => regionIds().includes(id)) ? pair : undefined; }, write: value => value.join(',')},
  pins: {
    read: value => Object.fromEntries(value.split(';').map(pin => pin.split(','))
      .map(([id, ...place]) => [id, finite(place, 2)]).filter(([id, place]) => place && sectorIds().includes(id))),
    write: value => Object.entries(value).map(([id, [x, y]]) => `${id},${rounded(x)},${rounded(y)}`).join(';'),
  },
  view: {read: value => { const view = finite(value.split(','), 3); return view && view[2] > 0 ? view : undefined; }, write: ([x, y, scale]) => `${rounded(x)},${rounded(y)},${Number(scale.toPrecision(5))}`},
  tab: oneOf(() => [...document.querySelectorAll('[role=tab]')].map(tab => tab.id.replace('tab-', ''))),
  sort: sorting,
  sankey: oneOf(() => ['flows', 'sector', 'paths']),
};

function startAddress() {
  document.documentElement.classList.toggle('embedded', EMBEDDED);
  startTheme();
  Object.assign(state, addressed());
  showPeriod();
  onChange(Object.keys(ADDRESSED), writeAddress);
  addEventListener('hashchange', () => update({...FIRST_STATE, ...addressed()}));
}
