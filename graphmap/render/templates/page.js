'use strict';
// Starts the page. The other scripts define the parts; each says which changes of state it is redrawn for.

startAddress();
startWords();
startMap();
startSearch();
startControls();
startLegend();
startPanel();
startTables();
startRelations();
startSankey();
startScatter();
startNotes();
startSave();
update({...state}); // the first drawing is a change of everything

window.graphmap = {state, update, labelBoxes, place: placeOnScreen, shownEdges: () => shownFlows().length};
