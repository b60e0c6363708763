// The chat: from the button to the conversation, with a server whose operator is in the test's hands.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findings } from './axe.mjs';
import { composer, kChat, launcher, log, openChat, panel, said, status, untilSaid, visitWithChat, write } from './chat_support.mjs';
import { launchBrowser, open, page, pause, settled, until, visit } from './support.mjs';

let browser;
before(async () => (browser = await launchBrowser()));
after(() => browser.close());

const kCanary = '"><img src=x onerror=window.__x=1>';
const chatScripts = (server) => server.requests.filter((path) => path.startsWith('/widget/chat-'));
const focused = (tab) =>
  tab.evaluate(() => document.querySelector('beckon-widget').shadowRoot.activeElement?.dataset.beckon);

test('a site without chat has no button', async (t) => {
  const { tab } = await visit(t, browser);
  await settled(tab);
  assert.equal(await launcher(tab).count(), 0);
});

test('the button stands where the site says, and when', async (t) => {
  const { server, tab, chat } = await visitWithChat(t, browser, { settings: { launcher: 'open', desk: { state: 'away' } } });
  await settled(tab);
  assert.equal(await launcher(tab).isVisible(), false, 'nobody is there');
  chat.state({ desk: { state: 'open' } });
  await launcher(tab).waitFor();
  assert.equal(chatScripts(server).length, 0, 'nothing of the panel is loaded before it is opened');
});

test('with "never" the button is there only while there is a conversation, or something unread', async (t) => {
  const { tab, chat } = await visitWithChat(t, browser, { settings: { launcher: 'never' } });
  await settled(tab);
  assert.equal(await launcher(tab).isVisible(), false);
  chat.state({ state: 'assigned' });
  await launcher(tab).waitFor();
  chat.state({ state: 'closed' });
  await launcher(tab).waitFor({ state: 'hidden' });
  chat.state({ unread: 2 });
  await launcher(tab).waitFor();
  assert.equal(await launcher(tab).getAttribute('aria-label'), 'Chat with us (2)');
});

test('opening focuses the field, Escape gives the focus back to the button', async (t) => {
  const { server, tab } = await visitWithChat(t, browser);
  assert.equal(await launcher(tab).getAttribute('aria-expanded'), 'false');
  await openChat(tab);
  await until(async () => (await focused(tab)) === 'composer');
  assert.equal(await launcher(tab).getAttribute('aria-expanded'), 'true');
  assert.equal(await panel(tab).getAttribute('role'), 'dialog');
  assert.equal(await log(tab).getAttribute('role'), 'log');
  assert.equal(chatScripts(server).length, 1);
  await tab.keyboard.press('Escape');
  await panel(tab).waitFor({ state: 'hidden' });
  assert.equal(await focused(tab), 'launcher');
  await openChat(tab);
  assert.equal(server.of('chat_open').length, 1, 'what is here is not asked for again');
});

test('what is said is shown at once, and once, and says how far it got', async (t) => {
  const { server, tab, chat } = await visitWithChat(t, browser);
  server.acknowledge = () => false;
  server.apply = (frame) => frame.type !== 'say';
  await openChat(tab);
  await write(tab, 'Does it come in green?');
  await untilSaid(tab, ['Does it come in green?']);
  assert.match(await log(tab).innerText(), /Sending…/);
  const { key, id, text } = await until(() => server.of('say')[0]);
  assert.match(key, /^[a-z0-9]{32}$/);
  assert.equal(text, 'Does it come in green?');
  assert.equal(await composer(tab).inputValue(), '');
  server.apply = () => true;
  chat.add({ from: 'visitor', key, text });
  server.send({ type: 'ack', id });
  await until(async () => /Sent/.test(await log(tab).innerText()));
  assert.deepEqual(await said(tab), ['Does it come in green?']);
  chat.state({ read: 1 });
  await until(async () => /Read/.test(await log(tab).innerText()));
});

test('a message from the operator comes with name and time, and is told as seen', async (t) => {
  const { server, tab, chat } = await visitWithChat(t, browser);
  await openChat(tab);
  chat.join();
  chat.operator('Hello!');
  await untilSaid(tab, ['Hello!']);
  assert.match(await log(tab).innerText(), /Mara has joined\.\s+Mara\s+\d/);
  assert.match(await panel(tab).innerText(), /Mara is here for you/);
  await until(() => server.of('seen').some(({ read, delivered }) => read === 2 && delivered === 2));
});

