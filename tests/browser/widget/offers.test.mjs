// Offers: what appears, what the visitor can do with it, and what the server and the site hear of it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { call, launchBrowser, page, pause, settled, until, visit } from './support.mjs';

let browser;
before(async () => (browser = await launchBrowser()));
after(() => browser.close());

const kCanary = '"><img src=x onerror=window.__x=1>';
const outcomes = (server) => server.of('offer').map(({ outcome }) => outcome);
const invite = (server, more = {}) => server.offer('invite', { text: 'Need a hand?', from: { name: 'Léa' }, ...more });

/** Notes in window.heard what the site hears. */
const listen = (tab) =>
  tab.evaluate(() => {
    window.heard = [];
    for (const name of ['shown', 'accepted', 'dismissed', 'withdrawn', 'vip']) {
      window.Beckon('on', name, (detail) => void window.heard.push([name, detail]));
      addEventListener('beckon:' + name, (event) => window.heard.push(['dom', event.type, event.detail]));
    }
  });
const heard = (tab) => tab.evaluate(() => JSON.parse(JSON.stringify(window.heard)));

test('an invitation appears, and that it was shown is told once', async (t) => {
  const { server, tab } = await visit(t, browser);
  const offer = invite(server);
  const element = tab.locator('[data-beckon=invitation]');
  await element.waitFor();
  assert.equal(await element.getAttribute('data-rule'), 'test-rule');
  assert.match(await element.innerText(), /Léa\s+Need a hand\?\s+Yes, please/);
  await until(() => outcomes(server).length);
  await pause(200);
  assert.deepEqual(
    server.of('offer').map(({ offer, outcome }) => [offer, outcome]),
    [[offer, 'shown']],
  );
});

test('an offer that nobody could see was not shown, until it can be seen', async (t) => {
  const { server, tab } = await visit(t, browser);
  const display = (value) => tab.evaluate((wanted) => (document.documentElement.style.display = wanted), value);
  await display('none');
  invite(server);
  await tab.locator('[data-beckon=invitation]').waitFor({ state: 'attached' });
  await pause(300);
  assert.deepEqual(outcomes(server), []);
  await display('');
  await until(() => outcomes(server).includes('shown'));
});

test('accepting says so, thanks, and leaves with the next click', async (t) => {
  const { server, tab } = await visit(t, browser);
  await listen(tab);
  const offer = invite(server);
  await tab.locator('[data-beckon=accept]').click();
  const last = tab.locator('[data-beckon=confirmation]');
  assert.match(await last.innerText(), /Thank you/);
  await until(() => outcomes(server).includes('accepted'));
  server.send({ type: 'withdraw', offer, why: 'accepted' });
  await settled(tab);
  assert.equal(await last.isVisible(), true, 'the thanks stay when the server takes the offer off');
  await tab.locator('[data-beckon=close]').click();
  await until(async () => !(await tab.locator('section').count()));
  assert.deepEqual(outcomes(server), ['shown', 'accepted']);
  const detail = { offer, rule: 'test-rule', kind: 'invite' };
  assert.deepEqual(await heard(tab), [
    ['shown', detail],
    ['dom', 'beckon:shown', detail],
    ['accepted', detail],
    ['dom', 'beckon:accepted', detail],
  ]);
});

test('last words leave by themselves', async (t) => {
  const { server, tab } = await visit(t, browser);
  await tab.clock.install();
  invite(server);
  await tab.locator('[data-beckon=accept]').click();
  await tab.clock.runFor(9_900);
  assert.equal(await tab.locator('[data-beckon=confirmation]').count(), 1);
  await tab.clock.runFor(500);
  assert.equal(await tab.locator('section').count(), 0);
  assert.deepEqual(
    outcomes(server).filter((outcome) => outcome !== 'shown'),
    ['accepted'],
  );
});

