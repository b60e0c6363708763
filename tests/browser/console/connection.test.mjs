// The operators' connection without a browser: sockets, time and chance are the test's.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load } from './bundle.mjs';

const { Connection, Refused, Unanswered, kAnswerMs, kQuietMs } = await load('protocol/connection.ts');

/** A connection, its sockets (oldest first), a clock to turn, and what it told. */
function world({ random = 0.5, mayRetry = true } = {}) {
  const w = { now: 0, sockets: [], timers: [], states: [], welcomes: 0, frames: [] };
  const open = () => {
    const socket = { sent: [], closed: false, send: (data) => socket.sent.push(JSON.parse(data)), close: () => (socket.closed = true) };
    w.sockets.push(socket);
    return socket;
  };
  const after = (ms, then) => {
    const timer = { at: w.now + ms, then };
    w.timers.push(timer);
    return () => (w.timers = w.timers.filter((one) => one !== timer));
  };
  w.connection = new Connection(
    { open, after, now: () => w.now, random: () => random },
    {
      status: (status) => w.states.push(status),
      welcome: () => w.welcomes++,
      frame: (frame) => w.frames.push(frame),
      mayRetry: async () => mayRetry,
    },
  );
  w.pass = (ms) => {
    const end = w.now + ms;
    for (;;) {
      const next = w.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      w.timers = w.timers.filter((one) => one !== next);
      w.now = next.at;
      next.then();
    }
    w.now = end;
  };
  w.hear = (frame) => w.sockets.at(-1).onmessage({ data: JSON.stringify(frame) });
  w.greet = () => {
    w.sockets.at(-1).onopen();
    w.hear({ type: 'ok', id: w.sockets.at(-1).sent[0].id });
    w.hear({ type: 'welcome' });
  };
  w.lose = (code = 1006, reason = '') => w.sockets.at(-1).onclose({ code, reason });
  w.connection.start();
  return w;
}

test('it says hello, and is open with the welcome', () => {
  const w = world();
  assert.equal(w.connection.ready, false);
  w.greet();
  assert.deepEqual(w.sockets[0].sent, [{ type: 'hello', id: 1 }]);
  assert.deepEqual(w.states, [{ state: 'connecting', attempt: 0 }, { state: 'open' }]);
  assert.equal(w.welcomes, 1);
  assert.equal(w.connection.ready, true);
});

test('an answer goes to who asked, a refusal too', async () => {
  const w = world();
  w.greet();
  const first = w.connection.request('take', { version: 3 });
  const second = w.connection.request('close');
  const [, take, close] = w.sockets[0].sent;
  assert.deepEqual(take, { type: 'take', id: 2, version: 3 });
  w.hear({ type: 'error', id: close.id, code: 'conflict', operator: 'Noor' });
  w.hear({ type: 'ok', id: take.id, seq: 7 });
  assert.equal((await first).seq, 7);
  await assert.rejects(second, (error) => error instanceof Refused && error.refusal.operator === 'Noor');
});

test('what was not answered when the line went is told so, and nothing is sent without one', async () => {
  const w = world();
  await assert.rejects(w.connection.request('say'), Unanswered);
  w.greet();
  const asked = w.connection.request('say');
  w.lose();
  await assert.rejects(asked, Unanswered);
  await assert.rejects(w.connection.request('say'), Unanswered);
});

test('it comes back after a delay with full jitter, doubling to 30 s', () => {
  const w = world({ random: 0.999999 });
  const bounds = [1, 2, 4, 8, 16, 30, 30].map((s) => s * 1000);
  for (const [i, bound] of bounds.entries()) {
    w.lose();
    const { state, at } = w.states.at(-1);
    assert.equal(state, 'lost');
    assert.ok(at - w.now > bound * 0.99 && at - w.now <= bound, `delay ${i}: ${at - w.now}`);
    w.pass(at - w.now - 1);
    assert.equal(w.sockets.length, i + 1, 'not before its time');
    w.pass(1);
    assert.equal(w.sockets.length, i + 2);
  }
  const none = world({ random: 0 });
  none.lose();
  none.pass(0);
  assert.equal(none.sockets.length, 2, 'chance 0 is at once');
});

test('a connection that lived long makes the next delay short again, one that did not does not', () => {
  const w = world({ random: 0.999 });
  for (let i = 0; i < 4; i++) {
    w.lose();
    w.pass(30_000);
  }
  w.greet();
  w.pass(10_000);
  w.lose();
  assert.ok(w.states.at(-1).at - w.now <= 1000);
  w.pass(1000);
  w.greet();
  w.lose();
  assert.ok(w.states.at(-1).at - w.now > 1000);
});

test('an unanswered frame means that the line is dead', () => {
  const w = world();
  w.greet();
  void w.connection.request('read').catch(() => {});
  w.pass(kAnswerMs - 1);
  assert.equal(w.states.at(-1).state, 'open');
  w.pass(1);
  assert.equal(w.states.at(-1).state, 'lost');
  assert.equal(w.sockets[0].closed, true);
});

test('more questions do not put off that the first is unanswered', () => {
  const w = world();
  w.greet();
  for (let second = 0; second < kAnswerMs / 1000; second++) {
    void w.connection.request('typing').catch(() => {});
    w.pass(1000);
  }
  assert.equal(w.states.at(-1).state, 'lost');
});

test('a quiet line is asked, and given up when it does not answer', () => {
  const w = world();
  w.greet();
  w.pass(kQuietMs);
  assert.equal(w.sockets[0].sent.at(-1).type, 'ping');
  w.hear({ type: 'ok', id: w.sockets[0].sent.at(-1).id });
  w.pass(kQuietMs);
  assert.equal(w.sockets[0].sent.filter(({ type }) => type === 'ping').length, 2);
  w.pass(kAnswerMs);
  assert.equal(w.states.at(-1).state, 'lost');
});

test('a welcome that does not come means that the line is dead', () => {
  const w = world();
  w.pass(kAnswerMs);
  assert.equal(w.states.at(-1).state, 'lost');
});

test('signed out: it does not come back by itself', () => {
  const w = world();
  w.greet();
  w.lose(4505, 'signed_out');
  assert.deepEqual(w.states.at(-1), { state: 'stopped', code: 4505, reason: 'signed_out' });
  w.pass(3_600_000);
  assert.equal(w.sockets.length, 1);
  w.connection.start();
  assert.equal(w.sockets.length, 2, 'but after signing in again');
});

test('refused before the welcome with the session over: no more tries', async () => {
  const w = world({ mayRetry: false });
  w.lose();
  await Promise.resolve();
  await Promise.resolve();
  w.pass(3_600_000);
  assert.equal(w.sockets.length, 1);
});

test('it can be told to try now, once', () => {
  const w = world({ random: 0.9 });
  w.lose();
  w.connection.retryNow();
  w.connection.retryNow();
  assert.equal(w.sockets.length, 2);
  w.pass(1000);
  assert.equal(w.sockets.length, 2, 'the delayed try is taken back');
});

test('frames of a line that was given up are not heard', () => {
  const w = world();
  w.greet();
  const [old] = w.sockets;
  w.connection.offline();
  assert.equal(old.onmessage, null);
});
