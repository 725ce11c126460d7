'use strict';
// Below the map: key sectors, key relationships, notes.

// ---------------------------------------------------------------- tabs

function drawTabs() {
  for (const tab of document.querySelectorAll('[role=tab]')) {
    const selected = tab.id === `tab-${state.tab}`;
    tab.setAttribute('aria-selected', String(selected));
    tab.tabIndex = selected ? 0 : -1;
    byId(tab.getAttribute('aria-controls')).hidden = !selected;
  }
}

function startTabs() {
  const tabs = [...document.querySelectorAll('[role=tab]')];
  const select = tab => update({tab: tab.id.replace('tab-', '')});
  tabs.forEach((tab, i) => {
    tab.addEventListener('click', () => select(tab));
    tab.addEventListener('keydown', event => {
      const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
      if (!step) return;
      const next = tabs[(i + step + tabs.length) % tabs.length];
      select(next);
      next.focus();
    });
  });
  onChange(['tab'], drawTabs);
}

// ---------------------------------------------------------------- key sectors

const order = new Map(inOrder.map((sector, i) => [sector.id, i + 1]));
const POSITIONS = Object.keys(POSITION_COLOURS);
const ROLES = Object.keys(ROLE_COLOURS);

const textColumn = (id, sortBy, cell) => ({id, title: () => word(`page.column.${id}`), unit: () => '', help: () => null, sortBy, cell, numeric: id === 'order'});
const measureColumn = ({id, kind}) => ({
  id,
  title: () => word(`measure.${id}`),
  unit: () => unit(kind),
  help: () => word(`measure.${id}.help`),
  sortBy: sector => sector.values[id],
  cell: sector => element('td', {'data-measure': id, 'data-value': sector.values[id] ?? ''}, tableNumber(kind, sector.values[id])),
  numeric: true,
  largestFirst: true,
});

const columns = [
  textColumn('order', sector => order.get(sector.id), sector => element('td', {}, String(order.get(sector.id)))),
  textColumn('name', sector => inLanguage(sector.short), sector => element('th', {scope: 'row', title: inLanguage(sector.name)},
    element('button', {type: 'button'}, dot(sectorColour(sector)), inLanguage(sector.short)))),
  ...study.measures.filter(measure => measure.column).map(measureColumn),
  textColumn('position', sector => POSITIONS.indexOf(sector.position), sector => element('td', {}, word(`position.${sector.position}`))),
  textColumn('roles', sector => ROLES.indexOf(sector.role), sector => element('td', {}, element('span', {class: 'chips'}, roleChips(sector)))),
];

function sortedSectors() {
  const {sortBy} = columns.find(column => column.id === state.sort.column);
  const direction = state.sort.descending ? -1 : 1;
  const missing = value => value === null || value === undefined;
  return [...inOrder].sort((a, b) => {
    const [left, right] = [sortBy(a), sortBy(b)];
    if (missing(left) || missing(right)) return missing(left) - missing(right); // no data stands last either way
    return direction * (typeof left === 'string' ? left.localeCompare(right, state.lang) : left - right);
  });
}

function sortBy(column) {
  const again = state.sort.column === column.id;
  update({sort: {column: column.id, descending: again ? !state.sort.descending : Boolean(column.largestFirst)}});
}

function drawKeySectorHead() {
  byId('key-sectors').tHead.replaceChildren(element('tr', {}, columns.map(column =>
    element('th', {scope: 'col', 'data-column': column.id, class: column.numeric ? 'numeric' : null},
      element('button', {type: 'button', title: column.help(), onclick: () => sortBy(column)}, column.title()),
      element('small', {}, column.unit())))));
}

function drawKeySectorRows() {
  for (const head of byId('key-sectors').querySelectorAll('th[data-column]')) {
    const sorted = head.dataset.column === state.sort.column;
    head.setAttribute('aria-sort', !sorted ? 'none' : state.sort.descending ? 'descending' : 'ascending');
  }
  byId('key-sectors').tBodies[0].replaceChildren(...sortedSectors().map(sector =>
    element('tr', {'data-id': sector.id}, columns.map(column => column.cell(sector)))));
}

function markShownRow() {
  for (const row of byId('key-sectors').tBodies[0].rows) {
    row.setAttribute('aria-current', String(row.dataset.id === shownSector().id));
  }
}

function startKeySectors() {
  byId('key-sectors').tBodies[0].addEventListener('click', event => {
    const row = event.target.closest('tr[data-id]');
    if (row) update({chosen: row.dataset.id});
  });
  onChange(['lang'], drawKeySectorHead);
  onChange(['lang', 'sort', 'colour'], drawKeySectorRows);
  onChange(['lang', 'sort', 'colour', 'chosen'], markShownRow);
}