test('what was said before is there, and older words on request', async (t) => {
  const { server, tab, chat } = await visitWithChat(t, browser);
  for (let n = 1; n <= 70; ++n) chat.add({ from: n % 2 ? 'visitor' : 'operator', name: 'Mara', text: 'No. ' + n }, () => {});
  await openChat(tab);
  await until(async () => (await said(tab)).length === 50);
  assert.equal((await said(tab)).at(-1), 'No. 70');
  await tab.locator('.older').click();
  await until(async () => (await said(tab)).length === 70);
  assert.deepEqual((await said(tab)).slice(0, 3), ['No. 1', 'No. 2', 'No. 3']);
  assert.equal(await tab.locator('.older').count(), 0);
  assert.deepEqual(server.of('history').map(({ before }) => before), [21]);
});

test('messages in any order, doubled or missing, end up in order and once', async (t) => {
  const { server, tab, chat } = await visitWithChat(t, browser);
  await openChat(tab);
  const [one, two, three, four] = ['one', 'two', 'three', 'four'].map((text) =>
    chat.add({ from: 'operator', name: 'Mara', text }, () => {}),
  );
  server.send({ type: 'messages', messages: [two, one] });
  await untilSaid(tab, ['one', 'two']);
  server.send({ type: 'messages', messages: [two] });
  server.send({ type: 'messages', messages: [four] }); // three was lost: it is asked for
  await untilSaid(tab, ['one', 'two', 'three', 'four']);
  assert.deepEqual(server.of('history').map(({ after }) => after), [2]);
  assert.ok(three);
});

test('without a connection: said so, kept, and sent exactly once', async (t) => {
  const { server, tab, chat } = await visitWithChat(t, browser);
  await openChat(tab);
  await write(tab, 'first');
  await untilSaid(tab, ['first']);
  server.refuse = true;
  server.socket.terminate();
  await until(async () => /Not connected/.test(await status(tab).innerText()));
  await write(tab, 'second');
  await write(tab, 'third');
  await untilSaid(tab, ['first', 'second', 'third']);
  server.refuse = false;
  await until(() => chat.messages.length === 3, 'all three', 20_000);
  await until(async () => (await status(tab).innerText()) === '' || /shortly/.test(await status(tab).innerText()));
  assert.deepEqual(chat.messages.map(({ text }) => text), ['first', 'second', 'third']);
  assert.equal(server.of('hello').at(-1).chat, 1, 'the reconnect says what it last saw');
  await untilSaid(tab, ['first', 'second', 'third']);
});

test('an answer that was lost on the way does not double the message', async (t) => {
  const { server, tab, chat } = await visitWithChat(t, browser);
  await openChat(tab);
  await settled(tab);
  server.acknowledge = (frame) => frame.type !== 'say' && (setTimeout(() => server.socket?.terminate()), false);
  server.acknowledge = (frame) => {
    if (frame.type !== 'say') return true;
    server.acknowledge = () => true;
    server.socket.terminate();
    return false;
  };
  await write(tab, 'only once');
  await until(() => server.of('hello').length === 2, 'a reconnect', 15_000);
  await settled(tab);
  assert.equal(chat.messages.length, 1);
  await untilSaid(tab, ['only once']);
});

test('the next page of the tab has the chat open, the draft, and what had not left', async (t) => {
  const { server, tab, chat } = await visitWithChat(t, browser, { pages: { '/next': page() } });
  await openChat(tab);
  await settled(tab);
  server.apply = (frame) => frame.type !== 'say';
  server.acknowledge = (frame) => frame.type !== 'say';
  await write(tab, 'does not leave');
  await composer(tab).fill('half a thou');
  await until(() => server.of('say').length);
  server.apply = () => true;
  server.acknowledge = () => true;
  await tab.goto(server.origin + '/next');
  await panel(tab).waitFor();
  await until(() => chat.messages.length === 1);
  assert.equal(chat.messages[0].text, 'does not leave');
  assert.equal(await composer(tab).inputValue(), 'half a thou');
  await untilSaid(tab, ['does not leave']);
  await tab.keyboard.press('Escape');
  await tab.goto(server.origin + '/');
  await settled(tab);
  assert.equal(await panel(tab).count(), 0, 'closed stays closed');
});

