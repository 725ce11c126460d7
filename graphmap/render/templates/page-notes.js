'use strict';
// Notes: how to read the page, what its figures mean, what it leaves out, where it comes from and how to cite it.

function citation() {
  const end = state.lang === 'en' ? '; ' : '；';
  const {generator} = study;
  return word('page.cite.text', {sources: now.sources.map(inLanguage).join(end), title: inLanguage(now.title), generator});
}

// What a reader could look for in vain.
function leftOut() {
  const {kind} = weightOf(state.weight);
  const count = many => many.toLocaleString('en');
  const incomplete = now.inOrder.filter(sector => study.measures.some(({id}) => sector.values[id] === null || sector.values[id] === undefined)).length;
  const {within} = now.weights[state.weight]; // null where a source lists only some flows, which the method says
  return [
    within === null ? '' : word('page.omitted.flows', {count: count(now.flows.length), cells: count(now.cells)}),
    within === null ? '' : word('page.omitted.within', {amount: figure(kind, within), weight: word(`page.keep.${state.weight}`)}),
    word('page.omitted.partners'),
    incomplete ? word('page.omitted.missing', {count: count(incomplete)}) : '',
  ].filter(Boolean);
}

function drawNotes() {
  const section = (title, ...content) => element('section', {}, element('h3', {}, word(title)), content);
  const list = texts => element('ul', {}, texts.map(text => element('li', {}, text)));
  const hasCarbon = study.measures.some(measure => measure.kind === 'mass');
  const definitions = [
    ...study.weights.map(({id}) => [word(`weight.${id}`), word(`page.help.${id}`)]),
    ...study.measures.map(({id}) => [word(`measure.${id}`), word(`measure.${id}.help`)]),
  ];
  const thresholds = now.thresholds.map(rule => element('li', {},
    rule.about in ROLE_TOKENS ? element('span', {class: 'chip'}, dot(roleColour(rule.about), 4), word(`role.${rule.about}`)) : '',
    element('span', {}, inLanguage(rule))));
  const checks = now.checks.map(check => element('li', {},
    element('span', {class: `chip ${check.severity}`}, word(`page.severity.${check.severity}`)), element('span', {}, inLanguage(check.text))));
  byId('notes').replaceChildren(
    element('div', {},
      section('page.read', list(['dots', 'place', 'flows', 'share'].map(part => word(`page.read.${part}`)))),
      section('page.thresholds', element('ul', {class: 'labelled'}, thresholds)),
      section('page.method', list([...now.notes.map(inLanguage), ...(hasCarbon ? [word('page.units.mass')] : [])])),
      section('page.omitted', list(leftOut())),
      checks.length ? section('page.checks', element('ul', {class: 'labelled'}, checks)) : ''),
    element('div', {},
      section('page.measures', element('dl', {}, definitions.flatMap(([name, help]) => [element('dt', {}, name), element('dd', {}, help)]))),
      section('page.sources', list(now.sources.map(inLanguage))),
      section('page.cite',
        element('p', {id: 'citation'}, citation()),
        element('button', {type: 'button', id: 'copy-citation', class: 'plain', 'data-word': 'page.copy', onclick: event => copyFrom(event.currentTarget, citation())}, word('page.copy'))),
      section('page.made', element('p', {}, study.generator), study.command ? element('code', {}, study.command) : '')));
}

function startNotes() {
  byId('page-notes').append(element('h2', {class: 'spoken', 'data-word': 'page.notes'}), element('div', {id: 'notes'}));
  onTab('notes', ['lang', 'year', 'weight', 'theme'], drawNotes);
}