// ---------------------------------------------------------------- key relationships

const PARTNER_CLASSES = [
  {id: 'high_carbon', title: () => word('role.high_carbon'), roles: ['high_carbon']},
  {id: 'middle', title: () => word('page.relations.middle'), roles: ['high_output', 'high_transmission']},
  {id: 'other', title: () => word('role.other'), roles: ['other']},
];

function partnerCell(relations, {id, roles}, kind) {
  const partners = relations.filter(relation => roles.includes(relation.partner_role)).sort((a, b) => a.rank - b.rank);
  return element('td', {class: `partners ${id}`}, partners.length ? partners.map(({partner, value, share}) =>
    element('button', {type: 'button', title: inLanguage(sectors.get(partner).name), onclick: () => update({chosen: partner})},
      inLanguage(sectors.get(partner).short), element('small', {}, ` ${number(kind, value)} (${percent(share)})`))) : '–');
}

function drawKeyRelations() {
  const {id, kind} = weightOf(study.weight); // relations were found on the study's own weight
  const emitters = inOrder.filter(sector => study.relations.some(relation => relation.sector === sector.id));
  if (!emitters.length) {
    byId('key-relations').replaceChildren(element('p', {class: 'remark'}, word('page.relations.none')));
    return;
  }
  // without emissions, the relations are those of the high-output sectors
  const role = word(`role.${emitters[0].roles.includes('high_carbon') ? 'high_carbon' : 'high_output'}`);
  const directions = [['user', 'page.relations.users'], ['supplier', 'page.relations.suppliers']];
  const head = element('thead', {},
    element('tr', {},
      element('th', {scope: 'col', rowspan: 2}, word('page.relations.sector', {role})),
      directions.map(([, title]) => element('th', {scope: 'colgroup', colspan: 3}, word(title)))),
    element('tr', {}, directions.flatMap(() => PARTNER_CLASSES.map(one => element('th', {scope: 'col', class: one.id}, one.title())))));
  const rows = emitters.map(sector => element('tr', {},
    element('th', {scope: 'row'},
      element('button', {type: 'button', title: inLanguage(sector.name), onclick: () => update({chosen: sector.id})}, dot(ROLE_COLOURS[sector.role]), inLanguage(sector.short)),
      element('small', {}, word(`position.${sector.position}`))),
    directions.flatMap(([direction]) => {
      const relations = study.relations.filter(relation => relation.sector === sector.id && relation.direction === direction);
      return PARTNER_CLASSES.map(one => partnerCell(relations, one, kind));
    })));
  byId('key-relations').replaceChildren(element('table', {},
    element('caption', {}, word('page.relations.caption', {role, weight: word(`weight.${id}`), unit: unit(kind)})), head, element('tbody', {}, rows)));
}

// ---------------------------------------------------------------- notes

function drawNotes() {
  const section = (title, ...content) => element('section', {}, element('h3', {}, word(title)), content);
  const list = texts => element('ul', {}, texts.map(text => element('li', {}, text)));
  const hasCarbon = study.measures.some(measure => measure.kind === 'mass');
  const definitions = [
    ...study.weights.map(({id}) => [word(`weight.${id}`), word(`page.help.${id}`)]),
    ...study.measures.map(({id}) => [word(`measure.${id}`), word(`measure.${id}.help`)]),
  ];
  const thresholds = study.thresholds.map(rule => element('li', {},
    rule.about in ROLE_COLOURS ? element('span', {class: 'chip'}, dot(ROLE_COLOURS[rule.about], 4), word(`role.${rule.about}`)) : '',
    inLanguage(rule)));
  const checks = study.checks.map(check => element('li', {},
    element('span', {class: `chip ${check.severity}`}, word(`page.severity.${check.severity}`)), inLanguage(check.text)));
  byId('notes').replaceChildren(
    element('div', {},
      section('page.read', list(['dots', 'place', 'flows', 'share'].map(part => word(`page.read.${part}`)))),
      section('page.thresholds', element('ul', {class: 'labelled'}, thresholds)),
      section('page.method', list([...study.notes.map(inLanguage), ...(hasCarbon ? [word('page.units.mass')] : [])])),
      section('page.checks', element('ul', {class: 'labelled'}, checks))),
    element('div', {},
      section('page.measures', element('dl', {}, definitions.flatMap(([name, help]) => [element('dt', {}, name), element('dd', {}, help)]))),
      section('page.sources', list(study.sources.map(inLanguage))),
      section('page.made', element('p', {}, study.generator), element('code', {}, study.command))));
}

function startTables() {
  startTabs();
  startKeySectors();
  onChange(['lang'], drawKeyRelations);
  onChange(['lang'], drawNotes);
}
