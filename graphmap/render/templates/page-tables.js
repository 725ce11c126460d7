'use strict';
// Below the map: the tabs, and the table of key sectors, which is the map in words and figures.

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
  const nextTab = {
    ArrowRight: i => tabs[(i + 1) % tabs.length],
    ArrowLeft: i => tabs[(i - 1 + tabs.length) % tabs.length],
    Home: () => tabs[0],
    End: () => tabs.at(-1),
  };
  tabs.forEach((tab, i) => {
    tab.addEventListener('click', () => select(tab));
    tab.addEventListener('keydown', event => {
      const next = nextTab[event.key]?.(i);
      if (!next) return;
      event.preventDefault();
      select(next);
      next.focus();
    });
  });
  onChange(['tab'], drawTabs);
}

// What is hidden is not drawn; it is as soon as its tab is opened.
const onTab = (tab, dependsOn, draw) => onChange([...dependsOn, 'tab'], () => { if (state.tab === tab) draw(); });

// ---------------------------------------------------------------- key sectors: columns

const regionName = sector => { const found = study.regions.find(({id}) => id === sector.region); return found ? inLanguage(found.name) : ''; };
// Short names say the region where there are several; names in full do not.
const nameOf = sector => inLanguage(sector.short);
const fullNameOf = sector => (severalRegions ? `${regionName(sector)} · ${inLanguage(sector.name)}` : inLanguage(sector.name));

const WITH_BARS = ['direct_co2', 'footprint'];
const largestOf = id => now.inOrder.reduce((largest, sector) => Math.max(largest, sector.values[id] ?? 0), 0);

const textColumn = (id, value, cell) => ({id, title: () => word(`page.column.${id}`), unit: () => '', help: () => null, value, plain: value, cell, numeric: id === 'order'});

function measureColumn({id, kind}) {
  const bar = (sector, largest) => (largest > 0 && sector.values[id] > 0 ? `--bar:${(100 * sector.values[id] / largest).toFixed(1)}%` : null);
  return {
    id,
    title: () => word(`measure.${id}`),
    unit: () => unit(kind),
    help: () => word(`measure.${id}.help`),
    value: sector => sector.values[id],
    plain: sector => plainNumber(kind, sector.values[id]),
    largest: () => (WITH_BARS.includes(id) ? largestOf(id) : 0),
    cell: (sector, largest) => element('td', {'data-measure': id, 'data-value': sector.values[id] ?? '', style: bar(sector, largest)}, tableNumber(kind, sector.values[id])),
    numeric: true,
    largestFirst: true,
  };
}

const rankInterval = ([low, high]) => (low === high ? String(low) : `${low}–${high}`);

const COLUMNS = [
  textColumn('order', sector => now.order.get(sector.id), sector => element('td', {}, String(now.order.get(sector.id)))),
  ...(severalRegions ? [textColumn('region', regionName, sector => element('td', {}, regionName(sector)))] : []),
  textColumn('name', sector => inLanguage(sector.short), sector => element('th', {scope: 'row', title: inLanguage(sector.name)},
    element('button', {type: 'button'}, dot(sectorColour(sector)), inLanguage(sector.short)))),
  ...study.measures.filter(measure => measure.column).map(measureColumn),
  {...textColumn('position', sector => POSITIONS.indexOf(sector.position), sector => element('td', {}, word(`position.${sector.position}`))),
    plain: sector => word(`position.${sector.position}`)},
  {...textColumn('roles', sector => ROLES.indexOf(sector.role), sector => element('td', {}, element('span', {class: 'chips'}, roleChips(sector)))),
    plain: sector => sector.roles.map(role => word(`role.${role}`)).join(state.lang === 'en' ? ', ' : '、')},
  {...textColumn('robust', sector => sector.robust?.[0], sector => element('td', {class: 'robust'}, sector.robust ? rankInterval(sector.robust) : '–')),
    plain: sector => (sector.robust ? rankInterval(sector.robust) : ''), numeric: true, needed: () => now.inOrder.some(sector => sector.robust)},
];
const columnsShown = () => COLUMNS.filter(column => column.needed?.() ?? true);

// ---------------------------------------------------------------- key sectors: rows

const FIRST_ROWS = 200; // a thousand rows take longer to draw than a reader waits
let allRows = false;