test('where nothing may be stored, nothing is', async (t) => {
  const { server, tab } = await visitWithChat(t, browser);
  const { chat: settings } = server.welcome();
  server.welcome = () => ({ token: undefined, chat: settings });
  await tab.reload();
  await openChat(tab);
  await write(tab, 'hello');
  await composer(tab).fill('a draft');
  await settled(tab);
  assert.deepEqual(await tab.evaluate(() => [localStorage.length, sessionStorage.length]), [0, 0]);
  assert.equal(await tab.locator('.attach').isVisible(), false, 'no token, no upload');
});

test('what the server refuses says so and can be tried again', async (t) => {
  const { tab, chat } = await visitWithChat(t, browser);
  await openChat(tab);
  chat.refuse = () => 'store_unavailable';
  await write(tab, 'hello');
  await until(async () => /Not sent/.test(await log(tab).innerText()));
  chat.refuse = () => 'too_many';
  await tab.locator('.retry').click();
  await until(async () => /Too many messages/.test(await log(tab).innerText()));
  chat.refuse = () => undefined;
  await tab.locator('.retry').click();
  await until(() => chat.messages.length === 1);
  await until(async () => !(await tab.locator('.retry').isVisible()));
  await untilSaid(tab, ['hello']);
});

test('writing is told, both ways, and that it stopped', async (t) => {
  const { server, tab, chat } = await visitWithChat(t, browser);
  await openChat(tab);
  await composer(tab).pressSequentially('Hel');
  await settled(tab);
  assert.equal(server.of('typing').length, 0, 'nobody is there to be told');
  await write(tab, 'Hello');
  chat.join();
  await until(async () => /here for you/.test(await panel(tab).innerText()));
  await composer(tab).pressSequentially('abc');
  await until(() => server.of('typing').length === 1);
  await composer(tab).fill('');
  await until(() => server.of('typing').length === 2);
  assert.deepEqual(server.of('typing').map(({ on }) => on), [true, false]);
  server.send({ type: 'typing', on: true, name: 'Mara' });
  await until(async () => /Mara is writing/.test(await status(tab).innerText()));
  chat.operator('Here it is');
  await until(async () => !/writing/.test(await status(tab).innerText()));
});

test('links are links, and only harmless ones', async (t) => {
  const { tab, chat } = await visitWithChat(t, browser);
  await openChat(tab);
  chat.join(kCanary);
  chat.operator(`See https://shop.example/a?b=1, javascript:alert(1) and ${kCanary} data:text/html,x`, { name: kCanary });
  await until(async () => (await said(tab)).length === 1);
  const links = await log(tab).locator('a').evaluateAll((all) => all.map((a) => [a.href, a.target, a.rel]));
  assert.deepEqual(links, [['https://shop.example/a?b=1', '_blank', 'noopener noreferrer nofollow']]);
  assert.ok((await said(tab))[0].includes(kCanary), 'markup is text');
  assert.ok((await panel(tab).locator('h2').innerText()).includes('onerror'));
  assert.equal(await tab.evaluate(() => window.__x), undefined);
});

test('text of any kind stays in its bubble', async (t) => {
  const { tab, chat } = await visitWithChat(t, browser);
  await openChat(tab);
  chat.operator('x'.repeat(4000));
  chat.operator('\u202e rtl ' + 'e' + '\u0301'.repeat(10_000) + '\u200b'.repeat(500));
  await until(async () => (await said(tab)).length === 2);
  const [bubbles, box] = [await log(tab).locator('.words').all(), await panel(tab).boundingBox()];
  for (const bubble of bubbles) {
    const inner = await bubble.boundingBox();
    assert.ok(inner.x >= box.x && inner.x + inner.width <= box.x + box.width);
    assert.ok(inner.height <= box.height + 40, 'a long text scrolls: ' + inner.height);
  }
  assert.equal(await panel(tab).evaluate((element) => element.scrollWidth <= element.clientWidth), true);
});

