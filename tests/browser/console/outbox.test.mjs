// What was said and is not yet acknowledged, without a browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './bundle.mjs';

const { Outbox, Refused, Unanswered, newKey } = await load('protocol/outbox.ts', 'protocol/connection.ts');

class Shelf extends Map {
  get length() {
    return this.size;
  }
  key = (index) => [...this.keys()][index] ?? null;
  getItem = (key) => this.get(key) ?? null;
  setItem = (key, value) => void this.set(key, value);
  removeItem = (key) => void this.delete(key);
}

function world({ shelf = new Shelf(), operator = 'p_ada' } = {}) {
  const w = { shelf, sent: [], delivered: [], refused: [], later: [] };
  w.outbox = new Outbox({
    operator,
    shelf,
    send: (said) => new Promise((resolve, reject) => w.sent.push({ said, resolve, reject })),
    after: (ms, then) => (w.later.push({ ms, then }), () => {}),
    changed: () => {},
    delivered: (said, ok) => w.delivered.push([said.text, ok.seq]),
    refused: (said, why) => w.refused.push([said.text, why.code]),
  });
  w.say = (text, conversation = 'c_1', at = w.sent.length) => {
    const key = newKey();
    w.outbox.add({ site: 'shop', conversation, key, operator, at, text });
    return key;
  };
  w.states = () => w.outbox.all.map(({ text, state }) => [text, state]);
  return w;
}
const settle = () => new Promise((resolve) => setImmediate(resolve));
const refusal = (code) => new Refused({ type: 'error', id: 1, code });

test('a message is kept until it is acknowledged', async () => {
  const w = world();
  w.say('one');
  assert.deepEqual(w.states(), [['one', 'sending']]);
  assert.equal(w.shelf.size, 1);
  w.sent[0].resolve({ seq: 4 });
  await settle();
  assert.deepEqual([w.states(), w.shelf.size, w.delivered], [[], 0, [['one', 4]]]);
});

test('those of a conversation go one after the other; another conversation does not wait', async () => {
  const w = world();
  w.say('one');
  w.say('two');
  w.say('elsewhere', 'c_2');
  assert.deepEqual(w.sent.map(({ said }) => said.text), ['one', 'elsewhere']);
  w.sent[0].resolve({ seq: 1 });
  await settle();
  assert.deepEqual(w.sent.map(({ said }) => said.text), ['one', 'elsewhere', 'two']);
});

test('unanswered, it goes again under the same key when the line is back, and not before', async () => {
  const w = world();
  const key = w.say('one');
  w.sent[0].reject(new Unanswered());
  await settle();
  assert.deepEqual(w.states(), [['one', 'waiting']]);
  assert.equal(w.sent.length, 1);
  w.outbox.flush();
  w.outbox.flush();
  assert.deepEqual(w.sent.map(({ said }) => said.key), [key, key]);
});

test('a reload finds what waits, in order, of this operator alone', () => {
  const before = world();
  before.say('one', 'c_1', 1);
  before.say('two', 'c_1', 2);
  world({ shelf: before.shelf, operator: 'p_noor' }).say('hers', 'c_1', 3);
  const after = world({ shelf: before.shelf });
  assert.deepEqual(after.states(), [['one', 'waiting'], ['two', 'waiting']]);
  after.outbox.flush();
  assert.equal(after.sent[0].said.key, before.sent[0].said.key);
});

test('refused, it stays with the reason; tried again or discarded by hand', async () => {
  const w = world();
  const key = w.say('one');
  w.sent[0].reject(refusal('not_yours'));
  await settle();
  assert.deepEqual([w.states(), w.outbox.all[0].why, w.refused], [[['one', 'failed']], 'not_yours', [['one', 'not_yours']]]);
  w.outbox.flush();
  assert.equal(w.sent.length, 1, 'not by itself');
  w.outbox.retry(key);
  assert.equal(w.sent.length, 2);
  w.sent[1].reject(refusal('not_yours'));
  await settle();
  w.outbox.discard(key);
  assert.deepEqual([w.states(), w.shelf.size], [[], 0]);
});

test('one that was refused holds the later ones back, until it is discarded', async () => {
  const w = world();
  const key = w.say('one');
  w.say('two');
  w.sent[0].reject(refusal('bad_file'));
  await settle();
  assert.deepEqual(w.states(), [['one', 'failed'], ['two', 'waiting']]);
  w.outbox.discard(key);
  assert.deepEqual(w.sent.map(({ said }) => said.text), ['one', 'two']);
});

test('a trouble of the server that passes is tried again by itself', async () => {
  for (const code of ['store_unavailable', 'too_many']) {
    const w = world();
    w.say('one');
    w.sent[0].reject(refusal(code));
    await settle();
    assert.equal(w.sent.length, 1);
    w.later[0].then();
    assert.equal(w.sent.length, 2, code);
    assert.deepEqual(w.refused, []);
  }
});

test('a full shelf does not keep a message from being sent', () => {
  const shelf = new Shelf();
  shelf.setItem = () => {
    throw new Error('full');
  };
  const w = world({ shelf });
  w.say('one');
  assert.equal(w.sent.length, 1);
});

test('a damaged shelf is no obstacle', () => {
  const shelf = new Shelf([['beckon.console.say.x', '{'], ['beckon.console.say.y', 'null'], ['other', '1']]);
  assert.deepEqual(world({ shelf }).outbox.all, []);
  assert.deepEqual([...shelf.keys()], ['other'], 'and is cleared');
});

test('keys are 128 random bits in 32 characters', () => {
  const keys = new Set(Array.from({ length: 1000 }, newKey));
  assert.equal(keys.size, 1000);
  for (const key of keys) assert.match(key, /^[0-9a-f]{32}$/);
});
