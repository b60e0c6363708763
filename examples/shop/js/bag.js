// The shopping bag: product ids and how many, and a code that takes something off. Kept in this browser and shared by its tabs.
import { codes, product, shipping } from './catalogue.js';

const kKey = 'vesper.bag';
const kCode = 'vesper.code';
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

function loadCode() {
  try {
    const kept = localStorage.getItem(kCode);
    return Object.hasOwn(codes, kept) ? kept : '';
  } catch {
    return '';
  }
}

let lines = load();
let code = loadCode();

function save(nextLines, nextCode) {
  lines = nextLines;
  code = nextCode;
  try {
    localStorage.setItem(kKey, JSON.stringify(lines));
    localStorage.setItem(kCode, code);
  } catch {
    // No storage: the bag lasts as long as the page.
  }
  for (const listener of listeners) listener('here');
}

function lookAgain() {
  lines = load();
  code = loadCode();
  for (const listener of listeners) listener('elsewhere');
}

addEventListener('storage', (event) => {
  if ([kKey, kCode, null].includes(event.key)) lookAgain();
});
// A page that comes back from the back/forward cache has missed what other pages did.
addEventListener('pageshow', (event) => {
  if (event.persisted) lookAgain();
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
    save(others, code);
  },
  // What is to be paid, in whole euros.
  totals() {
    const value = this.value();
    const off = Math.round((value * (codes[code] || 0)) / 100);
    const sent = shipping(value);
    return { value, code, off, sent, total: value - off + sent };
  },
  // False when there is no such code.
  redeem(text) {
    const known = text.trim().toUpperCase();
    if (!Object.hasOwn(codes, known)) return false;
    save(lines, known);
    return true;
  },
  clear: () => save([], ''),
  // Calls `listener('here')` after a change by this tab, `listener('elsewhere')` after one by another.
  onChange: (listener) => listeners.add(listener),
};
