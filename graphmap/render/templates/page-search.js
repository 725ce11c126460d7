'use strict';
// The search field: sectors, and regions where there are several, by name in any of the three languages or by pinyin.

const MOST_SUGGESTIONS = 8;
const searchForm = text => text.normalize('NFKC').toLowerCase().replace(/[\s,，、·'’-]+/g, '');
const regionNamed = id => study.regions[regionAt.get(id)]; // the map, the panel and the controls use it too
const initials = pinyin => pinyin.split(/\s+/).map(syllable => syllable[0] ?? '').join('');

const searchable = new Map(study.sectors.map(sector => [sector.id, {
  short: [...Object.values(sector.short), sector.code, sector.pinyin, initials(sector.pinyin)].map(searchForm),
  full: Object.values(sector.name).map(searchForm),
}]));
const searchableRegions = new Map(study.regions.map(({id, name, short}) => [id, [...Object.values(name), ...Object.values(short), id].map(searchForm)]));

const begins = (names, wanted) => names.some(name => name.startsWith(wanted));
const contains = (names, wanted) => names.some(name => name.includes(wanted));

// Whether a sector goes by the query, by its own name or, where there are several, by its region's.
function matches(sector, query) {
  const wanted = searchForm(query);
  const {short, full} = searchable.get(sector.id);
  return contains(short, wanted) || contains(full, wanted) || (severalRegions && contains(searchableRegions.get(sector.region) ?? [], wanted));
}

// The most important sectors of the year come first, and behind them those that only other years have.
const searchOrder = () => [...now.inOrder, ...study.sectors.filter(({id}) => !now.sectors.has(id))];

// Short names that begin with the query come first, then full names that do, then names that contain it anywhere.
function findSectors(query) {
  const wanted = searchForm(query);
  if (!wanted) return [];
  const listed = searchOrder();
  const names = sector => searchable.get(sector.id);
  return [...new Set([
    ...listed.filter(sector => begins(names(sector).short, wanted)),
    ...listed.filter(sector => begins(names(sector).full, wanted)),
    ...listed.filter(sector => matches(sector, query)),
  ])].slice(0, MOST_SUGGESTIONS);
}

function findRegions(query) {
  const wanted = searchForm(query);
  if (!wanted || !severalRegions) return [];
  return study.regions.filter(({id}) => begins(searchableRegions.get(id), wanted)).slice(0, 3);
}

function suggestion(attributes, mark, short, about) {
  return element('li', {role: 'option', ...attributes}, mark, element('span', {}, short), element('small', {}, about));
}

function suggestions(query) {
  const regions = findRegions(query).map(({id, short, name}) =>
    suggestion({'data-region': id}, element('span', {class: 'tile-mark', 'aria-hidden': 'true'}), inLanguage(short), `${inLanguage(name)} · ${word('page.regions.one')}`));
  const sectors = findSectors(query).map(sector => {
    const present = now.sectors.get(sector.id);
    const about = [inLanguage(sector.name), severalRegions && inLanguage(regionNamed(sector.region).name)];
    return suggestion({'data-id': sector.id}, dot(present ? sectorColour(present) : token('edge')), inLanguage(sector.short), about.filter(Boolean).join(' · '));
  });
  const found = [...regions, ...sectors].slice(0, MOST_SUGGESTIONS);
  found.forEach((option, i) => option.setAttribute('id', `suggestion-${i}`));
  return found;
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
  const choose = option => {
    const {id, region} = option?.dataset ?? {};
    if (!id && !region) return;
    input.value = '';
    close();
    if (id) update({chosen: id});
    else unfold(region);
  };
  const markActive = () => {
    const options = [...list.querySelectorAll('[id]')];
    options.forEach((option, i) => option.setAttribute('aria-selected', String(i === active)));
    if (options[active]) input.setAttribute('aria-activedescendant', options[active].id);
    else input.removeAttribute('aria-activedescendant');
    options[active]?.scrollIntoView({block: 'nearest'});
  };
  const open = () => {
    const found = suggestions(input.value);
    active = 0;
    list.replaceChildren(...(found.length ? found : [element('li', {role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false'}, word('page.search.none'))]));
    list.hidden = !searchForm(input.value);
    input.setAttribute('aria-expanded', String(!list.hidden));
    if (!list.hidden) markActive();
  };
  const move = step => {
    active = Math.min(Math.max(active + step, 0), list.children.length - 1);
    markActive();
  };
  const keys = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => choose(list.children[active]),
    Escape: () => { input.value = ''; close(); },
  };

  input.addEventListener('input', open);
  input.addEventListener('focus', open);
  input.addEventListener('blur', close);
  input.addEventListener('keydown', event => {
    if (list.hidden || !(event.key in keys) || event.isComposing) return; // Enter also ends the typing of pinyin
    event.preventDefault();
    keys[event.key]();
  });
  // mousedown, because a click would first take the focus from the field and close the list
  list.addEventListener('mousedown', event => {
    event.preventDefault();
    choose(event.target.closest('li'));
  });
  document.addEventListener('keydown', event => {
    const typing = event.target.closest('input, select, textarea, [contenteditable]');
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    input.focus();
  });
}