for (const [how, take] of [
  ['prevents the event', () => addEventListener('beckon:accepted', (event) => event.preventDefault())],
  ['returns false', () => window.Beckon('on', 'accepted', () => false)],
]) {
  test(`a site that takes care of what follows itself (${how}) gets the screen back`, async (t) => {
    const { server, tab } = await visit(t, browser);
    await tab.evaluate(take);
    invite(server);
    await tab.locator('[data-beckon=accept]').click();
    await until(async () => !(await tab.locator('section').count()));
    assert.deepEqual(outcomes(server), ['shown', 'accepted']);
  });
}

test('a listener that throws harms nobody', async (t) => {
  const { server, tab } = await visit(t, browser);
  await tab.evaluate(() => {
    window.Beckon('on', 'shown', () => {
      throw new Error('the site made a mistake');
    });
  });
  invite(server);
  await tab.locator('[data-beckon=accept]').click();
  await tab.locator('[data-beckon=confirmation]').waitFor();
  assert.equal(tab.said.length, 1);
  assert.match(tab.said[0], /the site made a mistake/);
});

test('dismissing says so and takes it away', async (t) => {
  const { server, tab } = await visit(t, browser);
  invite(server);
  await tab.locator('[data-beckon=dismiss]').click();
  await until(async () => !(await tab.locator('section').count()));
  assert.deepEqual(outcomes(server), ['shown', 'dismissed']);
});

test('Escape dismisses only with the focus inside, which goes back to where it was', async (t) => {
  const { server, tab } = await visit(t, browser, { pages: { '/': page({ body: '<button id="buy">Buy</button>' }) } });
  await tab.locator('#buy').focus();
  invite(server);
  await until(() => outcomes(server).length);
  assert.equal(await tab.evaluate(() => document.activeElement.id), 'buy', 'the focus was not taken');
  await tab.keyboard.press('Escape');
  await settled(tab);
  assert.deepEqual(outcomes(server), ['shown']);
  await tab.keyboard.press('Tab');
  assert.equal(await tab.evaluate(() => document.activeElement.localName), 'beckon-widget');
  await tab.keyboard.press('Escape');
  await until(() => outcomes(server).includes('dismissed'));
  assert.equal(await tab.evaluate(() => document.activeElement.id), 'buy');
});

test('it can be worked with the keyboard alone, and its end is announced', async (t) => {
  const { server, tab } = await visit(t, browser);
  invite(server);
  await until(async () => (await tab.locator('[role=status]').textContent()) === 'Léa: Need a hand?');
  await tab.keyboard.press('Tab');
  await tab.keyboard.press('Enter');
  await until(async () => /Thank you/.test(await tab.locator('[role=status]').textContent()));
  assert.equal(
    await tab.evaluate(() => document.querySelector('beckon-widget').shadowRoot.activeElement.dataset.beckon),
    'close',
  );
});

test('the server takes an offer away', async (t) => {
  const { server, tab } = await visit(t, browser);
  await listen(tab);
  const offer = invite(server);
  await tab.locator('section').waitFor();
  server.send({ type: 'withdraw', offer: 'o_other', why: 'ignored' });
  await pause(300);
  assert.equal(await tab.locator('section').count(), 1);
  server.send({ type: 'withdraw', offer, why: 'ignored' });
  await until(async () => !(await tab.locator('section').count()));
  assert.deepEqual((await heard(tab)).find(([name]) => name === 'withdrawn')[1], {
    offer,
    rule: 'test-rule',
    kind: 'invite',
    why: 'ignored',
  });
});

test('an offer for another tab is not shown here', async (t) => {
  const { server, tab } = await visit(t, browser);
  server.offer('invite', { text: 'Elsewhere' }, { tab: 'another' });
  server.offer('invite', { text: 'Here' }, { tab: server.of('hello')[0].tab });
  await tab.locator('section').waitFor();
  assert.equal(await tab.locator('section p').textContent(), 'Here');
});

