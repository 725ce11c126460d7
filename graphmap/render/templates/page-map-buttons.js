'use strict';
// The buttons under the map, and what a screen reader hears of a choice.

const BEGINNING = ['pins', 'view', 'chosen', 'steps', 'role', 'group', 'community', 'unfolded', 'pair'];

const resetMap = () => {
  regionCursor = null;
  update(Object.fromEntries(BEGINNING.map(key => [key, FIRST_STATE[key]])));
};

function pin() {
  const {[state.chosen]: pinned, ...others} = state.pins;
  const dot = scene().dotOf.get(state.chosen);
  if (dot) update({pins: pinned ? others : {...others, [dot.key]: pinAt(dot)}});
}

// A browser may refuse, for instance in a frame; the map then stays as it is.
function fullScreen() {
  const done = document.fullscreenElement ? document.exitFullscreen() : document.querySelector('.stage').requestFullscreen?.();
  done?.catch(() => {});
}

function drawMapButtons() {
  for (const button of document.querySelectorAll('.focus button[data-steps]')) {
    button.setAttribute('aria-pressed', String(Number(button.dataset.steps) === state.steps));
  }
  byId('pin').disabled = !scene().dotOf.has(state.chosen);
  byId('pin').setAttribute('aria-pressed', String(state.chosen in state.pins));
}

function speak() {
  const dot = regionCursor ? scene().dotOf.get(regionCursor) : null;
  const sector = now.sectors.get(state.chosen);
  const mark = state.lang === 'en' ? '; ' : '；';
  byId('map-status').textContent = dot ? [dotName(dot), sizeText(dot)].join(mark)
    : sector ? [`${inLanguage(sector.short)}${regionSuffix(sector)}`, word(`role.${sector.role}`), sizeText({sector})].join(mark) : '';
}

// Pins and a view belong to a layout; a layout chosen together with others, as by an address, keeps them.
let belonging = null;
function forgetPlaces() {
  const {layout, pins, view} = state;
  const changes = {};
  if (belonging && belonging.layout !== layout) {
    if (pins === belonging.pins && Object.keys(pins).length) changes.pins = {};
    if (view === belonging.view && view) changes.view = null;
  }
  belonging = {layout, pins: changes.pins ?? pins, view: 'view' in changes ? null : view};
  if (Object.keys(changes).length) update(changes);
}

function startMapButtons() {
  byId('zoom-in').addEventListener('click', () => zoomBy(ZOOM_STEP));
  byId('zoom-out').addEventListener('click', () => zoomBy(1 / ZOOM_STEP));
  byId('zoom-fit').addEventListener('click', fit);
  byId('reset').addEventListener('click', resetMap);
  byId('pin').addEventListener('click', pin);
  byId('full-screen').addEventListener('click', fullScreen);
  for (const button of document.querySelectorAll('.focus button[data-steps]')) {
    button.addEventListener('click', () => {
      const steps = Number(button.dataset.steps);
      update(steps > 0 ? {steps, chosen: shownSector().id} : {steps});
    });
  }
  onChange(['layout', 'pins', 'view'], forgetPlaces);
  onChange(['chosen', 'steps', 'pins', 'layout', 'unfolded', 'pair', 'year'], drawMapButtons);
  onChange(['chosen', 'lang', 'size', 'year'], speak);
}
