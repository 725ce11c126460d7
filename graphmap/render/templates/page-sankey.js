'use strict';
// Sankey diagrams: the largest flows, a sector's way up and down the chain, and the paths that emissions take to final use.

const MOST_FLOWS = 20;
const FIRST_STEP = 6; // partners of the chosen sector, and of each of these beyond
const SECOND_STEP = 3;
const BAR = 10; // width of a node
const PAD = 6; // least room between nodes
const THINNEST = 1; // a flow too thin to see is drawn this wide
const OTHERS = '*'; // the node of all partners that are not named

// A diagram is {columns: headings, nodes: key -> {column, id}, links: [{from, to, value, supplier, user}]}; ends of links are keys.
function newDiagram(headings) {
  const nodes = new Map();
  const links = new Map();
  const node = (column, id) => {
    const key = `${column}/${id}`;
    if (!nodes.has(key)) nodes.set(key, {key, column, id, inward: [], outward: []});
    return key;
  };
  return {
    headings, nodes,
    add(column, supplier, user, value) {
      if (!(value > 0)) return;
      const [from, to] = [node(column, supplier), node(column + 1, user)];
      const name = `${from} ${to}`;
      if (!links.has(name)) links.set(name, {name, from: nodes.get(from), to: nodes.get(to), value: 0});
      links.get(name).value += value;
    },
    done() {
      for (const link of links.values()) { link.from.outward.push(link); link.to.inward.push(link); }
      const sum = side => side.reduce((total, link) => total + link.value, 0);
      for (const each of nodes.values()) each.value = Math.max(sum(each.inward), sum(each.outward));
      return {headings, nodes: [...nodes.values()], links: [...links.values()].sort((a, b) => b.value - a.value)};
    },
  };
}

function flowsDiagram() {
  const made = newDiagram([word('page.sankey.suppliers'), word('page.sankey.users')]);
  for (const flow of largestFlows(MOST_FLOWS)) made.add(0, flow.from, flow.to, flow[state.weight]);
  return made.done();
}

// Partners of a sector by size: those that the page lists for it, and more of them where the flows on the page have any.
function partnersOf(sector, direction) {
  const [own, other] = direction === 'users' ? ['from', 'to'] : ['to', 'from'];
  const values = new Map(now.flows.filter(flow => flow[own] === sector.id && flow[other] !== sector.id && flow[state.weight] > 0)
    .map(flow => [flow[other], flow[state.weight]]));
  for (const {id, value} of now.partners(sector, direction)) values.set(id, value);
  return [...values].map(([id, value]) => ({id, value})).sort((a, b) => b.value - a.value);
}

// What a sector supplies to (receives from) all others: the page knows the largest partner's amount and share, and no
// share where a source lists only some flows.
function totalOf(sector, direction) {
  const [first] = now.partners(sector, direction);
  return first?.share ? first.value / first.share : 0;
}

function sectorDiagram() {
  const centre = shownSector();
  const made = newDiagram(['second_suppliers', 'suppliers', null, 'users', 'second_users'].map(key => (key ? word(`page.sankey.${key}`) : '')));
  const sides = {suppliers: (column, from, to, value) => made.add(2 - column, to, from, value), users: (column, from, to, value) => made.add(1 + column, from, to, value)};
  for (const [direction, add] of Object.entries(sides)) {
    const first = partnersOf(centre, direction).slice(0, FIRST_STEP);
    const named = first.reduce((sum, {value}) => sum + value, 0);
    const rest = totalOf(centre, direction) - named;
    for (const {id, value} of first) {
      add(1, centre.id, id, value);
      for (const next of partnersOf(now.sectors.get(id), direction).slice(0, SECOND_STEP)) add(2, id, next.id, next.value);
    }
    if (rest > named / 1000) add(1, centre.id, OTHERS, rest); // shares are rounded: less than that may be nothing
  }
  return made.done();
}

function pathsDiagram() {
  const paths = now.paths.filter(({value}) => value > 0);
  const longest = paths.reduce((most, {stages}) => Math.max(most, stages.length), 2);
  const made = newDiagram(Array.from({length: longest}, (_, i) => (i === longest - 1 ? word('page.sankey.final') : word('page.sankey.stage', {count: longest - 1 - i}))));
  for (const {value, stages} of paths) {
    stages.slice(1).forEach((user, i) => made.add(longest - stages.length + i, stages[i], user, value));
  }
  return made.done();
}

const DIAGRAMS = {flows: flowsDiagram, sector: sectorDiagram, paths: pathsDiagram};
const diagramShown = () => (state.sankey === 'paths' && !now.paths.length ? 'flows' : state.sankey);
const sankeyKind = () => (diagramShown() === 'paths' ? 'mass' : weightOf(state.weight).kind);

// ---------------------------------------------------------------- layout

const nodeName = ({id}) => (id === OTHERS ? word('page.sankey.others') : nameOf(now.sectors.get(id)));
const nodeColour = ({id}) => (id === OTHERS ? token('role-other') : sectorColour(now.sectors.get(id)));
const nodeMiddle = node => node.y + node.slot / 2;
const weightedMean = (links, at) => links.reduce((sum, link) => sum + link.value * at(link), 0) / links.reduce((sum, link) => sum + link.value, 0);

