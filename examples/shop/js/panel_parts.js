// The pieces of the panel: how a rule, its condition tree and the facts look. Nothing here knows where they come from.

export const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false && value !== undefined) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((child) => child !== undefined));
  return element;
};

const svg = (tag, attributes, ...children) => {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

// "1m12s300ms" as milliseconds; undefined for what is no duration.
export function duration(text) {
  const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
  if (!/^(\d+(ms|s|m|h|d))+$/.test(text)) return undefined;
  return [...text.matchAll(/(\d+)(ms|[smhd])/g)].reduce((sum, [, count, unit]) => sum + count * units[unit], 0);
}

// Under a minute to the tenth, so that one sees it run.
export function clock(ms) {
  if (ms < 60_000) return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  const whole = Math.floor(ms / 1000);
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

// A ring that fills from 0 to 1, with a sign in the middle. CSS shows the sign that fits the rule's state.
export function makeRing() {
  const done = svg('circle', { class: 'ring-done', cx: 14, cy: 14, r: 11.5, pathLength: 100, 'stroke-dasharray': '0 100', transform: 'rotate(-90 14 14)' });
  const ring = svg(
    'svg',
    { class: 'ring', viewBox: '0 0 28 28', 'aria-hidden': 'true' },
    svg('circle', { class: 'ring-track', cx: 14, cy: 14, r: 11.5 }),
    done,
    svg('path', { class: 'sign sign-shown', d: 'M8 10.2a2 2 0 0 1 2-2h8a2 2 0 0 1 2 2v5.4a2 2 0 0 1-2 2h-5.2L9.6 20v-2.4a1.7 1.7 0 0 1-1.6-2z' }),
    svg('path', { class: 'sign sign-quiet', d: 'M9 14.4l3.4 3.4L19 11' }),
    svg('path', { class: 'sign sign-waits', d: 'M11.3 10v8M16.7 10v8' }),
    svg('circle', { class: 'sign sign-watches', cx: 14, cy: 14, r: 2.4 }),
  );
  const fill = (share) => {
    done.setAttribute('stroke-dasharray', `${(100 * Math.min(1, Math.max(0, share))).toFixed(1)} 100`);
    done.setAttribute('visibility', share > 0 ? 'visible' : 'hidden');
  };
  return { element: ring, fill };
}

// A string fact comes in quotes, as rules write it.
export const unquoted = (value) => value.replace(/^"(.*)"$/s, '$1');

// Where a rule stands, in one word for CSS and a few for people. `remaining`: milliseconds until it fires if nothing else happens.
export function standing(rule, remaining) {
  const ofAllRules = rule.why.startsWith('all rules together');
  if (rule.state === 'on screen') return { state: 'shown', words: 'on screen now' };
  if (remaining !== undefined) return { state: 'soon', words: `in ${clock(remaining)}` };
  if (rule.fired || (rule.verdict === 'limit' && !ofAllRules)) return { state: 'quiet', words: 'had its turn' };
  if (rule.when.truth && rule.verdict && rule.verdict !== 'fire') return { state: 'waits', words: 'waits' };
  const parts = rule.when.children ?? [rule.when];
  return { state: 'watches', words: `${parts.filter((part) => part.truth).length} of ${parts.length}` };
}

// The condition tree as nested lists. `live(text)` gives a clock for a leaf whose value grows, or undefined.
export function makeTree(node, live) {
  const sign = make('span', { class: 'tick', 'data-truth': String(node.truth) });
  sign.append(make('span', { class: 'unseen' }, node.truth ? 'true:' : 'false:'));
  const value = make('span', { class: 'tree-value' }, unquoted(node.value || ''));
  const now = node.value ? live(node.text) : undefined;
  if (now) value.dataset.live = node.text;
  const item = make('li', {}, make('span', { class: 'tree-line' }, sign, make('code', {}, node.text), value));
  if (node.children?.length) item.append(make('ul', {}, ...node.children.map((child) => makeTree(child, live))));
  return item;
}

export function makeRule(id) {
  const ring = makeRing();
  const name = make('span', { class: 'rule-name' }, id);
  const status = make('span', { class: 'rule-status' });
  const about = make('p', { class: 'rule-about' });
  const tree = make('ul', { class: 'tree' });
  const why = make('p', { class: 'rule-why' });
  const details = make('details', {}, make('summary', {}, ring.element, name, status), about, tree, why);
  return { id, element: make('li', { class: 'rule' }, details), details, ring, status, about, tree, why, total: 0, drawn: '' };
}
