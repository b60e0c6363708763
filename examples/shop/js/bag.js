// The shopping bag: product ids and how many, kept in this browser and shared by its tabs.
import { product } from './catalogue.js';

const kKey = 'vesper.bag';
const kMostOfOne = 20;
const listeners = new Set();

function load() {
  try {
    const kept = JSON.parse(localStorage.getItem(kKey)) || [];
    return kept.filter(([id, count]) => product(id) && count >= 1 && count <= kMostOfOne);
  } catch {
    return [];
  }
}

let lines = load();

function save(next) {
  lines = next;
  try {
    localStorage.setItem(kKey, JSON.stringify(lines));
  } catch {
    // No storage: the bag lasts as long as the page.
  }
  for (const listener of listeners) listener('here');
}

addEventListener('storage', (event) => {
  if (event.key !== kKey && event.key !== null) return;
  lines = load();
  for (const listener of listeners) listener('elsewhere');
});

export const bag = {
  lines: () => lines.map(([id, count]) => ({ product: product(id), count })),
  items: () => lines.reduce((sum, [, count]) => sum + count, 0),
  value: () => lines.reduce((sum, [id, count]) => sum + product(id).price * count, 0),
  add(id, count = 1) {
    const had = lines.find(([have]) => have === id);
    this.set(id, (had ? had[1] : 0) + count);
  },
  set(id, count) {
    const wanted = Math.min(count, kMostOfOne);
    const others = lines.filter(([have]) => have !== id);
    const at = lines.findIndex(([have]) => have === id);
    if (wanted >= 1) others.splice(at < 0 ? others.length : at, 0, [id, wanted]);
    save(others);
  },
  clear: () => save([]),
  // Calls `listener('here')` after a change by this tab, `listener('elsewhere')` after one by another.
  onChange: (listener) => listeners.add(listener),
};