function rowsWanted() {
  const query = byId('filter-sectors').value.trim();
  const {value} = COLUMNS.find(column => column.id === state.sort.column) ?? COLUMNS[0]; // an address may name a column of another page
  const direction = state.sort.descending ? -1 : 1;
  const missing = found => found === null || found === undefined;
  const keyed = now.inOrder.filter(sector => passesFilters(sector) && (!query || matches(sector, query))).map(sector => [value(sector), sector]);
  const names = new Intl.Collator(state.lang);
  keyed.sort(([left], [right]) => {
    if (missing(left) || missing(right)) return missing(left) - missing(right); // no data stands last either way
    return direction * (typeof left === 'string' ? names.compare(left, right) : left - right);
  });
  return keyed.map(([, sector]) => sector);
}

function sortBy(column) {
  const again = state.sort.column === column.id;
  update({sort: {column: column.id, descending: again ? !state.sort.descending : Boolean(column.largestFirst)}});
}

function drawKeySectorHead() {
  byId('key-sectors').tHead.replaceChildren(element('tr', {}, columnsShown().map(column =>
    element('th', {scope: 'col', 'data-column': column.id, class: column.numeric ? 'numeric' : null},
      element('button', {type: 'button', title: column.help(), onclick: () => sortBy(column)}, column.title()),
      element('small', {}, column.unit())))));
}

function drawKeySectorRows() {
  for (const head of byId('key-sectors').querySelectorAll('th[data-column]')) {
    const sorted = head.dataset.column === state.sort.column;
    head.setAttribute('aria-sort', !sorted ? 'none' : state.sort.descending ? 'descending' : 'ascending');
  }
  const wanted = rowsWanted();
  const drawn = allRows ? wanted : wanted.slice(0, FIRST_ROWS);
  const columns = columnsShown().map(column => ({...column, most: column.largest?.()}));
  const shown = shownSector();
  byId('key-sectors').tBodies[0].replaceChildren(...drawn.map(sector =>
    element('tr', {'data-id': sector.id, 'aria-current': String(sector === shown)}, columns.map(column => column.cell(sector, column.most)))));
  const [count, of] = [wanted.length, now.inOrder.length].map(many => many.toLocaleString('en'));
  byId('sector-count').textContent = word(wanted.length < now.inOrder.length ? 'page.sectors.some' : 'page.sectors.all', {count, of});
  const more = byId('more-sectors');
  more.hidden = drawn.length === wanted.length;
  more.textContent = word('page.sectors.more', {count});
}

function markShownRow() {
  const shown = shownSector().id;
  for (const row of byId('key-sectors').tBodies[0].rows) row.setAttribute('aria-current', String(row.dataset.id === shown));
}

// The rows as they stand, all of them, with the names in full and units in the headings.
function keySectorRows() {
  const columns = columnsShown();
  const heading = column => { const shown = column.unit(); return shown ? withBrackets(column.title(), shown) : column.title(); };
  return [
    [word('page.column.id'), ...columns.map(heading)],
    ...rowsWanted().map(sector => [sector.id, ...columns.map(column => (column.id === 'name' ? inLanguage(sector.name) : column.plain(sector)))]),
  ];
}
const withBrackets = (name, inside) => (state.lang === 'en' ? `${name} (${inside})` : `${name}（${inside}）`);

function startKeySectors() {
  const redraw = () => { allRows = false; drawKeySectorRows(); };
  byId('page-key-sectors').append(
    element('div', {class: 'toolbar'},
      element('input', {type: 'search', id: 'filter-sectors', autocomplete: 'off', spellcheck: 'false', 'data-word-aria-label': 'page.filter', 'data-word-placeholder': 'page.filter', oninput: redraw}),
      element('p', {id: 'sector-count', role: 'status'}),
      element('span', {class: 'toolbar-end'}, tableButtons('key-sectors', () => word('page.key_sectors'), keySectorRows))),
    element('div', {class: 'wide'}, element('table', {id: 'key-sectors', 'data-word-aria-label': 'page.key_sectors'}, element('thead'), element('tbody'))),
    element('button', {type: 'button', id: 'more-sectors', class: 'plain', hidden: true, onclick: () => { allRows = true; drawKeySectorRows(); }}));
  byId('key-sectors').tBodies[0].addEventListener('click', event => {
    const row = event.target.closest('tr[data-id]');
    if (row) update({chosen: row.dataset.id});
  });
  onChange(['lang', 'year'], drawKeySectorHead);
  onChange(['lang', 'year', 'sort', 'colour', 'theme', 'role', 'group', 'community'], drawKeySectorRows);
  onChange(['chosen'], markShownRow);
}

function startTables() {
  startTabs();
  startKeySectors();
}