test('a new offer takes the place of the one before', async (t) => {
  const { server, tab } = await visit(t, browser);
  invite(server, { text: 'First' });
  invite(server, { text: 'Second' });
  await until(async () => (await tab.locator('section').count()) === 1);
  assert.equal(await tab.locator('[data-beckon=invitation] p').textContent(), 'Second');
});

test('after a reconnect an offer stays, goes or comes as the welcome says; one that was answered does not come back', async (t) => {
  const { server, tab } = await visit(t, browser, {
    before: (tab) => tab.addInitScript(() => (Math.random = () => 0)),
  });
  const frame = { offer: 'o_9', rule: 'r', kind: 'invite', body: { text: 'Still here' } };
  server.welcome = () => ({ offers: [frame] });
  server.socket.terminate();
  await tab.locator('[data-beckon=invitation]').waitFor();
  server.socket.terminate();
  await until(() => server.of('hello').length === 3);
  await settled(tab);
  assert.equal(await tab.locator('section').count(), 1, 'it stays, once');
  server.apply = () => false;
  await tab.locator('[data-beckon=dismiss]').click();
  await until(() => outcomes(server).includes('dismissed'));
  server.apply = () => true;
  server.socket.terminate();
  await until(() => server.of('hello').length === 4);
  await pause(300);
  assert.equal(await tab.locator('section').count(), 0, 'it does not come back');
  assert.equal(server.log.filter(({ outcome }) => outcome === 'dismissed').length, 1, 'and the answer was sent again');
  server.welcome = () => ({ offers: [{ ...frame, offer: 'o_10' }] });
  server.socket.terminate();
  await tab.locator('[data-beckon=invitation]').waitFor();
  server.welcome = () => ({ offers: [] });
  server.socket.terminate();
  await until(async () => !(await tab.locator('section').count()));
});

test('quick replies accept, and tell the site which', async (t) => {
  const { server, tab } = await visit(t, browser);
  await listen(tab);
  invite(server, { quick_replies: ['A gift', { text: 'Something for me' }, { text: 'New things', link: '/new' }] });
  const choices = tab.locator('[data-beckon=accept]');
  assert.deepEqual(await choices.allTextContents(), ['A gift', 'Something for me', 'New things']);
  assert.equal(await choices.nth(2).getAttribute('href'), server.origin + '/new');
  await choices.nth(1).click();
  await until(() => outcomes(server).includes('accepted'));
  assert.equal((await heard(tab)).find(([name]) => name === 'accepted')[1].reply, 'Something for me');
});

test('a card leads to its link; the acceptance arrives although the page is left', async (t) => {
  const { server, tab } = await visit(t, browser, { pages: { '/lamp': page({ title: 'Lamp' }) } });
  invite(server, { card: { title: 'Evening lamp', price: '€ 89', link: '/lamp', button: 'See the lamp' } });
  assert.match(await tab.locator('.card').innerText(), /Evening lamp\s+€ 89/);
  await tab.getByRole('link', { name: 'See the lamp' }).click();
  await tab.waitForURL('**/lamp');
  await until(() => outcomes(server).includes('accepted'));
});

test('a coupon can be copied, which accepts; the code stays to be seen', async (t) => {
  const { server, context, tab } = await visit(t, browser);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  invite(server, { coupon: 'DUSK10' });
  await tab.locator('[data-beckon=accept]').click();
  await until(async () => (await tab.locator('[data-beckon=accept]').textContent()) === 'Copied');
  assert.equal(await tab.evaluate(() => navigator.clipboard.readText()), 'DUSK10');
  assert.equal(await tab.locator('code').textContent(), 'DUSK10');
  await until(() => outcomes(server).includes('accepted'));
  await pause(300);
  assert.equal(
    server.events.some(({ name }) => name === 'text_copied'),
    false,
    'ours is no friction',
  );
  await tab.locator('.close').click();
  await pause(100);
  assert.deepEqual(outcomes(server), ['shown', 'accepted']);
});