test('a picture is sent and shown; what is no picture says why not', async (t) => {
  const { tab, chat } = await visitWithChat(t, browser);
  await openChat(tab);
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
  await tab.locator('input[type=file]').setInputFiles({ name: 'lamp.png', mimeType: 'image/png', buffer: png });
  const picture = log(tab).locator('img');
  await picture.waitFor();
  assert.equal(await picture.getAttribute('alt'), 'lamp.png');
  assert.match(await picture.getAttribute('src'), /\/files\/f_/);
  assert.equal(chat.upload.headers.authorization, 'Bearer token-1');
  assert.ok(!chat.upload.url.includes('token'), 'no secret in an address');
  await tab.locator('input[type=file]').setInputFiles({ name: 'x.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') });
  await until(async () => /cannot be sent/.test(await panel(tab).innerText()));
  await tab.locator('input[type=file]').setInputFiles({ name: 'big.png', mimeType: 'image/png', buffer: Buffer.alloc(5 * 1024 * 1024 + 1) });
  await until(async () => /too large/.test(await panel(tab).innerText()));
  assert.equal(chat.messages.length, 1);
});

test('emoji by keyboard', async (t) => {
  const { tab, chat } = await visitWithChat(t, browser);
  await openChat(tab);
  await composer(tab).fill('Hi ');
  await tab.locator('.smile').press('Enter');
  await tab.keyboard.press('Tab');
  await tab.keyboard.press('Enter');
  await composer(tab).press('Enter');
  await until(() => chat.messages[0]?.text === 'Hi 😊');
  await tab.locator('.smile').press('Enter');
  await tab.keyboard.press('Escape');
  assert.equal(await panel(tab).isVisible(), true, 'Escape closes what is innermost');
});

test('Enter sends, Shift+Enter begins a line, nothing is sent empty', async (t) => {
  const { server, tab } = await visitWithChat(t, browser);
  await openChat(tab);
  await composer(tab).press('Enter');
  await composer(tab).fill('   ');
  await composer(tab).press('Enter');
  await composer(tab).fill('one');
  await composer(tab).press('Shift+Enter');
  await composer(tab).pressSequentially('two');
  await composer(tab).press('Enter');
  await until(() => server.of('say').length === 1);
  assert.equal(server.of('say')[0].text, 'one\ntwo');
});

test('the queue and the wait are told, with a call back in place of waiting', async (t) => {
  const { server, tab, chat } = await visitWithChat(t, browser);
  await openChat(tab);
  chat.state({ desk: { state: 'busy' } });
  await until(async () => /as soon as somebody is free/.test(await status(tab).innerText()));
  await write(tab, 'hello');
  chat.state({ state: 'waiting', desk: { state: 'busy', position: 2, wait: 190_000 } });
  await until(async () => (await status(tab).innerText()) === 'You are number 2 in the queue. About 3 min to wait.');
  await tab.getByText('Rather be called back?').click();
  await tab.getByLabel('Phone number').fill('nonsense');
  await tab.getByRole('button', { name: 'Call me back' }).click();
  await until(async () => /enter a phone number/.test(await panel(tab).innerText()));
  await tab.getByLabel('Phone number').fill('+32 9 555 01 88');
  await tab.getByRole('button', { name: 'Call me back' }).click();
  await until(async () => /We will call you back/.test(await panel(tab).innerText()));
  assert.equal(await panel(tab).getByText('Rather be called back?').isVisible(), false, 'it is asked once');
  const [{ phone, offer }] = server.of('callback');
  assert.deepEqual([phone, offer], ['+32 9 555 01 88', undefined]);
});

test('who waits while somebody is free is in no queue; who is answered by somebody away is told so', async (t) => {
  const { tab, chat } = await visitWithChat(t, browser);
  await openChat(tab);
  await write(tab, 'hello');
  chat.state({ state: 'waiting', desk: { state: 'open' } });
  await until(async () => (await status(tab).innerText()) === 'Somebody will be with you shortly.');
  chat.join();
  await until(async () => /Mara is here for you/.test(await panel(tab).innerText()));
  assert.equal(await status(tab).innerText(), '');
  chat.state({ operator: { name: 'Mara', away: true }, desk: { state: 'away' } });
  await until(async () => /Not here just now/.test(await panel(tab).innerText()));
  assert.doesNotMatch(await panel(tab).innerText(), /here for you/);
  assert.equal(await status(tab).innerText(), 'What you write is kept and will be answered.');
  chat.state({ operator: { name: 'Mara' }, desk: { state: 'open' } });
  await until(async () => /Mara is here for you/.test(await panel(tab).innerText()));
});

