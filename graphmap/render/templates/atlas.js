'use strict';
// Starts the index or the comparison.

startTheme();
startLanguages();
Object.assign(state, addressed());
onChange(['lang'], drawWords);
onChange(Object.keys(ADDRESSED), drawLinks);
startAtlasSearch();
if (document.body.dataset.page === 'index') {
  startTiles();
  startCard();
  startRanking();
  startSectorRanking();
  startTrends();
} else {
  startCompare();
}
onChange(Object.keys(ADDRESSED), writeAddress);
addEventListener('hashchange', () => update({...FIRST_STATE, ...addressed()}));
update({...state}); // the first drawing is a change of everything
document.documentElement.dataset.drawn = performance.now();

window.graphmapAtlas = {state, update};
