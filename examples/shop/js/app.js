// Single-page mode: the same views under /app/…, moved between by the History API.
import { bag } from './bag.js';
import './beckon.js';
import { lastOrder, refresh, shown, start } from './life.js';
import './panel.js';
import { isPersonal, modes, view } from './views.js';

const main = document.getElementById('main');
const path = () => location.pathname.replace(/^\/app/, '').replace(/\/$/, '') || '/';

function render() {
  main.innerHTML = view(path(), modes.app, bag, lastOrder()).html;
  document.querySelector('[data-mode="pages"]').href = modes.pages.at(path());
}

function show() {
  if (!isPersonal(path())) return;
  refresh(main, view(path(), modes.app, bag, lastOrder()).html);
}

function arrive() {
  render();
  shown(path());
}

function go(to) {
  document.title = view(to, modes.app, bag, lastOrder()).title;
  history.pushState(null, '', modes.app.at(to));
  arrive();
  scrollTo({ top: 0, behavior: 'instant' });
  // A reader of the screen hears where it is now, as after a page load.
  main.focus({ preventScroll: true });
}

document.addEventListener('click', (event) => {
  // An offer's link is inside the widget's shadow root; the path of the event leads there.
  const link = event.composedPath().find((node) => node instanceof HTMLAnchorElement && node.href);
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || link.target || link.hash || link.dataset.mode === 'pages') return;
  const to = new URL(link.href);
  if (to.origin !== location.origin) return;
  event.preventDefault();
  go(to.pathname.replace(/^\/app(?=\/|$)/, '') || '/');
});
addEventListener('popstate', () => {
  document.title = view(path(), modes.app, bag, lastOrder()).title;
  arrive();
});

start({ go, show });
document.title = view(path(), modes.app, bag, lastOrder()).title;
arrive();
