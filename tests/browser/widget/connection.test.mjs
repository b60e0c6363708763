// Nothing lost, nothing twice, and no storm: how the widget talks to its server.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { transform } from 'esbuild';
import { call, launchBrowser, open, page, pause, settled, until, visit } from './support.mjs';

let browser;
before(async () => (browser = await launchBrowser()));
after(() => browser.close());

/** A page whose back-off is never longer than no time at all. */
const hasty = (tab) => tab.addInitScript(() => (Math.random = () => 0));
const names = (events) => events.filter(({ type }) => type === 'event').map(({ name }) => name);

test('events leave together, four times a second; pages, leaving and answers at once, with what waited', async (t) => {
  const { server, tab } = await visit(t, browser);
  await tab.evaluate(() => {
    for (const name of ['a', 'b', 'c']) window.Beckon('event', name);
  });
  await settled(tab);
  assert.equal(server.of('events').length, 0);
  await until(() => server.of('events').length);
  assert.deepEqual(names(server.of('events')[0].events), ['a', 'b', 'c']);
  await tab.evaluate(() => {
    window.Beckon('event', 'd');
    document.dispatchEvent(new MouseEvent('mouseout', { clientY: -1 }));
  });
  await settled(tab);
  assert.deepEqual(
    server.of('events')[1].events.map(({ name, type }) => name || type),
    ['d', 'exit_intent'],
  );
});

test('many events become several frames, in order, ids counting up from one', async (t) => {
  const { server, tab } = await visit(t, browser);
  await tab.evaluate(() => {
    for (let i = 0; i < 120; ++i) window.Beckon('event', 'e' + i);
  });
  await until(() => server.log.length === 120);
  assert.deepEqual(
    names(server.log),
    Array.from({ length: 120 }, (_, i) => 'e' + i),
  );
  assert.deepEqual(
    server.of('events').map(({ id }) => id),
    Array.from({ length: server.of('events').length }, (_, i) => i + 1),
  );
  assert.ok(server.of('events').every(({ events }) => events.length <= 50));
});

test('after a reconnect what was applied is not sent again, and the rest is, once', async (t) => {
  const { server, tab } = await visit(t, browser, { before: hasty });
  server.acknowledge = () => false;
  server.apply = (frame) => frame.id < 2;
  await call(tab, 'event', 'applied');
  await until(() => server.log.length === 1);
  await call(tab, 'event', 'lost');
  await until(() => server.of('events').length === 2);
  server.apply = server.acknowledge = () => true;
  server.socket.terminate();
  await call(tab, 'event', 'meanwhile');
  await until(() => server.log.length === 3);
  assert.deepEqual(names(server.log), ['applied', 'lost', 'meanwhile']);
  assert.deepEqual(
    server
      .of('events')
      .filter(({ connection }) => connection === 2)
      .map(({ id }) => id),
    [2, 3],
  );
  const [first, second] = server.of('hello');
  assert.equal(second.session, first.session);
  assert.equal(second.resume, true);
  assert.equal(second.token, 'token-1');
  assert.equal(server.sockets[1].hint, 'v_1');
});

test('a connection cut at any moment loses nothing and doubles nothing', async (t) => {
  const { server, tab } = await visit(t, browser, { before: hasty });
  let seed = 7;
  const chance = (share) => (seed = (seed * 16807) % 2147483647) / 2147483647 < share;
  server.apply = () => {
    if (chance(0.8)) return true;
    server.socket.terminate(); // with the frame applied, or before that
    return chance(0.5);
  };
  server.acknowledge = () => chance(0.6);
  for (let i = 0; i < 40; ++i) {
    await call(tab, 'page', { url: '/p' + i }); // pages leave one by one
    await pause(70);
  }
  server.apply = server.acknowledge = () => true;
  server.socket?.terminate();
  const wanted = Array.from({ length: 40 }, (_, i) => '/p' + i);
  await until(() => server.log.at(-1)?.url === wanted.at(-1), 'the last page', 20_000);
  assert.deepEqual(
    server.log.map(({ url }) => url),
    wanted,
  );
  assert.ok(server.sockets.length > 5, 'the connection was cut');
});

test('a page opened while there was no connection is announced by its own event, not by the hello', async (t) => {
  const { server, tab } = await visit(t, browser);
  await tab.clock.install();
  server.refuse = true;
  server.socket.terminate();
  await settled(tab).catch(() => {});
  await tab.evaluate(() => history.pushState({}, '', '/second'));
  await tab.clock.runFor(200);
  server.refuse = false;
  await tab.clock.runFor(40_000);
  await until(() => server.of('hello').length > 1);
  await until(() => server.log.length);
  assert.equal(server.of('hello')[1].page.url, server.origin + '/');
  assert.equal(server.log[0].url, server.origin + '/second');
});

for (const code of [1001, 1011, 3000, 4000, 4004, 4499]) {
  test(`after close code ${code} it comes back`, async (t) => {
    const { server } = await visit(t, browser, { before: hasty });
    server.socket.close(code, 'test');
    await until(() => server.of('hello').length === 2);
    assert.equal(server.of('hello')[1].resume, true);
  });
}

