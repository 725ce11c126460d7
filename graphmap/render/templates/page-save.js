'use strict';
// Taking the page away: pictures, tables, the address of the view, paper.

// Names of files come from the title, without the signs that some system refuses in a name.
const fileName = (part, ending) => `${[inLanguage(now.title), part].filter(Boolean).join(' ')}.${ending}`
  .replace(/[\\/:*?"<>|\u0000-\u001f]+/g, '-').replace(/\s+/g, ' ').trim();

function download(name, blob) {
  const address = URL.createObjectURL(blob);
  const link = element('a', {href: address, download: name, hidden: true});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60000); // some browsers begin to read only after the click
}

// A page opened from disk or in a frame may be refused the clipboard; the old way still works there.
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const before = document.activeElement;
    const field = element('textarea', {class: 'spoken', 'aria-hidden': 'true', tabindex: -1});
    field.value = text;
    document.body.append(field);
    field.focus();
    field.select();
    const copied = document.execCommand('copy');
    field.remove();
    before?.focus();
    return copied;
  }
}

// The button itself says what happened, for two seconds, and so does the spoken line.
function sayOn(button, key) {
  button.style.minWidth = `${button.offsetWidth}px`;
  button.textContent = word(key);
  byId('said').textContent = word(key);
  clearTimeout(button.saying);
  button.saying = setTimeout(() => {
    button.textContent = word(button.dataset.word);
    button.style.minWidth = '';
    byId('said').textContent = '';
  }, 2000);
}

const copyFrom = async (button, text) => sayOn(button, await copyText(text) ? 'page.copied' : 'page.copy.refused');

// ---------------------------------------------------------------- tables

// Rows of texts and numbers, headings first. No spreadsheet may take a name for a formula; numbers stay numbers.
const inert = cell => (typeof cell === 'string' && /^[=+\-@\t\r\n＝＋－＠]/.test(cell) ? `'${cell}` : cell ?? '');
const quoted = cell => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
// The mark at the beginning tells spreadsheets that Chinese follows.
const csvOf = rows => `\ufeff${rows.map(row => `${row.map(cell => quoted(String(inert(cell)))).join(',')}\r\n`).join('')}`;
const tabbed = rows => rows.map(row => row.map(cell => String(inert(cell)).replace(/[\t\r\n]+/g, ' ')).join('\t')).join('\n');

// A figure for a spreadsheet, in the unit of its heading: nine figures, as the page has them.
const plainNumber = (kind, value) => (value === null || value === undefined ? '' : Number((inReadersUnit[kind]?.(value) ?? value).toPrecision(9)));

function tableButtons(id, part, rows) {
  return [
    element('button', {type: 'button', class: 'plain', id: `copy-${id}`, 'data-word': 'page.copy', onclick: event => copyFrom(event.currentTarget, tabbed(rows()))}),
    element('button', {type: 'button', class: 'plain', id: `csv-${id}`, 'data-word': 'page.csv', 'data-word-title': 'page.csv.help',
      onclick: () => download(fileName(part(), 'csv'), new Blob([csvOf(rows())], {type: 'text/csv;charset=utf-8'}))}),
  ];
}

// ---------------------------------------------------------------- pictures

const svgBlob = text => new Blob([text], {type: 'image/svg+xml;charset=utf-8'});

// The way back to an atlas keeps the language and the theme, and the region and year one comes from.
function drawHome() {
  const home = document.querySelector('a.home');
  if (!home) return;
  const kept = {lang: state.lang, theme: state.theme, region: study.regions.length === 1 ? study.regions[0].id : null, year: now.year};
  const parts = Object.entries(kept).filter(([, value]) => value).map(([key, value]) => `${key}=${encodeURIComponent(value)}`);
  home.href = `${home.getAttribute('href').split('#')[0]}#${parts.join('&')}`;
}

function startSave() {
  onChange(['lang', 'theme', 'year'], drawHome);
  document.body.append(element('p', {id: 'said', class: 'spoken', role: 'status'}));
  byId('save-png').addEventListener('click', () => mapPicture(2).toBlob(blob => download(fileName('', 'png'), blob), 'image/png'));
  byId('save-svg').addEventListener('click', () => download(fileName('', 'svg'), svgBlob(mapSvg())));
  byId('copy-link').addEventListener('click', event => copyFrom(event.currentTarget, viewAddress()));
  byId('print').addEventListener('click', () => print());
}
