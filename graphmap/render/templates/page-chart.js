'use strict';
// What the two drawings below the map share: measured text, a tip beside what is pointed at, one tab stop with arrow keys, and
// a file of the drawing. Colours and type stand in attributes, so that the file looks like the page without its style sheet.

const CHART_FONT = '-apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "PingFang SC", "PingFang TC", "Microsoft YaHei", "Noto Sans CJK SC", Arial, sans-serif';
const CHART_TEXT = 12; // height of the letters, and the room one line takes
const CHART_LINE = 16;

const measuring = document.createElement('canvas').getContext('2d');
function textWidth(text, weight = 400, size = CHART_TEXT) {
  measuring.font = `${weight} ${size}px ${CHART_FONT}`;
  return Math.ceil(measuring.measureText(text).width);
}

const chartPicture = (id, width, height, title, ...children) => svg('svg', {
  id, width, height, viewBox: `0 0 ${width} ${height}`, role: 'group', 'aria-label': title,
  'font-family': CHART_FONT, 'font-size': CHART_TEXT, fill: token('ink'),
}, children);

// Text over lines or dots: a rim in the colour of the ground keeps it legible.
const haloText = (x, y, attributes, ...children) => svg('text', {
  x: rounded(x), y: rounded(y), stroke: token('paper'), 'stroke-width': 4, 'stroke-linejoin': 'round', 'paint-order': 'stroke', ...attributes,
}, children);

// A name inside a sentence: small first letter in English, unless more are capital.
const inSentence = name => (state.lang === 'en' && name[1] === name[1]?.toLowerCase() ? name[0].toLowerCase() + name.slice(1) : name);

// ---------------------------------------------------------------- pointing

// Marks with data-tip say it beside themselves, under the pointer and under the keyboard's focus; aria-label says it aloud.
function startTips(frame) {
  const tip = element('p', {class: 'tip', 'aria-hidden': 'true', hidden: true});
  frame.append(tip);
  const show = (mark, x, y) => {
    tip.hidden = !mark;
    if (!mark) return;
    tip.textContent = mark.dataset.tip;
    const room = frame.getBoundingClientRect();
    const left = Math.min(x - room.left + frame.scrollLeft + 12, frame.scrollLeft + frame.clientWidth - tip.offsetWidth - 4);
    tip.style.left = `${Math.max(left, frame.scrollLeft)}px`;
    tip.style.top = `${Math.max(y - room.top - tip.offsetHeight - 8, 0)}px`;
  };
  frame.addEventListener('pointermove', event => show(event.target.closest('[data-tip]'), event.clientX, event.clientY));
  frame.addEventListener('pointerleave', () => show(null));
  frame.addEventListener('focusin', event => {
    const mark = event.target.closest('[data-tip]');
    const box = mark?.getBoundingClientRect();
    show(mark, box ? box.left + box.width / 2 : 0, box ? box.top : 0);
  });
  frame.addEventListener('focusout', () => show(null));
}

// A hundred marks are one stop of the Tab key; arrows go from one to the next, Enter and Space do what a click does.
function startRoving(frame) {
  const marks = () => [...frame.querySelectorAll('[data-mark]')];
  const go = mark => {
    for (const each of marks()) each.setAttribute('tabindex', each === mark ? 0 : -1);
    mark.focus();
  };
  frame.addEventListener('keydown', event => {
    const all = marks();
    const at = all.indexOf(event.target);
    if (at < 0) return;
    const next = {ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0, End: all.length - 1}[event.key];
    if (next !== undefined) go(all[(next + all.length) % all.length]);
    else if ((event.key === 'Enter' || event.key === ' ') && event.target.dataset.id) update({chosen: event.target.dataset.id});
    else return;
    event.preventDefault();
  });
  frame.addEventListener('click', event => {
    const mark = event.target.closest('[data-mark][data-id]');
    if (mark) update({chosen: mark.dataset.id});
  });
}

// Puts a new drawing in place of the old one and leaves the focus where it was.
function replaceChart(frame, drawing) {
  const focused = frame.contains(document.activeElement) ? document.activeElement.dataset.mark : null;
  frame.querySelector('svg')?.remove();
  frame.prepend(drawing);
  const marks = [...drawing.querySelectorAll('[data-mark]')];
  const stop = marks.find(mark => mark.dataset.mark === focused) ?? marks[0];
  for (const mark of marks) mark.setAttribute('tabindex', mark === stop ? 0 : -1);
  if (focused && stop) stop.focus();
}

// ---------------------------------------------------------------- the drawing as a file

function chartFile(drawing, text) {
  const copy = drawing.cloneNode(true);
  const [width, height] = ['width', 'height'].map(side => Number(drawing.getAttribute(side)));
  const [head, foot] = [52, 28];
  for (const mark of copy.querySelectorAll('[data-mark]')) {
    for (const name of ['tabindex', 'role', 'aria-label', 'data-mark', 'data-id', 'data-value', 'data-from', 'data-to', 'class']) mark.removeAttribute(name);
    mark.append(svg('title', {}, mark.dataset.tip));
    mark.removeAttribute('data-tip');
  }
  for (const name of ['id', 'role', 'aria-label']) copy.removeAttribute(name);
  const line = (y, attributes, words) => svg('text', {x: 16, y, stroke: 'none', ...attributes}, cutToFit(words, width - 32, attributes['font-weight'], attributes['font-size']));
  const outer = svg('svg', {width, height: height + head + foot, viewBox: `0 0 ${width} ${height + head + foot}`, 'font-family': CHART_FONT, fill: token('ink')},
    svg('title', {}, inLanguage(now.title)),
    svg('rect', {width, height: height + head + foot, fill: token('paper')}),
    line(24, {'font-size': 16, 'font-weight': 600}, inLanguage(now.title)),
    line(42, {'font-size': CHART_TEXT, fill: token('muted')}, text),
    svg('g', {transform: `translate(0 ${head})`}, copy),
    line(height + head + 18, {'font-size': 11, fill: token('muted')}, `${byId('source').textContent} · ${study.generator}`));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(outer)}`;
}

// As much of a text as has room, with a sign where it is cut.
function cutToFit(text, room, weight = 400, size = CHART_TEXT) {
  if (textWidth(text, weight, size) <= room) return text;
  let end = text.length;
  while (end > 1 && textWidth(`${text.slice(0, end)}…`, weight, size) > room) end -= 1;
  return `${text.slice(0, end).trimEnd()}…`;
}

// A bar above a drawing: what is drawn, in words, and the button for its file.
function chartFrame(name, draw, ...choices) {
  const title = `page.${name}`;
  const frame = element('div', {class: 'chart-frame', id: `${name}-frame`});
  startTips(frame);
  startRoving(frame);
  byId(`page-${name}`).append(
    element('div', {class: 'toolbar'}, element('h2', {class: 'spoken', 'data-word': title}), choices, element('p', {id: `${name}-text`}), element('span', {class: 'toolbar-end'},
      element('button', {type: 'button', class: 'plain', id: `svg-${name}`, 'data-word': 'page.svg',
        onclick: () => download(fileName(word(title), 'svg'), svgBlob(chartFile(frame.querySelector('svg'), byId(`${name}-text`).textContent)))}))),
    frame);
  // a drawing is as wide as its tab lets it be
  let width = 0;
  new ResizeObserver(() => {
    const before = width;
    width = frame.clientWidth;
    if (before && width && width !== before && state.tab === name) draw();
  }).observe(frame);
}
