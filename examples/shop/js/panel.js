// "What Beckon sees": the server's own view of this visitor, as its panel frames tell it (docs/protocol.md). Between two frames
// only clocks run on here; every word and every tick comes from the server.
import { bag } from './bag.js';
import { beckon } from './beckon.js';
import { forgetOrder } from './life.js';
import { clock, duration, make, makeRing, makeRule, makeTree, standing, unquoted } from './panel_parts.js';

const kOpen = 'vesper.panel';
const kTick = 100;        // milliseconds between two looks at the clock
const kSilence = 4_000;   // frames come every second: after this long without one, nothing is certain any more
const kFacts = [
  ['page.path', 'page'], ['page.dwell', 'here for'],
  ['cart.value', 'bag'], ['visit.pages', 'pages'], ['visit.duration', 'visit'], ['page.exit_intent', 'leaving'],
];

let frame = null;  // the latest
let heardAt = 0;   // performance.now() of that
const rules = new Map();

const ring = makeRing();
const headline = make('span', { class: 'see-now' }, 'waiting for the server');
const toggle = make('button', { type: 'button', class: 'see-toggle', 'aria-expanded': 'false', 'aria-controls': 'see-body' },
  ring.element, make('span', { class: 'see-words' }, make('span', { class: 'see-title' }, 'What Beckon sees'), headline),
  make('span', { class: 'see-chevron', 'aria-hidden': 'true' }));
const factNames = new Map(kFacts.map(([name, label]) => [name, make('dt', { title: name }, label)]));
const factValues = new Map(kFacts.map(([name]) => [name, make('dd')]));
const list = make('ol', { class: 'see-rules' });
const startOver = make('button', { type: 'button', class: 'see-over' }, 'Start over');
const body = make('div', { id: 'see-body', class: 'see-body', hidden: true, tabindex: '0', role: 'region', 'aria-label': 'What the server knows' },
  make('dl', { class: 'see-facts' }, ...kFacts.map(([name]) => make('div', { 'data-fact': name }, factNames.get(name), factValues.get(name)))),
  make('h2', {}, 'Rules'), list,
  make('div', { class: 'see-foot' }, startOver, make('p', {}, 'as a new visitor with an empty bag')));
const panel = make('aside', { class: 'see', 'aria-label': 'What Beckon sees', 'data-state': 'deaf' }, toggle, body);

const passed = () => Math.min(performance.now() - heardAt, kSilence);
const fact = (name) => frame?.facts.find((known) => known.name === name);
const kGrow = ['page.dwell', 'page.visible', 'visit.duration', 'cart.idle'];  // for as long as nobody says otherwise
const age = (name) => {
  const ms = kGrow.includes(name) ? duration(fact(name)?.value ?? '') : undefined;
  return ms === undefined ? undefined : ms + passed();
};
// The present value of what grows, for a leaf such as "page.dwell ≥ 12s"; undefined for what does not.
const live = (text) => age(text.split(' ')[0]);
const remaining = (rule) => (rule.would_fire === undefined ? undefined : Math.max(0, rule.would_fire - passed()));

function factWords(name) {
  const known = fact(name);
  if (!known) return '–';
  if (age(name) !== undefined) return clock(age(name));
  if (name === 'cart.value') return known.value === 'no value' ? '–' : `€${known.value}`;
  if (name === 'page.exit_intent') return known.value === 'true' ? 'yes' : 'no';
  return unquoted(known.value);
}

// What has changed with a frame: the rules' trees and words.
function drawRule(shown, rule) {
  const drawn = JSON.stringify([rule.when, rule.about]);
  if (drawn === shown.drawn) return;
  shown.drawn = drawn;
  shown.about.textContent = rule.about || '';
  shown.tree.replaceChildren(makeTree(rule.when, live));
}

function draw() {
  factNames.get('visit.duration').textContent = `visit no. ${fact('visit.number')?.value ?? 1}`;
  for (const rule of frame.rules) {
    if (!rules.has(rule.id)) {
      const made = makeRule(rule.id);
      rules.set(rule.id, made);
      list.append(made.element);
      made.details.addEventListener('toggle', () => (made.touched = made.touched || made.details.matches(':focus-within')));
    }
    drawRule(rules.get(rule.id), rule);
  }
  for (const [id, shown] of rules) {
    if (frame.rules.some((rule) => rule.id === id)) continue;
    shown.element.remove();
    rules.delete(id);
  }
}

// What changes with time alone.
function tick() {
  if (!frame) return;
  const deaf = performance.now() - heardAt > kSilence;
  panel.dataset.state = deaf ? 'deaf' : 'hears';
  panel.classList.toggle('covered', !deaf && frame.rules.some((rule) => rule.state === 'on screen'));
  for (const [name, value] of factValues) {
    const words = factWords(name);
    if (value.textContent !== words) value.textContent = words;
  }
  let next;
  for (const rule of frame.rules) {
    const shown = rules.get(rule.id);
    const left = remaining(rule);
    const { state, words } = standing(rule, left);
    shown.why.textContent = ['waits', 'quiet'].includes(state) ? rule.why : '';
    shown.total = state === 'soon' ? Math.max(shown.total, left) : 0;
    const share = state === 'soon' ? 1 - left / shown.total : state === 'watches' ? 0 : 1;
    shown.ring.fill(share);
    shown.element.dataset.state = state;
    if (shown.status.textContent !== words) shown.status.textContent = words;
    if (state === 'shown') next = { rank: -1, words: `${rule.id} is on screen`, share, state };
    if (state === 'soon' && !(next?.rank < left)) next = { rank: left, words: `${rule.id} ${words}`, share, state };
  }
  for (const value of list.querySelectorAll('[data-live]')) value.textContent = clock(live(value.dataset.live) ?? 0);
  headline.textContent = deaf ? 'the server is away' : next?.words ?? `${factWords('page.dwell')} on this page`;
  toggle.dataset.state = next?.state ?? 'watches';
  ring.fill(deaf ? 0 : next?.share ?? 0);
  // The rule that is next opens by itself, until somebody opens or closes one.
  if ([...rules.values()].some((shown) => shown.touched)) return;
  for (const shown of rules.values()) shown.details.open = ['soon', 'shown', 'waits'].includes(shown.element.dataset.state);
}

function open(wanted) {
  body.hidden = !wanted;
  panel.classList.toggle('open', wanted);
  toggle.setAttribute('aria-expanded', String(wanted));
  try {
    sessionStorage.setItem(kOpen, wanted ? '1' : '');
  } catch {
    // No storage: it is closed again on the next page.
  }
}

function wasOpen() {
  try {
    return sessionStorage.getItem(kOpen) === '1';
  } catch {
    return false;
  }
}

toggle.addEventListener('click', () => open(body.hidden));
panel.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape' || body.hidden) return;
  open(false);
  toggle.focus();
});
startOver.addEventListener('click', () => {
  bag.clear();
  forgetOrder();
  beckon('start-over');
  location.reload();
});

open(wasOpen());
document.body.append(panel);
beckon('panel', (latest) => {
  frame = latest;
  heardAt = performance.now();
  draw();
  tick();
});
setInterval(tick, kTick);
