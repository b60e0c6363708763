// Who the visitor is, across tabs, pages and wishes.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { call, kSnippet, launchBrowser, open, page, pause, settled, startServer, until, visit } from './support.mjs';

let browser;
before(async () => (browser = await launchBrowser()));
after(() => browser.close());

const stored = (tab) => tab.evaluate(() => [{ ...localStorage }, { ...sessionStorage }]);

test('five tabs opened at once are one visitor in five tabs', async (t) => {
  const server = await startServer();
  const context = await browser.newContext();
  t.after(async () => {
    await context.close();
    await server.stop();
  });
  let visitors = 0;
  server.welcome = ({ token }) =>
    token ? { visitor: 'v_' + token, token } : { visitor: 'v_' + ++visitors, token: String(visitors) };
  await Promise.all([1, 2, 3, 4, 5].map(() => open(context, server)));
  await until(() => server.of('hello').length === 5);
  assert.equal(visitors, 1);
  assert.equal(new Set(server.of('hello').map(({ tab }) => tab)).size, 5);
  assert.equal(new Set(server.of('hello').map(({ session }) => session)).size, 5);
});

test('a tab keeps its id from page to page, and gives none to a copy of itself', async (t) => {
  const { server, context, tab } = await visit(t, browser, { pages: { '/next': page() } });
  await tab.goto(server.origin + '/next');
  await until(() => server.of('hello').length === 2);
  const [first, second] = server.of('hello');
  assert.equal(second.tab, first.tab);
  assert.equal(second.token, 'token-1');
  assert.notEqual(second.session, first.session);
  const copying = context.waitForEvent('page');
  await tab.evaluate(() => void window.open('/next'));
  await copying;
  await until(() => server.of('hello').length === 3);
  assert.notEqual(server.of('hello')[2].tab, first.tab);
});

test('without a token nothing is stored, and the tab and visitor are new on every page', async (t) => {
  const { server, tab } = await visit(t, browser, {
    pages: { '/next': page() },
    welcome: () => ({ token: undefined }),
  });
  await tab.goto(server.origin + '/next');
  await until(() => server.of('hello').length === 2);
  await settled(tab);
  const [first, second] = server.of('hello');
  assert.deepEqual(await stored(tab), [{}, {}]);
  assert.notEqual(second.tab, first.tab);
  assert.equal('token' in second, false);
});

test('consent given later is told at once; the token that comes with it is kept', async (t) => {
  const { server, tab } = await visit(t, browser, { welcome: () => ({ token: undefined }) });
  await call(tab, 'consent', true);
  await until(() => server.of('consent').length);
  assert.equal(server.of('consent')[0].value, true);
  server.send({ type: 'welcome', visitor: 'v_2', token: 't2', last: 1, resumed: true, tracking: true, offers: [] });
  await settled(tab);
  assert.deepEqual((await stored(tab))[0], { 'beckon:shop': 'v_2 t2' });
});

test('consent given between hello and welcome is not lost', async (t) => {
  const { server, tab } = await visit(t, browser, { welcome: () => undefined });
  assert.equal('consent' in server.of('hello')[0], false);
  await call(tab, 'consent', true);
  server.send({ type: 'welcome', visitor: 'v_1', last: 0, resumed: false, tracking: true, offers: [] });
  await until(() => server.of('consent').length);
  server.socket.terminate();
  await until(() => server.of('hello').length === 2);
  assert.equal(server.of('hello')[1].consent, true);
});

test('consent refused erases what is stored, and nothing more is reported', async (t) => {
  const { server, tab } = await visit(t, browser);
  assert.deepEqual((await stored(tab))[0], { 'beckon:shop': 'v_1 token-1' });
  await tab.evaluate(() => {
    window.Beckon('event', 'not yet sent');
    window.Beckon('consent', false);
    window.Beckon('event', 'after');
    history.pushState({}, '', '/elsewhere');
  });
  await pause(500);
  assert.deepEqual(await stored(tab), [{}, {}]);
  assert.deepEqual(
    server.frames.slice(1).map(({ type, value }) => [type, value]),
    [['consent', false]],
  );
});

test('a server that does not track is told nothing', async (t) => {
  const { server, tab } = await visit(t, browser, { welcome: () => ({ tracking: false, token: undefined }) });
  await call(tab, 'cart', { value: 80 });
  await pause(400);
  assert.equal(server.frames.length, 1);
});

test('Global Privacy Control counts as refused, whatever the site says', async (t) => {
  const privacy = (tab) =>
    tab.addInitScript(() => Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', { value: true }));
  const head = kSnippet.replace('async', 'async data-consent="granted"');
  const { server, tab } = await visit(t, browser, { before: privacy, pages: { '/': page({ head }) } });
  await call(tab, 'consent', true);
  await call(tab, 'event', 'x');
  await pause(400);
  assert.equal(server.frames.length, 1);
  assert.equal(server.frames[0].consent, false);
});

test('starting over is a stranger coming in', async (t) => {
  const { server, tab } = await visit(t, browser);
  server.offer('invite', { text: 'Hello' });
  await tab.locator('[data-beckon=invitation]').waitFor();
  await call(tab, 'start-over');
  await until(() => server.of('hello').length === 2);
  const [first, second] = server.of('hello');
  assert.equal('token' in second, false);
  assert.equal(second.resume, false);
  assert.notEqual(second.session, first.session);
  await until(async () => !(await tab.locator('[data-beckon]').count()));
});

test('a page that is prerendered says nothing until it is looked at', async (t) => {
  const before = (tab) =>
    tab.addInitScript(() => Object.defineProperty(document, 'prerendering', { configurable: true, value: true }));
  const server = await startServer();
  const context = await browser.newContext();
  t.after(async () => {
    await context.close();
    await server.stop();
  });
  const tab = await open(context, server, '/', before);
  await call(tab, 'event', 'early');
  await pause(400);
  assert.equal(server.frames.length, 0);
  await tab.evaluate(() => {
    delete document.prerendering;
    document.dispatchEvent(new Event('prerenderingchange'));
  });
  await until(() => server.events.length === 2);
  assert.deepEqual(
    server.events.map(({ type }) => type),
    ['hello', 'event'],
  );
});

test('a page that comes back from the back/forward cache connects again, as a page that begins', async (t) => {
  const cached = await launchBrowser({ ignoreDefaultArgs: ['--disable-back-forward-cache'] });
  t.after(() => cached.close());
  const { server, tab } = await visit(t, cached, { pages: { '/next': page({ head: '' }) } });
  await tab.evaluate(() => (window.alive = 'since before'));
  await tab.goto(server.origin + '/next');
  await tab.goBack({ waitUntil: 'commit' });
  await until(() => server.of('hello').length === 2);
  assert.equal(await tab.evaluate(() => window.alive), 'since before', 'it was the same page');
  await settled(tab);
  const [first, second] = server.of('hello');
  assert.equal(second.session, first.session);
  assert.equal(second.tab, first.tab);
  assert.equal(second.resume, false);
  assert.equal(server.log.filter(({ type }) => type === 'leave').length, 1);
  await call(tab, 'event', 'works');
  await until(() => server.log.at(-1).name === 'works');
});

test('a leave that got lost does not end the page that came back', async (t) => {
  const { server, tab } = await visit(t, browser);
  server.apply = () => false;
  await tab.evaluate(() => {
    window.Beckon('event', 'kept');
    dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }));
  });
  await until(() => server.of('events').length);
  server.apply = () => true;
  await tab.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await until(() => server.log.length);
  await pause(300);
  assert.deepEqual(server.log, [{ type: 'event', name: 'kept' }]);
});
