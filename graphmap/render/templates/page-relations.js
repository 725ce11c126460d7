'use strict';
// Key relationships: who the high-carbon sectors supply and buy from, and the largest flows of all.

const PARTNER_CLASSES = [
  {id: 'high_carbon', title: () => word('role.high_carbon'), roles: ['high_carbon']},
  {id: 'middle', title: () => word('page.relations.middle'), roles: ['high_output', 'high_transmission']},
  {id: 'other', title: () => word('role.other'), roles: ['other']},
];
const DIRECTIONS = [['user', 'page.relations.users'], ['supplier', 'page.relations.suppliers']];
const MOST_LISTED = 15;

const sectorButton = (sector, ...more) => element('button', {type: 'button', 'data-id': sector.id, title: fullNameOf(sector), onclick: () => update({chosen: sector.id})}, ...more);

function partnerCell(relations, {id, roles}, kind) {
  const partners = relations.filter(relation => roles.includes(relation.partner_role));
  return element('td', {class: `partners ${id}`}, partners.length ? partners.map(({partner, value, share}) =>
    sectorButton(now.sectors.get(partner), nameOf(now.sectors.get(partner)), element('small', {}, ` ${number(kind, value)}${share === null ? '' : ` (${percent(share)})`}`))) : '–');
}

// The relations of each sector in each direction, the largest first.
function relationsOf() {
  const found = new Map();
  for (const relation of [...now.relations].sort((a, b) => a.rank - b.rank)) {
    const key = `${relation.direction} ${relation.sector}`;
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(relation);
  }
  return (sector, direction) => found.get(`${direction} ${sector.id}`) ?? [];
}

// Without emissions, the relations are those of the high-output sectors.
function emitters() {
  const leading = new Set(now.relations.map(({sector}) => sector));
  return now.inOrder.filter(({id}) => leading.has(id));
}
const emitterRole = first => word(`role.${first.roles.includes('high_carbon') ? 'high_carbon' : 'high_output'}`);

function drawKeyRelations() {
  const {id, kind} = weightOf(study.weight); // relations were found on the study's own weight
  const listed = emitters();
  byId('copy-key-relations').disabled = byId('csv-key-relations').disabled = !listed.length;
  if (!listed.length) {
    byId('key-relations').replaceChildren(element('p', {class: 'remark'}, word('page.relations.none')));
    return;
  }
  const role = emitterRole(listed[0]);
  const relations = relationsOf();
  const head = element('thead', {},
    element('tr', {},
      element('th', {scope: 'col', rowspan: 2}, word('page.relations.sector', {role})),
      DIRECTIONS.map(([, title]) => element('th', {scope: 'colgroup', colspan: 3}, word(title)))),
    element('tr', {}, DIRECTIONS.flatMap(() => PARTNER_CLASSES.map(one => element('th', {scope: 'col', class: one.id}, one.title())))));
  const rows = listed.map(sector => element('tr', {},
    element('th', {scope: 'row'},
      sectorButton(sector, dot(roleColour(sector.role)), nameOf(sector)),
      element('small', {}, word(`position.${sector.position}`))),
    DIRECTIONS.flatMap(([direction]) => PARTNER_CLASSES.map(one => partnerCell(relations(sector, direction), one, kind)))));
  byId('key-relations').replaceChildren(element('table', {},
    element('caption', {}, word(now.relations.some(({share}) => share !== null) ? 'page.relations.caption' : 'page.relations.caption.listed', {role, weight: word(`weight.${id}`), unit: unit(kind)})), head, element('tbody', {}, rows)));
}

function keyRelationRows() {
  const {id, kind} = weightOf(study.weight);
  const listed = emitters();
  const relations = relationsOf();
  const name = at => fullNameOf(now.sectors.get(at));
  return [
    [word('page.relations.sector', {role: listed.length ? emitterRole(listed[0]) : ''}), word('page.column.direction'), word('page.column.rank'), word('page.column.partner'),
      word('page.column.partner_role'), withUnit(word(`weight.${id}`), kind), withUnit(word('page.column.share'), 'share')],
    ...listed.flatMap(sector => DIRECTIONS.flatMap(([direction, title]) => relations(sector, direction).map(relation => [
      name(sector.id), word(title), relation.rank, name(relation.partner), word(`role.${relation.partner_role}`),
      plainNumber(kind, relation.value), plainNumber('share', relation.share),
    ]))),
  ];
}

