// Separate-page mode: the page is there already. What depends on the bag or the order is rendered now.
import { bag } from './bag.js';
import './beckon.js';
import { lastOrder, refresh, shown, start } from './life.js';
import './panel.js';
import { isPersonal, modes, view } from './views.js';

const path = location.pathname.replace(/\/$/, '') || '/';
const main = document.getElementById('main');

function show() {
  if (!isPersonal(path)) return;
  refresh(main, view(path, modes.pages, bag, lastOrder()).html);
}

// The switch keeps the page that one is on.
document.querySelector('[data-mode="app"]').href = modes.app.at(path);

start({ go: (to) => location.assign(to), show });
show();
shown(path);
