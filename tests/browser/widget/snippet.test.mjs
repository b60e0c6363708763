// The script tag and the calls: what a site's developer relies on.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { call, kSnippet, launchBrowser, open, page, pause, settled, until, visit } from './support.mjs';

const kStub =
  '<script nonce="n">window.Beckon=window.Beckon||function(){(Beckon.q=Beckon.q||[]).push(arguments)}</script>';

let browser;
before(async () => (browser = await launchBrowser()));
after(() => browser.close());

test('the first frame is a hello that says where the visitor is', async (t) => {
  const { server } = await visit(t, browser, {
    path: '/product?utm_source=mail#top',
    pages: { '/product': page({ title: 'Lamp' }) },
  });
  const [hello] = server.of('hello');
  assert.equal(hello.site, 'shop');
  assert.match(hello.tab, /^[\w-]{1,64}$/);
  assert.match(hello.session, /^[\w-]{16,64}$/);
  assert.equal(hello.resume, false);
  assert.equal(hello.language, 'en');
  assert.equal('consent' in hello, false);
  assert.equal('token' in hello, false);
  assert.deepEqual(hello.page, {
    url: server.origin + '/product?utm_source=mail',
    title: 'Lamp',
    referrer: '',
    hidden: false,
  });
});

test('a page costs two requests, the script and the socket', async (t) => {
  const { server, tab } = await visit(t, browser);
  await settled(tab);
  assert.deepEqual(
    server.requests.filter((path) => /^.(widget|ws)/.test(path)),
    ['/widget.js', '/ws?site=shop'],
  );
});

test('calls made before the script has loaded are made up for, in order', async (t) => {
  const head = `${kStub}<script>Beckon('cart',{value:80,items:2,currency:'EUR'});Beckon('event','size_chart',{product:'lamp'})</script>${kSnippet}`;
  const { server } = await visit(t, browser, { pages: { '/': page({ head }) } });
  await until(() => server.events.length === 3);
  assert.deepEqual(server.events.slice(1), [
    { type: 'cart', value: 80, items: 2, currency: 'EUR' },
    { type: 'event', name: 'size_chart', data: { product: 'lamp' } },
  ]);
});

test('every command becomes its frame', async (t) => {
  const { server, tab } = await visit(t, browser);
  await call(tab, 'cart', { value: 0 });
  await call(tab, 'order', { value: 120.5, margin: -3, id: 'A-1' });
  await call(tab, 'event', 'video');
  await call(tab, 'attr', 'plan', 'gold');
  await call(tab, 'attr', 'plan', null);
  await call(tab, 'identify', 'a.b.c');
  await until(() => server.of('identify').length);
  assert.deepEqual(server.events.slice(1), [
    { type: 'cart', value: 0 },
    { type: 'order', value: 120.5, margin: -3, id: 'A-1' },
    { type: 'event', name: 'video' },
    { type: 'attr', name: 'plan', value: 'gold' },
    { type: 'attr', name: 'plan', value: null },
  ]);
  assert.equal(server.of('identify')[0].jwt, 'a.b.c');
});

test('a wrong call is one warning, nothing thrown, nothing sent', async (t) => {
  const { server, tab } = await visit(t, browser);
  const wrong = [
    [],
    ['no-such-command'],
    ['constructor'],
    ['cart'],
    ['cart', 80],
    ['cart', { value: '80' }],
    ['cart', { value: -1 }],
    ['cart', { total: 80 }],
    ['cart', { currency: 'much too long' }],
    ['order', { id: '' }],
    ['event'],
    ['event', ''],
    ['event', 'x'.repeat(65)],
    ['event', 'x', []],
    ['event', 'x', { deep: {} }],
    ['event', 'x', { long: 'x'.repeat(257) }],
    ['event', 'é'.repeat(33)],
    ['event', 'x', Object.fromEntries(Array.from({ length: 17 }, (_, i) => ['k' + i, 1]))],
    ['attr', 'x'],
    ['attr', 'x', {}],
    ['consent', 'yes'],
    ['identify', 7],
    ['on', 'x'],
    ['page', 'x'],
    ['page', { path: '/' }],
    ['panel'],
  ];
  for (const args of wrong) await call(tab, ...args);
  await tab.evaluate(() => window.Beckon('cart', { value: NaN }));
  await pause(400);
  assert.equal(tab.said.filter((line) => line.startsWith('Beckon:')).length, wrong.length + 1);
  assert.deepEqual(
    tab.said.filter((line) => line.startsWith('error:')),
    [],
  );
  assert.equal(server.frames.length, 1);
});