// Nodes of a column in their order, each as near to where it would be as the others let it (pool adjacent violators): those
// that would meet are pooled, and the pool stands at the mean of what its nodes would have.
function settleColumn(column, height) {
  let taken = 0;
  const pools = [];
  for (const node of column) {
    pools.push({sum: node.y - taken, nodes: [[node, taken]]});
    taken += node.slot + PAD;
    while (pools.length > 1 && pools.at(-2).sum / pools.at(-2).nodes.length >= pools.at(-1).sum / pools.at(-1).nodes.length) {
      const last = pools.pop();
      pools.at(-1).sum += last.sum;
      pools.at(-1).nodes.push(...last.nodes);
    }
  }
  const lowest = height - taken + PAD;
  for (const {sum, nodes} of pools) {
    for (const [node, above] of nodes) node.y = Math.min(Math.max(sum / nodes.length, 0), lowest) + above;
  }
}

// A node takes the height of its flows, or a line of text if that is more, so that no two labels meet. The scale is the largest
// at which every column has room.
function heights(columns, height) {
  const fits = scale => columns.every(column =>
    column.reduce((sum, {value}) => sum + Math.max(value * scale, CHART_LINE) + PAD, -PAD) <= height);
  let [low, high] = [0, height / Math.max(...columns.flat().map(({value}) => value))];
  for (let i = 0; i < 40; i += 1) {
    const half = (low + high) / 2;
    if (fits(half)) low = half;
    else high = half;
  }
  for (const node of columns.flat()) {
    node.height = Math.max(node.value * low, THINNEST);
    node.slot = Math.max(node.height, CHART_LINE);
  }
  return low;
}

function placeNodes({nodes}, count) {
  const columns = Array.from({length: count}, (_, i) => nodes.filter(node => node.column === i).sort((a, b) => b.value - a.value));
  const room = 200 + columns.reduce((most, column) => Math.max(most, column.length), 0) * (CHART_LINE + PAD);
  const scale = heights(columns, room);
  for (const column of columns) {
    for (const node of column) node.y = (room - node.slot) / 2;
    settleColumn(column, room);
  }
  // barycentre sweeps: a column takes the order of what it is linked to, first from the left, then from the right
  for (let sweep = 0; sweep < 24; sweep += 1) {
    const rightward = sweep % 2 === 0;
    for (const column of rightward ? columns : [...columns].reverse()) {
      for (const node of column) {
        const links = rightward ? node.inward : node.outward;
        if (links.length) node.y = weightedMean(links, link => nodeMiddle(rightward ? link.from : link.to)) - node.slot / 2;
      }
      column.sort((a, b) => nodeMiddle(a) - nodeMiddle(b));
      settleColumn(column, room);
    }
  }
  const top = Math.min(...nodes.map(({y}) => y));
  for (const node of nodes) node.y -= top;
  return {columns, height: Math.max(...nodes.map(({y, slot}) => y + slot)), scale};
}

// Where each link leaves and enters: in the order of the other ends, so that links of one node do not cross.
function attachLinks(nodes, scale) {
  for (const node of nodes) {
    for (const [side, other, edge] of [['outward', 'to', 'y0'], ['inward', 'from', 'y1']]) {
      let y = nodeMiddle(node) - node[side].reduce((sum, {value}) => sum + value, 0) * scale / 2;
      for (const link of node[side].sort((a, b) => nodeMiddle(a[other]) - nodeMiddle(b[other]))) {
        link[edge] = y + link.value * scale / 2;
        y += link.value * scale;
      }
    }
  }
}

// ---------------------------------------------------------------- drawing