test('a call button calls', async (t) => {
  const { server, tab } = await visit(t, browser);
  server.offer('call', { text: 'Rather talk?', phone: '+32 (0)9 555 01 88' });
  const element = tab.locator('[data-beckon=call]');
  const link = element.locator('[data-beckon=accept]');
  assert.equal(await link.getAttribute('href'), 'tel:+32095550188');
  await link.evaluate((a) => a.addEventListener('click', (event) => event.preventDefault()));
  await link.click();
  await until(() => outcomes(server).includes('accepted'));
  assert.equal(await link.isVisible(), true, 'the number stays to be seen');
});

test('a call-back form asks for a number, and thanks when the server has it', async (t) => {
  const { server, tab } = await visit(t, browser);
  await listen(tab);
  const offer = server.offer('call', { text: 'Shall we call you?', callback: true });
  const button = tab.locator('[data-beckon=accept]');
  for (const wrong of ['', 'call me', '12-3', '0 0 7 +']) {
    await tab.getByLabel('Phone number').fill(wrong);
    await button.click();
    assert.equal(await tab.getByRole('alert').textContent(), 'Please enter a phone number.');
  }
  assert.equal(server.of('callback').length, 0);
  server.acknowledge = ({ type }) => type !== 'callback';
  await tab.getByLabel('Phone number').fill('+32 9 555 01 88');
  await tab.getByLabel('Name (optional)').fill('Ada');
  await button.click();
  await button.click({ force: true });
  await until(() => server.of('callback').length);
  await pause(200);
  assert.deepEqual(
    server.of('callback').map(({ offer, phone, name }) => ({ offer, phone, name })),
    [{ offer, phone: '+32 9 555 01 88', name: 'Ada' }],
  );
  assert.equal(await tab.locator('[data-beckon=confirmation]').count(), 0, 'no thanks before the server has it');
  server.send({ type: 'ack', id: server.of('callback')[0].id });
  await tab.locator('[data-beckon=confirmation]').waitFor();
  assert.match(await tab.locator('section').innerText(), /We will call you back/);
  assert.deepEqual(outcomes(server), ['shown'], 'the form counts as accepted by itself');
  assert.equal((await heard(tab)).filter(([name]) => name === 'accepted').length, 1);
});

test('a form that the server refuses says so, and can be sent again', async (t) => {
  const { server, tab } = await visit(t, browser);
  server.offer('call', { text: 'Shall we call you?', callback: true });
  server.acknowledge = ({ type }) => type !== 'callback';
  await tab.getByLabel('Phone number').fill('09 555 01 88');
  await tab.locator('[data-beckon=accept]').click();
  await until(() => server.of('callback').length);
  server.send({ type: 'error', id: server.of('callback')[0].id, code: 'store_unavailable', message: '' });
  await until(async () => /did not work/.test(await tab.getByRole('alert').textContent()));
  server.acknowledge = () => true;
  await tab.locator('[data-beckon=accept]').click();
  await tab.locator('[data-beckon=confirmation]').waitFor();
});

for (const [type, first, count] of [
  ['nps', 0, 11],
  ['csat', 1, 5],
]) {
  test(`a survey (${type}) takes a score and, if one likes, a reason`, async (t) => {
    const { server, tab } = await visit(t, browser);
    const offer = server.offer('survey', { text: 'How was it?', type });
    const scores = tab.getByRole('radio');
    await tab.locator('[data-beckon=survey]').waitFor();
    assert.equal(await scores.count(), count);
    assert.equal(await tab.getByRole('button', { name: 'Send' }).isVisible(), false);
    await tab.getByRole('radio', { name: String(first), exact: true }).focus();
    await tab.keyboard.press('ArrowRight');
    await tab.getByRole('textbox').fill('Because');
    await tab.getByRole('button', { name: 'Send' }).click();
    await tab.locator('[data-beckon=confirmation]').waitFor();
    const { score, comment, offer: about } = server.of('survey')[0];
    assert.deepEqual({ score, comment, about }, { score: first + 1, comment: 'Because', about: offer });
  });
}