// ---------------------------------------------------------------- the largest flows

const largestFlows = count => shownFlows().slice(0, count);

const allFlows = () => word(ofBetween() ? 'page.all.between' : 'page.all.source');
const sharesKnown = () => now.weights[state.weight].whole > 0;

function listedFlows() {
  const {whole} = now.weights[state.weight]; // null where a source lists only some flows: of what is not known there are no shares
  let sum = 0;
  return largestFlows(MOST_LISTED).map(flow => {
    const value = flow[state.weight];
    sum += value;
    return {supplier: now.sectors.get(flow.from), user: now.sectors.get(flow.to), value, share: whole ? value / whole : null, cumulative: whole ? sum / whole : null};
  });
}

const flowHeadings = () => [
  word('page.column.rank'), word('page.column.supplier'), word('page.column.user'), withUnit(word(`weight.${state.weight}`), weightOf(state.weight).kind),
  ...(sharesKnown() ? [withUnit(word(ofBetween() ? 'page.column.share_between' : 'page.column.share_of_source'), 'share'), withUnit(word('page.column.cumulative'), 'share')] : []),
];

function drawLargestFlows() {
  const {kind} = weightOf(state.weight);
  const flows = listedFlows();
  const numeric = [true, false, false, true, true, true];
  const rows = flows.map(({supplier, user, value, share, cumulative}, i) => element('tr', {},
    element('td', {class: 'numeric'}, String(i + 1)),
    element('td', {}, sectorButton(supplier, dot(sectorColour(supplier)), nameOf(supplier))),
    element('td', {}, sectorButton(user, dot(sectorColour(user)), nameOf(user))),
    element('td', {class: 'numeric', 'data-value': value}, number(kind, value)),
    (sharesKnown() ? [share, cumulative] : []).map(each => element('td', {class: 'numeric', 'data-value': each ?? ''}, number('share', each, 1)))));
  byId('largest-flows').replaceChildren(
    element('caption', {}, word(sharesKnown() ? 'page.flows.caption' : 'page.flows.caption.listed', {count: flows.length, weight: inSentence(word(`weight.${state.weight}`)), all: allFlows()})),
    element('thead', {}, element('tr', {}, flowHeadings().map((title, i) => element('th', {scope: 'col', class: numeric[i] ? 'numeric' : null}, title)))),
    element('tbody', {}, rows));
}

function largestFlowRows() {
  const {kind} = weightOf(state.weight);
  return [flowHeadings(), ...listedFlows().map(({supplier, user, value, share, cumulative}, i) =>
    [i + 1, fullNameOf(supplier), fullNameOf(user), plainNumber(kind, value), ...(sharesKnown() ? [plainNumber('share', share), plainNumber('share', cumulative)] : [])])];
}

// What the flows on the map depend on.
const SHOWN_BY = ['year', 'weight', 'keep', 'role', 'group', 'community', 'chosen', 'steps', 'pair'];

function startRelations() {
  const heading = (key, buttons) => element('div', {class: 'toolbar'}, element('h2', {'data-word': key}), element('span', {class: 'toolbar-end'}, buttons));
  byId('page-key-relations').append(
    heading('page.key_relations', tableButtons('key-relations', () => word('page.key_relations'), keyRelationRows)),
    element('div', {id: 'key-relations', class: 'wide'}),
    heading('page.flows', tableButtons('largest-flows', () => word('page.flows'), largestFlowRows)),
    element('div', {class: 'wide'}, element('table', {id: 'largest-flows'})));
  onTab('key-relations', ['lang', 'year', 'theme'], drawKeyRelations);
  onTab('key-relations', ['lang', 'colour', 'theme', ...SHOWN_BY], drawLargestFlows);
}