test('half a surrogate pair does not reach the server', async (t) => {
  const { server, tab } = await visit(t, browser);
  await tab.evaluate(() => window.Beckon('event', 'x', { half: 'a\ud83d' }));
  await until(() => server.events[1]);
  assert.equal(server.events[1].data.half, 'a\ufffd');
});

test('the page keeps its globals, but for Beckon', async (t) => {
  const bare = await visit(t, browser, { pages: { '/bare': page({ head: '' }) } });
  const other = await bare.context.newPage();
  await other.goto(bare.server.origin + '/bare');
  const names = (tab) => tab.evaluate(() => Object.getOwnPropertyNames(window));
  const before = new Set(await names(other));
  assert.deepEqual(
    (await names(bare.tab)).filter((name) => !before.has(name)),
    ['Beckon'],
  );
});

test('a second script tag changes nothing', async (t) => {
  const { server } = await visit(t, browser, { pages: { '/': page({ head: kSnippet + kSnippet }) } });
  await pause(300);
  assert.equal(server.of('hello').length, 1);
});

test('a tag without a site says so and does nothing', async (t) => {
  const { context, server } = await visit(t, browser, {
    pages: { '/bad': page({ head: '<script async src="/widget.js"></script>' }) },
  });
  const tab = await open(context, server, '/bad');
  await until(() => tab.said.length);
  assert.deepEqual(tab.said, ['Beckon: no data-site']);
});

test('data-server says where the server is, data-lang and data-consent what the page knows', async (t) => {
  const first = await visit(t, browser);
  const head = `<script async src="/widget.js" data-site="shop" data-server="${first.server.origin}" data-lang="fr-BE" data-consent="granted"></script>`;
  const second = await visit(t, browser, {
    pages: { '/': page({ head: kSnippet }), '/other': page({ head }) },
  });
  const tab = await open(second.context, second.server, '/other');
  await until(() => first.server.of('hello').length === 2);
  const hello = first.server.of('hello')[1];
  assert.equal(hello.language, 'fr-BE');
  assert.equal(hello.consent, true);
  first.server.offer('invite', { text: 'Bonjour' });
  assert.equal(await tab.locator('[data-beckon=accept]').textContent(), 'Oui, volontiers');
});

test('it works under a strict content security policy with Trusted Types', async (t) => {
  const policy =
    "default-src 'none'; script-src 'nonce-n'; connect-src 'self'; style-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'; base-uri 'none'";
  const head = `${kStub}<script async nonce="n" src="/widget.js" data-site="shop"></script>`;
  const html = page({ head });
  const { server, tab } = await visit(t, browser, {
    pages: { '/': { html, headers: { 'content-security-policy': policy } } },
    welcome: () => ({ theme: { accent: '#7a1fa2' } }),
  });
  server.offer('invite', { text: 'Need a hand?', style: 'panel' });
  await until(() => server.of('offer').some(({ outcome }) => outcome === 'shown'));
  const button = tab.locator('[data-beckon=accept]');
  assert.equal(await button.evaluate((element) => getComputedStyle(element).backgroundColor), 'rgb(122, 31, 162)');
  await button.click();
  await tab.locator('[data-beckon=confirmation]').waitFor();
  assert.deepEqual(
    tab.said.filter((line) => !line.includes('favicon')),
    [],
  );
});

test('where storage is denied, everything but remembering works', async (t) => {
  const frame = `<iframe sandbox="allow-scripts" src="/inner"></iframe>`;
  const { server, tab } = await visit(t, browser, {
    pages: { '/': page({ head: '', body: frame }), '/inner': page() },
  });
  const inner = tab.frames()[1];
  await inner.evaluate(() => window.Beckon('event', 'works'));
  await until(() => server.events[1]);
  assert.equal(server.events[1].name, 'works');
  assert.deepEqual(tab.said, []);
});

test('the languages of page and browser choose the texts, the server may change them', async (t) => {
  const { server, tab } = await visit(t, browser, {
    options: { locale: 'fr-CA' },
    pages: { '/': page({ lang: 'nl' }) },
    welcome: () => ({ texts: { accept: 'Certainement' } }),
  });
  server.offer('invite', { text: 'Bonjour' });
  assert.equal(await tab.locator('[data-beckon=accept]').textContent(), 'Certainement');
  assert.equal(await tab.locator('.close').getAttribute('aria-label'), 'Fermer');
});