function drawDiagram(found, kind, room) {
  const count = found.headings.length;
  const {columns, height, scale} = placeNodes(found, count);
  attachLinks(found.nodes, scale);
  const amount = node => number(kind, node.value);
  const wide = node => textWidth(nodeName(node), 500) + 8 + textWidth(amount(node));
  const widest = column => column.reduce((most, node) => Math.max(most, wide(node)), 0);
  // labels of the first column stand left of it, all others right of their node
  const left = Math.max(widest(columns[0]), textWidth(found.headings[0])) + 16;
  const right = Math.max(widest(columns[count - 1]), textWidth(found.headings[count - 1])) + 16;
  const between = Math.max(0, ...columns.slice(1, -1).map(widest)) + 56;
  const width = Math.max(room, left + right + (count - 1) * between);
  const head = 28;
  const x = column => left + column * (width - left - right - BAR) / (count - 1);
  const links = found.links.map(link => {
    const [x0, x1] = [x(link.from.column) + BAR, x(link.to.column)];
    const text = word('page.sankey.link', {supplier: nodeName(link.from), user: nodeName(link.to), amount: figure(kind, link.value)});
    const [y0, y1, half] = [link.y0 + head, link.y1 + head, (x0 + x1) / 2].map(rounded);
    return svg('path', {class: 'link', d: `M${rounded(x0)},${y0}C${half},${y0} ${half},${y1} ${rounded(x1)},${y1}`,
      fill: 'none', stroke: nodeColour(link.from), 'stroke-width': rounded(Math.max(link.value * scale, THINNEST)), 'stroke-opacity': 0.45,
      role: 'img', 'aria-label': text, 'data-tip': text, 'data-mark': link.name, 'data-value': link.value, 'data-from': link.from.key, 'data-to': link.to.key});
  });
  const marks = columns.flat().map(node => {
    const first = node.column === 0;
    const text = word('page.sankey.node', {sector: node.id === OTHERS ? nodeName(node) : fullNameOf(now.sectors.get(node.id)), amount: figure(kind, node.value)});
    const named = node.id !== OTHERS;
    return svg('g', {class: 'node', role: named ? 'button' : 'img', 'aria-label': text, 'data-tip': text, 'data-mark': node.key, 'data-id': named ? node.id : null, 'data-value': node.value},
      svg('rect', {x: rounded(x(node.column)), y: rounded(node.y + (node.slot - node.height) / 2 + head), width: BAR, height: rounded(node.height), rx: Math.min(2, node.height / 2), fill: nodeColour(node)}),
      haloText(first ? x(0) - 6 : x(node.column) + BAR + 6, nodeMiddle(node) + head + 4, {'text-anchor': first ? 'end' : 'start', 'font-weight': 500},
        nodeName(node), svg('tspan', {dx: 8, fill: token('muted'), 'font-weight': 400}, amount(node))));
  });
  const headings = found.headings.map((heading, i) => svg('text', {x: rounded(i === 0 ? x(0) + BAR : x(i)), y: 12, fill: token('muted'),
    'text-anchor': i === 0 ? 'end' : 'start'}, i === 0 || i === count - 1 ? heading : cutToFit(heading, between - 16)));
  return chartPicture('sankey', Math.round(width), Math.ceil(height + head + 8), word(`page.sankey.${diagramShown()}`), headings, links, marks);
}

function sankeyText(found, kind) {
  const sum = links => links.reduce((total, {value}) => total + value, 0);
  const shown = diagramShown();
  const values = {weight: withUnit(inSentence(word(`weight.${state.weight}`)), kind)};
  const {whole} = now.weights[state.weight]; // null where a source lists only some flows
  if (shown === 'sector') return word(whole === null ? 'page.sankey.sector.listed' : 'page.sankey.sector.text', {...values, sector: nameOf(shownSector()), first: FIRST_STEP, second: SECOND_STEP});
  if (shown === 'paths') {
    const paths = now.paths.filter(({value}) => value > 0);
    return word('page.sankey.paths.text', {count: paths.length, amount: figure('mass', sum(paths)), share: percent(paths.reduce((total, {share}) => total + share, 0))});
  }
  const total = sum(found.links);
  return word(whole ? 'page.sankey.flows.text' : 'page.sankey.flows.listed', {...values, count: found.links.length, amount: figure(kind, total), all: allFlows(), share: percent(whole ? total / whole : 0)});
}

function drawSankey() {
  const shown = diagramShown();
  for (const button of document.querySelectorAll('#sankey-choice button')) {
    button.setAttribute('aria-pressed', String(button.dataset.sankey === shown));
    button.hidden = button.dataset.sankey === 'paths' && !now.paths.length;
  }
  const [found, kind, frame] = [DIAGRAMS[shown](), sankeyKind(), byId('sankey-frame')];
  byId('svg-sankey').disabled = !found.links.length;
  byId('sankey-text').textContent = found.links.length ? sankeyText(found, kind) : word('page.sankey.none');
  replaceChart(frame, found.links.length ? drawDiagram(found, kind, frame.clientWidth) : chartPicture('sankey', 1, 1, word('page.sankey.none')));
  byId('sankey-table').replaceChildren(
    element('caption', {}, word('page.sankey.table')),
    element('thead', {}, element('tr', {}, [word('page.column.supplier'), word('page.column.user'), withUnit(word(`weight.${state.weight}`), kind)].map(title => element('th', {scope: 'col'}, title)))),
    element('tbody', {}, found.links.map(link => element('tr', {},
      [nodeName(link.from), nodeName(link.to), number(kind, link.value)].map(cell => element('td', {}, cell))))));
}

function startSankey() {
  chartFrame('sankey', drawSankey, element('span', {id: 'sankey-choice', class: 'segmented', role: 'group', 'data-word-aria-label': 'page.sankey.choice'},
    Object.keys(DIAGRAMS).map(id => element('button', {type: 'button', 'data-sankey': id, 'data-word': `page.sankey.${id}`, onclick: () => update({sankey: id})}))));
  byId('page-sankey').append(element('div', {class: 'spoken'}, element('table', {id: 'sankey-table'})));
  onTab('sankey', ['lang', 'sankey', 'colour', 'theme', ...SHOWN_BY], drawSankey);
}