for (const code of [4500, 4504, 4999]) {
  test(`after close code ${code} it does not come back, and is silent`, async (t) => {
    const { server, tab } = await visit(t, browser, { before: hasty });
    server.offer('invite', { text: 'Hello' });
    await tab.locator('[data-beckon=invitation]').waitFor();
    server.socket.close(code, 'test');
    await until(() => tab.said.length);
    await call(tab, 'event', 'later');
    await pause(300);
    assert.equal(server.of('hello').length, 1);
    assert.equal(await tab.locator('[data-beckon]').count(), 0);
    assert.deepEqual(tab.said, [`Beckon: stopped ${code} test`]);
  });
}

test('signed in as somebody known, it comes back as that visitor and sends what was not applied', async (t) => {
  const { server, tab } = await visit(t, browser);
  server.apply = ({ type }) => type === 'identify';
  await tab.evaluate(() => {
    window.Beckon('identify', 'a.b.c');
    window.Beckon('cart', { value: 80 });
  });
  await until(() => server.of('events').length);
  server.apply = () => true;
  server.send({
    type: 'welcome',
    visitor: 'v_known',
    token: 'known',
    last: 1,
    resumed: false,
    tracking: true,
    offers: [],
  });
  server.socket.close(4005, 'signed in');
  server.applied.clear(); // another visitor, who knows nothing of this session
  await until(() => server.log.length === 2);
  assert.equal(server.of('hello')[1].token, 'known');
  assert.equal(server.sockets[1].hint, 'v_known');
  assert.deepEqual(server.log.at(-1), { type: 'cart', value: 80 });
  assert.equal(server.of('identify').length, 1);
});

test('the wait before a reconnect is anything up to a bound that doubles from 1 s to 30 s', async () => {
  const source = readFileSync(new URL('../../../widget/src/backoff.ts', import.meta.url), 'utf8');
  const { code } = await transform(source, { loader: 'ts' });
  const { backoff } = await import('data:text/javascript,' + encodeURIComponent(code));
  const bounds = [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000];
  bounds.forEach((bound, attempt) => {
    assert.equal(backoff(attempt, 0), 0);
    assert.equal(backoff(attempt, 0.5), bound / 2);
    assert.ok(backoff(attempt, 1 - 1e-9) < bound);
  });
  assert.ok(backoff(10_000, 0.999) < 30_000);
});

test('it does not hammer a server that refuses it', async (t) => {
  const { server, tab } = await visit(t, browser, {
    before: (tab) => tab.addInitScript(() => (Math.random = () => 0.999)),
  });
  await tab.clock.install();
  server.refuse = true;
  const before = server.requests.length;
  server.socket.terminate();
  await settledIn(tab);
  for (let second = 0; second < 61; ++second) {
    await tab.clock.runFor(1000);
    await pause(15);
  }
  const attempts = server.requests.length - before;
  assert.ok(attempts >= 5 && attempts <= 7, `${attempts} attempts in 61 s`); // after 1, 3, 7, 15, 31 and 61 s
});

const settledIn = () => pause(60);

test('a server that no longer answers is left, and found again', async (t) => {
  const { server, tab } = await visit(t, browser, { before: hasty });
  await tab.clock.install();
  server.acknowledge = () => false;
  await call(tab, 'event', 'x');
  await tab.clock.runFor(300);
  await until(() => server.of('events').length);
  await tab.clock.runFor(19_000);
  assert.equal(server.of('hello').length, 1);
  await tab.clock.runFor(1000);
  await until(async () => (await tab.clock.runFor(10), server.of('hello').length === 2));
});

test('going offline hangs up; coming online connects again and sends what happened, once', async (t) => {
  const { server, context, tab } = await visit(t, browser, { before: hasty });
  await context.setOffline(true);
  await until(() => server.sockets[0].readyState === 3);
  await call(tab, 'cart', { value: 9 });
  await pause(400);
  await context.setOffline(false);
  await until(() => server.log.length);
  await pause(300);
  assert.deepEqual(server.log, [{ type: 'cart', value: 9 }]);
});

test('what waits for a connection is bounded', async (t) => {
  const { server, tab } = await visit(t, browser, { before: hasty });
  server.refuse = true;
  server.socket.terminate();
  await settled(tab);
  await tab.evaluate(() => {
    for (let i = 0; i < 5000; ++i) window.Beckon('event', 'e' + i);
  });
  server.refuse = false;
  await until(() => names(server.log).includes('e4999'));
  assert.ok(server.log.length <= 640, `${server.log.length} events`);
});

test('an error names the frame that was refused; what follows goes on', async (t) => {
  const { server, tab } = await visit(t, browser);
  server.acknowledge = ({ type }) => type !== 'identify';
  server.apply = (frame) => {
    if (frame.type === 'identify')
      server.send({ type: 'error', id: frame.id, code: 'bad_identity', message: 'expired' });
    return frame.type !== 'identify';
  };
  await call(tab, 'identify', 'a.b.c');
  await call(tab, 'event', 'next');
  await until(() => server.log.length);
  assert.deepEqual(tab.said, ['Beckon: refused bad_identity expired']);
  server.socket.terminate();
  await until(() => server.of('hello').length === 2);
  await pause(100);
  assert.equal(server.of('identify').length, 1);
});
