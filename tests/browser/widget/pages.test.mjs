// Which pages are reported, with the Navigation API and without it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { call, launchBrowser, page, pause, until, visit } from './support.mjs';

let browser;
before(async () => (browser = await launchBrowser()));
after(() => browser.close());

const withoutNavigation = (tab) =>
  tab.addInitScript(() => Object.defineProperty(window, 'navigation', { value: undefined }));

for (const [api, prepare] of [
  ['the Navigation API', undefined],
  ['patched history', withoutNavigation],
]) {
  const start = (t) => visit(t, browser, { before: prepare, pages: { '/': page({ title: 'Home' }) } });
  const pagesOf = (server) =>
    server.events.filter(({ type }) => type === 'page').map(({ url }) => url.replace(server.origin, ''));

  test(`${api}: a route is a page, with the title it gets a moment later`, async (t) => {
    const { server, tab } = await start(t);
    await tab.evaluate(() => {
      history.pushState({}, '', '/lamp');
      setTimeout(() => (document.title = 'Lamp'), 20);
    });
    await until(() => pagesOf(server).length);
    assert.deepEqual(server.events.at(-1), {
      type: 'page',
      url: server.origin + '/lamp',
      title: 'Lamp',
      referrer: server.origin + '/',
      hidden: false,
    });
  });

  test(`${api}: back and forward are pages; fragments and the same address are not`, async (t) => {
    const { server, tab } = await start(t);
    await tab.evaluate(async () => {
      const turn = () => new Promise((resolve) => setTimeout(resolve, 150));
      history.pushState({}, '', '/a');
      await turn();
      history.replaceState({ scroll: 1 }, '', '/a');
      history.pushState({}, '', '/a#reviews');
      location.hash = 'sizes';
      await turn();
      history.replaceState({}, '', '/b');
      await turn();
      history.back();
      await turn();
    });
    await pause(200);
    assert.deepEqual(pagesOf(server), ['/a', '/b', '/a']);
  });

  test(`${api}: what follows a change of route belongs to the new page`, async (t) => {
    const { server, tab } = await start(t);
    await tab.evaluate(() => {
      window.Beckon('event', 'before');
      history.pushState({}, '', '/cart');
      window.Beckon('cart', { value: 12 });
    });
    await until(() => server.events.length === 4);
    assert.deepEqual(
      server.events.map(({ type }) => type),
      ['hello', 'event', 'page', 'cart'],
    );
  });
}

test('patched history calls through and is taken off when the server ends the connection for good', async (t) => {
  const { server, tab } = await visit(t, browser, { before: withoutNavigation });
  assert.equal(await tab.evaluate(() => Object.hasOwn(history, 'pushState')), true);
  server.socket.close(4503, 'forbidden');
  await until(() => tab.said.includes('Beckon: stopped 4503 forbidden'));
  assert.equal(
    await tab.evaluate(() => Object.hasOwn(history, 'pushState') || Object.hasOwn(history, 'replaceState')),
    false,
  );
  await tab.evaluate(() => history.pushState({ a: 1 }, '', '/later'));
  assert.equal(await tab.evaluate(() => location.pathname + history.state.a), '/later1');
});

test('a wrapper that the site puts over ours stays when ours is taken off', async (t) => {
  const { server, tab } = await visit(t, browser, { before: withoutNavigation });
  await tab.evaluate(() => {
    const inner = history.pushState;
    window.calls = 0;
    history.pushState = function (...args) {
      window.calls++;
      return inner.apply(this, args);
    };
  });
  server.socket.close(4503, 'forbidden');
  await until(() => tab.said.length);
  await tab.evaluate(() => history.pushState({}, '', '/later'));
  assert.equal(await tab.evaluate(() => window.calls + location.pathname), '1/later');
});

test('a site may say itself that a page begins', async (t) => {
  const { server, tab } = await visit(t, browser);
  await call(tab, 'page', { url: '/quick-view/lamp', title: 'Quick view' });
  await until(() => server.events.length === 2);
  assert.deepEqual(server.events[1], {
    type: 'page',
    url: '/quick-view/lamp',
    title: 'Quick view',
    referrer: server.origin + '/',
    hidden: false,
  });
});

test('leaving a page says so, once', async (t) => {
  const { server, tab } = await visit(t, browser, { pages: { '/next': page() } });
  await tab.goto(server.origin + '/next');
  await until(() => server.of('hello').length === 2);
  assert.deepEqual(
    server.frames.filter(({ connection }) => connection === 1).flatMap(({ events = [] }) => events),
    [{ type: 'leave' }],
  );
});