test('nobody there: a message with an e-mail address, thanked for when it is on disk', async (t) => {
  const { server, tab } = await visitWithChat(t, browser, { settings: { desk: { state: 'closed' } } });
  server.acknowledge = (frame) => frame.type !== 'leave_message';
  await openChat(tab);
  const bottom = async (at) => (({ y, height }) => y + height)(await at.boundingBox());
  const submit = tab.locator('[data-beckon=submit]');
  assert.ok((await bottom(submit)) <= (await bottom(panel(tab))), 'the whole form is in view');
  await submit.click();
  await until(async () => /enter an e-mail address\. Please write what/.test(await panel(tab).innerText()));
  const lefts = await panel(tab).locator('form > *').evaluateAll((all) => all.map((each) => each.getBoundingClientRect().x));
  assert.equal(new Set(lefts).size, 1, 'what is wrong stands under the fields');
  await tab.getByLabel('E-mail address').fill('ada@shop.example');
  await tab.getByLabel('Your message').fill('Call me Ada');
  await tab.locator('[data-beckon=submit]').click();
  const { id, email, text, key, name } = await until(() => server.of('leave_message')[0]);
  assert.deepEqual([email, text, name], ['ada@shop.example', 'Call me Ada', undefined]);
  assert.match(key, /^\w{32}$/);
  await settled(tab);
  assert.equal(await tab.locator('[data-beckon=thanks]').count(), 0);
  server.send({ type: 'ack', id });
  await tab.locator('[data-beckon=thanks]').waitFor();
});

test('when the desk opens: at a time of today, on a day of the week, on a date', async (t) => {
  const options = { locale: 'en-GB', timezoneId: 'UTC' };
  const settings = { desk: { state: 'closed', opens: Date.UTC(2027, 2, 4, 14, 30) } };
  const { tab, chat } = await visitWithChat(t, browser, { options, settings });
  await tab.clock.setFixedTime(Date.UTC(2027, 2, 4, 8));
  await openChat(tab);
  const reads = (words) => until(async () => words.test(await panel(tab).innerText()));
  await reads(/We are closed now\. We are back today at 14:30\./);
  chat.state({ desk: { state: 'closed', opens: Date.UTC(2027, 2, 5, 9) } });
  await reads(/We are back Friday[^.]* 0?9:00\./);
  chat.state({ desk: { state: 'closed', opens: Date.UTC(2027, 2, 11, 9) } });
  await reads(/We are back Thursday[^.]*11 March[^.]* 0?9:00\./);
});

test('a form before the chat, whose answers go with the first message', async (t) => {
  const { server, tab } = await visitWithChat(t, browser, { settings: { form: ['name', 'email'] } });
  await openChat(tab);
  await tab.getByLabel('Name').fill('Ada');
  await tab.getByLabel('E-mail address').fill('ada@shop.example');
  await tab.getByRole('button', { name: 'Start the chat' }).click();
  await write(tab, 'hello');
  await until(() => server.of('say').length);
  assert.deepEqual(server.of('say')[0].form, { name: 'Ada', email: 'ada@shop.example' });
});

test('an accepted invitation goes on in the chat, a quick reply is its first words', async (t) => {
  const { server, tab } = await visitWithChat(t, browser);
  const offer = server.offer('invite', { text: 'Need a hand?', quick_replies: ['Which size?'] });
  await tab.locator('[data-beckon=accept]').click();
  await panel(tab).waitFor();
  await until(() => server.of('say').length);
  assert.equal(server.of('offer').at(-1).outcome, 'accepted');
  assert.equal(server.of('chat_open')[0].offer, offer);
  assert.deepEqual([server.of('say')[0].offer, server.of('say')[0].text], [offer, 'Which size?']);
  await until(async () => !(await tab.locator('[data-beckon=invitation]').count()));
});

