'use strict';
// Starts the page. The other scripts define the parts; each says which changes of state it is redrawn for.

startLanguages();
startMap();
startControls();
startPanel();
startTables();
update({...state}); // the first drawing is a change of everything

window.graphmap = {network, state, labelBoxes, shownEdges: () => edges.length};