test('what comes from outside is text, wherever it stands', async (t) => {
  const { server, tab } = await visit(t, browser, { welcome: () => ({ texts: { close: kCanary, accept: kCanary } }) });
  const whole = { text: kCanary, from: { name: kCanary, picture: 'javascript:window.__x=1' } };
  for (const [kind, body] of [
    ['invite', { ...whole, style: kCanary }],
    ['invite', { ...whole, style: 'open', quick_replies: [kCanary] }],
    ['invite', { ...whole, coupon: kCanary }],
    ['invite', { ...whole, card: { title: kCanary, price: kCanary, button: kCanary, link: kCanary, image: kCanary } }],
    ['call', { text: kCanary, phone: kCanary }],
    ['survey', { text: kCanary, type: kCanary }],
  ]) {
    const before = outcomes(server).length;
    server.offer(kind, body, { rule: kCanary });
    await until(() => outcomes(server).length > before, kind);
    assert.equal(await tab.locator('[data-beckon] p').first().textContent(), kCanary);
  }
  await pause(300);
  assert.equal(await tab.evaluate(() => window.__x), undefined);
});

test('links are http, https, tel or mailto, or no links', async (t) => {
  const { server, tab } = await visit(t, browser);
  const links = [
    'javascript:alert(1)',
    'java\tscript:alert(1)',
    ' javascript:alert(1)',
    'JAVASCRIPT:alert(1)',
    'vbscript:x',
    'data:text/html,x',
    'blob:x',
    'file:///etc/passwd',
    'https://',
    'mailto:a@b.example',
    '/ok',
  ];
  invite(server, { quick_replies: links.map((link) => ({ text: link.trim(), link })) });
  await tab.locator('section').waitFor();
  const found = await tab
    .locator('[data-beckon=accept]')
    .evaluateAll((all) => all.map((element) => element.getAttribute('href')));
  assert.deepEqual(found, [...Array(9).fill(null), 'mailto:a@b.example', server.origin + '/ok']);
});

test('overlong and hostile text stays inside its box', async (t) => {
  const { server, tab } = await visit(t, browser, { options: { viewport: { width: 320, height: 480 } } });
  for (const text of ['x'.repeat(5000), 'e' + '\u0301'.repeat(10_000), '\u202Edesrever\n'.repeat(200)]) {
    invite(server, { text });
    await settled(tab);
    const box = await tab.locator('[data-beckon=invitation]').boundingBox();
    assert.ok(box.x >= 0 && box.y >= 0 && box.x + box.width <= 320 && box.y + box.height <= 480, JSON.stringify(box));
    assert.equal(await tab.evaluate(() => document.documentElement.scrollWidth), 320);
  }
});

test('the site hears what rules emit, and the demo gets its panel', async (t) => {
  const { server, tab } = await visit(t, browser, {
    before: (tab) => tab.addInitScript(() => (Math.random = () => 0)),
  });
  await listen(tab);
  server.send({ type: 'emit', name: 'vip' });
  await until(async () => (await heard(tab)).length === 2);
  assert.deepEqual(await heard(tab), [
    ['vip', {}],
    ['dom', 'beckon:vip', {}],
  ]);
  await tab.evaluate(() => window.Beckon('panel', (frame) => (window.panel = frame)));
  await until(() => server.of('panel').length);
  assert.equal(server.of('panel')[0].on, true);
  server.send({ type: 'panel', rules: [] });
  await until(() => tab.evaluate(() => window.panel));
  assert.deepEqual(await tab.evaluate(() => window.panel), { type: 'panel', rules: [] });
  server.socket.terminate();
  await until(() => server.of('panel').length === 2);
});