test('the words of an accepted invitation greet, and are nobody’s', async (t) => {
  const { server, tab, chat } = await visitWithChat(t, browser);
  server.offer('invite', { text: 'Need a hand?' });
  await tab.locator('[data-beckon=accept]').click();
  await panel(tab).locator('.greeting', { hasText: 'Need a hand?' }).waitFor();
  chat.add({ from: 'invite', text: 'Need a hand?' });
  await log(tab).getByText('Need a hand?').waitFor();
  assert.equal(await panel(tab).locator('.greeting').isVisible(), false);
  assert.doesNotMatch(await log(tab).innerText(), /Somebody/);
});

test('who speaks in an invitation is named with its words in the conversation', async (t) => {
  const { server, tab, chat } = await visitWithChat(t, browser);
  server.offer('invite', { text: 'Need a hand?', from: { name: 'Ada L.' } });
  await tab.locator('[data-beckon=accept]').click();
  chat.add({ from: 'invite', name: 'Ada L.', text: 'Need a hand?' });
  await log(tab).getByText('Need a hand?').waitFor();
  assert.match(await log(tab).locator('.invite .who').innerText(), /^Ada L\./);
});

test('the visitor ends it, and goes on with it by writing', async (t) => {
  const { tab, chat } = await visitWithChat(t, browser);
  await openChat(tab);
  await write(tab, 'hello');
  chat.join();
  await tab.locator('[data-beckon=end]').click();
  await until(async () => /The chat has ended/.test(await log(tab).innerText()));
  await write(tab, 'one more thing');
  await until(() => chat.settings.state === 'waiting');
  await untilSaid(tab, ['hello', 'one more thing']);
});

test('unread messages count on the button, and are read when it is opened', async (t) => {
  const { server, tab, chat } = await visitWithChat(t, browser);
  chat.add({ from: 'operator', name: 'Mara', text: 'Are you still there?' }, () => {});
  chat.state({ state: 'assigned', unread: 1, operator: { name: 'Mara' } });
  await until(async () => (await launcher(tab).innerText()) === '1');
  await openChat(tab);
  await untilSaid(tab, ['Are you still there?']);
  await until(() => server.of('seen').some(({ read }) => read === 1));
});

test('another visitor in the same page has another conversation', async (t) => {
  const { server, tab, chat } = await visitWithChat(t, browser);
  await openChat(tab);
  await write(tab, 'mine');
  await untilSaid(tab, ['mine']);
  chat.messages.length = 0;
  chat.settings = { ...kChat };
  server.send({ type: 'welcome', visitor: 'v_2', token: 'token-2', last: server.frames.at(-1).id, tracking: true, offers: [], texts: {}, theme: {}, chat: kChat });
  await untilSaid(tab, []);
});

test('five tabs show the same conversation', async (t) => {
  const { server, context, tab, chat } = await visitWithChat(t, browser);
  const tabs = [tab];
  for (let n = 1; n < 5; ++n) tabs.push(await open(context, server));
  for (const each of tabs) await openChat(each);
  await write(tabs[3], 'from one');
  chat.operator('to all');
  for (const each of tabs) await untilSaid(each, ['from one', 'to all']);
});

test('a panel that cannot be loaded says so, and the button stays', async (t) => {
  const { tab } = await visitWithChat(t, browser);
  await tab.route('**/widget/chat-*', (route) => route.abort());
  await launcher(tab).click();
  await until(async () => /did not work/.test(await tab.locator('beckon-widget [role=status]').first().textContent()));
  assert.equal(await launcher(tab).isVisible(), true);
  await pause(50);
  assert.equal(await panel(tab).count(), 0);
});

test('under a policy of nonces, without styles, with trusted types', async (t) => {
  const csp =
    "default-src 'none'; script-src 'nonce-n'; connect-src 'self' ws:; img-src 'self'; style-src 'none'; require-trusted-types-for 'script'";
  const head = '<script async nonce="n" src="/widget.js" data-site="shop"></script>';
  const { tab, chat } = await visitWithChat(t, browser, {
    pages: { '/': { html: page({ head }), headers: { 'content-security-policy': csp } } },
  });
  await openChat(tab);
  await write(tab, 'hello');
  await until(() => chat.messages.length === 1);
  assert.deepEqual(tab.said.filter((line) => /Content Security|Trusted|error/i.test(line)), []);
  assert.equal((await panel(tab).boundingBox()).width, 384, 'it has its looks');
});

