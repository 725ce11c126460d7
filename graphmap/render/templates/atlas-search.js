'use strict';
// Search over everything: regions and sectors, by their names in three languages, short names, codes and pinyin.

const MOST_SUGGESTED = 10;
const plainly = text => text.normalize('NFKC').toLowerCase();
const spellings = each => [...Object.values(each.name), ...Object.values(each.short), each.id, each.pinyin, each.pinyin.replaceAll(' ', ''),
  each.pinyin.split(' ').map(syllable => syllable[0] ?? '').join('')].map(plainly);
let searched; // [kind, what, its spellings]

// Those whose name begins with the query stand first, regions before sectors.
function found(query) {
  const wanted = plainly(query.trim());
  if (!wanted) return [];
  searched ??= [...study.regions.map(each => ['region', each, spellings(each)]), ...study.sectors.map(each => ['sector', each, spellings(each)])];
  const rank = texts => (texts.some(text => text.startsWith(wanted)) ? 0 : texts.some(text => text.includes(wanted)) ? 1 : 2);
  return searched.map(([kind, each, texts]) => ({kind, each, rank: rank(texts)})).filter(({rank: place}) => place < 2)
    .sort((a, b) => a.rank - b.rank).slice(0, MOST_SUGGESTED);
}

function startAtlasSearch() {
  const [box, list] = [byId('search'), byId('suggestions')];
  let shown = [];
  let at = -1;

  function close() {
    list.hidden = true;
    box.setAttribute('aria-expanded', 'false');
    box.removeAttribute('aria-activedescendant');
  }

  function mark(place) {
    at = place;
    [...list.children].forEach((option, i) => option.setAttribute('aria-selected', String(i === at)));
    if (at >= 0) box.setAttribute('aria-activedescendant', `suggestion-${at}`);
    else box.removeAttribute('aria-activedescendant');
  }

  function choose({kind, each}) {
    box.value = '';
    close();
    if (kind === 'sector') return chooseSector(each.id);
    return chooseRegion(each.id);
  }

  function suggest() {
    shown = found(box.value);
    const about = ({kind, each}) => (kind === 'region' && !each.page ? word('atlas.no_data') : word(`atlas.kind.${kind}`));
    list.replaceChildren(...(shown.length ? shown.map((one, i) => element('li', {
      id: `suggestion-${i}`, role: 'option', 'aria-selected': 'false', onpointerdown: event => { event.preventDefault(); choose(one); },
    }, element('span', {}, nameOf(one.each)), element('small', {}, about(one)))) : [element('li', {role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false'}, word('atlas.search.none'))]));
    list.hidden = !box.value.trim();
    box.setAttribute('aria-expanded', String(!list.hidden));
    mark(shown.length ? 0 : -1);
  }

  box.addEventListener('input', suggest);
  box.addEventListener('focus', () => { if (box.value.trim()) suggest(); });
  box.addEventListener('blur', close);
  box.addEventListener('keydown', event => {
    if (event.key === 'Escape') { box.value = ''; close(); }
    if (list.hidden || !shown.length) return;
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      mark((at + (event.key === 'ArrowDown' ? 1 : shown.length - 1)) % shown.length);
    } else if (event.key === 'Enter' && at >= 0) choose(shown[at]);
  });
  addEventListener('keydown', event => {
    if (event.key !== '/' || event.target.matches('input, select, textarea')) return;
    event.preventDefault();
    box.focus();
  });
}

// What is found is put in view: on the index a region's card and a sector's ranking, on the comparison the right side and the
// sector's row.
function chooseRegion(id) {
  if (document.body.dataset.page === 'compare') { if (regionOf(id).page) update({other: id}); return; }
  update({region: id, other: null});
  byId('region-card').scrollIntoView({block: 'nearest'});
}

function chooseSector(id) {
  update({sector: id});
  (byId('sector-ranking') ?? document.querySelector('tr[aria-current]'))?.scrollIntoView({block: 'nearest'});
}