test('a long absence is made up for, stretch by stretch', async (t) => {
  const { server, tab, chat } = await visitWithChat(t, browser);
  await openChat(tab);
  chat.operator('No. 1');
  await untilSaid(tab, ['No. 1']);
  for (let n = 2; n <= 120; ++n) chat.add({ from: 'operator', name: 'Mara', text: 'No. ' + n }, () => {});
  server.socket.terminate();
  await until(() => server.of('hello').length === 2, 'a reconnect', 15_000);
  chat.state({});
  server.send({ type: 'messages', messages: chat.messages.slice(1, 51), more: true });
  await until(async () => (await said(tab)).length === 120);
  assert.deepEqual(await said(tab), chat.messages.map(({ text }) => text));
});

test('nothing to find for axe, in every light, size and direction', async (t) => {
  const lights = {
    light: {},
    dark: { colorScheme: 'dark' },
    'forced colours': { forcedColors: 'active' },
    'a phone': { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true },
    'right to left': { rtl: true },
  };
  const found = [];
  for (const [light, { rtl, ...options }] of Object.entries(lights)) {
    const { tab, chat } = await visitWithChat(t, browser, {
      options: { reducedMotion: 'reduce', ...options },
      pages: { '/': rtl ? page().replace('<html ', '<html dir="rtl" ') : page() },
    });
    const look = async (what) => found.push(...(await findings(tab)).map((finding) => `${light}, ${what}: ${finding}`));
    await look('the button');
    await openChat(tab);
    await until(async () => (await focused(tab)) === 'composer');
    await look('nothing said');
    await write(tab, 'Hello https://shop.example/');
    chat.state({ state: 'waiting', desk: { state: 'busy', position: 2, wait: 60_000 } });
    await tab.getByText('Rather be called back?').click();
    await look('waiting');
    chat.join();
    chat.operator('Hello!');
    await tab.locator('.smile').click();
    await until(async () => (await said(tab)).length === 2);
    await look('talking');
    chat.state({ state: 'closed', desk: { state: 'closed' } });
    await tab.locator('[data-beckon=submit]:visible').click();
    await look('closed');
    const sideways = await panel(tab).evaluate((element) => element.scrollWidth > element.clientWidth);
    if (sideways) found.push(light + ': scrolls sideways');
  }
  assert.deepEqual(found, []);
});

test('everything that is pressed is at least 44 pixels high and wide', async (t) => {
  const { tab, chat } = await visitWithChat(t, browser);
  await openChat(tab);
  chat.join();
  await tab.locator('.smile').click();
  const small = await panel(tab)
    .locator('button:visible,textarea:visible')
    .evaluateAll((all) =>
      all.map((each) => [each.className, each.getBoundingClientRect()]).filter(([, { width, height }]) => width < 44 || height < 44),
    );
  assert.deepEqual(small, []);
});

test('in French, with the site’s own words before the widget’s', async (t) => {
  const { server, tab } = await visitWithChat(t, browser, { pages: { '/': page({ lang: 'fr' }) } });
  const { chat: settings } = server.welcome();
  server.welcome = () => ({ chat: settings, texts: { greeting: 'Bonjour, ici Vesper' } });
  await tab.reload();
  await openChat(tab);
  assert.match(await panel(tab).innerText(), /Nous sommes là pour vous.\s+Bonjour, ici Vesper/);
  assert.equal(await panel(tab).getAttribute('lang'), 'fr');
});

test('an offer and the button do not cover one another', async (t) => {
  for (const [what, options, style, both] of [
    ['a bubble', {}, 'bubble', true],
    ['a phone', { viewport: { width: 320, height: 568 } }, 'bubble', true],
    ['a bar', {}, 'bar', false],
    ['a low window', { viewport: { width: 800, height: 400 } }, 'bubble', false],
  ]) {
    const { server, tab } = await visitWithChat(t, browser, { options: { reducedMotion: 'reduce', ...options } });
    server.offer('invite', { text: 'Need a hand?', style });
    const offer = tab.locator('[data-beckon=invitation]');
    await offer.waitFor();
    assert.equal(await launcher(tab).isVisible(), both, what);
    if (!both) continue;
    const [above, below] = [await offer.boundingBox(), await launcher(tab).boundingBox()];
    assert.ok(above.y >= 0 && above.y + above.height <= below.y, what);
  }
});
