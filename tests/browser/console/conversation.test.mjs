// A conversation: what is shown, what can be done, and what others do meanwhile.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { atDesk, bubbles, composer, folder, launchBrowser, pause, rowOf, signedIn, until } from './support.mjs';

let browser;
before(async () => (browser = await launchBrowser()));
after(() => browser.close());

const kFirst = 'c_0000000000000000000001';
const path = `/console/mine/shop/${kFirst}`;

/** Ada at a conversation that is hers. */
const atChat = (t, { says = ['Hello'], prepare = () => {}, ...options } = {}) =>
  atDesk(t, browser, {
    path,
    prepare: (desk, server) => {
      const [ada] = desk.operators.values();
      const chat = desk.begin({ name: 'Margot', says });
      desk.assign(chat, ada);
      prepare(desk, chat, server);
      return chat;
    },
    ...options,
  });

test('messages are grouped by who said them, with days and the system’s lines in words', async (t) => {
  const { tab, desk, made } = await atChat(t, { says: ['One', 'Two'] });
  made.messages[0].at = made.messages[1].at = Date.now() - 24 * 3600_000;
  desk.append(made, { from: 'operator', operator: desk.byLogin('ada').id, name: 'Ada', text: 'Three' });
  const noor = desk.addOperator({ login: 'noor', name: 'Noor', state: 'online' });
  desk.append(made, { from: 'operator', operator: noor.id, name: 'Noor', text: 'Four' });
  for (const event of [{ event: 'transferred', name: 'Noor', by: 'Ada' }, { event: 'unanswered', name: 'Noor' }, { event: 'reopened' }, { event: 'closed', by: 'quiet' }, { event: 'closed', by: 'visitor' }, { event: 'closed', by: 'Ada' }]) {
    desk.append(made, { from: 'system', ...event });
  }
  await tab.reload();
  await tab.getByText('Ada closed the chat').waitFor();
  assert.deepEqual(await tab.locator('.day').allInnerTexts(), ['Yesterday', 'Today']);
  const groups = await tab.locator('.group').evaluateAll((all) => all.map((group) => [group.querySelector('.author bdi').textContent, ...[...group.querySelectorAll('.bubble')].map((b) => b.textContent)]));
  assert.deepEqual(groups, [['Margot', 'One', 'Two'], ['You', 'Three'], ['Noor', 'Four']]);
  assert.deepEqual(await tab.locator('.system').allInnerTexts(), [
    'Ada joined',
    'Ada transferred to Noor',
    'Noor did not answer in time: waiting for another operator',
    'The visitor wrote again',
    'Closed: the visitor was quiet',
    'The visitor ended the chat',
    'Ada closed the chat',
  ]);
});

test('Enter sends, Shift+Enter is a new line, and how far it came is shown', async (t) => {
  const { tab, desk, made, server } = await atChat(t);
  await composer(tab).click();
  await tab.keyboard.type('First line');
  await tab.keyboard.press('Shift+Enter');
  await tab.keyboard.type('second');
  await tab.keyboard.press('Enter');
  await tab.locator('.mark[data-mark=sent]').waitFor();
  assert.equal(server.of('say')[0].text, 'First line\nsecond');
  assert.equal(await composer(tab).inputValue(), '');
  assert.deepEqual(await bubbles(tab), ['Hello', 'First line\nsecond']);
  desk.visitorReads(made, { read: 0, delivered: made.row.last });
  await tab.locator('.mark[data-mark=delivered]').waitFor();
  desk.visitorReads(made, { read: made.row.last });
  await tab.locator('.mark[data-mark=read]').waitFor();
  assert.equal(await tab.locator('.mark').count(), 1);
});

test('nothing but blanks is not sent', async (t) => {
  const { tab, server } = await atChat(t);
  await composer(tab).fill('  \n ');
  await composer(tab).press('Enter');
  assert.equal(await tab.getByRole('button', { name: 'Send', exact: true }).isDisabled(), true);
  await pause(100);
  assert.equal(server.of('say').length, 0);
});

test('a message of 8,192 bytes is sent, one byte more is not, and nothing is cut', async (t) => {
  const { tab, server } = await atChat(t);
  await composer(tab).fill('é'.repeat(4096) + 'x');
  await tab.getByText('Too long to send').waitFor();
  await composer(tab).press('Enter');
  await pause(100);
  assert.equal(server.of('say').length, 0);
  assert.equal((await composer(tab).inputValue()).length, 4097);
  await composer(tab).fill('é'.repeat(4096));
  await tab.getByText('0 bytes left').waitFor();
  await composer(tab).press('Enter');
  await until(() => server.of('say').length === 1);
});

test('typing is told to the visitor now and then, and the visitor’s is shown until it stops', async (t) => {
  const { tab, desk, made, server } = await atChat(t);
  await composer(tab).pressSequentially('Let me look', { delay: 5 });
  await until(() => server.of('typing').length === 1);
  await composer(tab).press('Enter');
  await until(() => server.of('typing').length === 2);
  assert.deepEqual(server.of('typing').map(({ on }) => on), [true, false]);
  desk.visitorTypes(made);
  await tab.getByText('Margot is writing').waitFor();
  desk.visitorSays(made, 'Done');
  await tab.getByText('Margot is writing').waitFor({ state: 'detached' });
  desk.visitorTypes(made);
  await tab.getByText('Margot is writing').waitFor();
  desk.visitorTypes(made, false);
  await tab.getByText('Margot is writing').waitFor({ state: 'detached' });
});

test('an answer in a waiting one takes it', async (t) => {
  const { tab, made } = await atDesk(t, browser, { prepare: (desk) => desk.begin({ name: 'Margot' }) });
  await rowOf(tab, made).click();
  await tab.getByText('Your answer takes it').waitFor();
  await composer(tab).fill('Hello Margot');
  await composer(tab).press('Enter');
  await tab.getByText('With you').waitFor();
  assert.equal(made.row.operator.name, 'Ada');
  assert.equal(new URL(tab.url()).pathname, path, 'and it is among mine');
});

test('take, close, and open again by the visitor’s word', async (t) => {
  const { tab, desk, made, server } = await atDesk(t, browser, { prepare: (desk) => desk.begin({ name: 'Margot' }) });
  await rowOf(tab, made).click();
  await tab.getByRole('button', { name: 'Take', exact: true }).click();
  await tab.getByText('With you').waitFor();
  assert.equal(server.of('take')[0].version, 1);
  await tab.getByRole('button', { name: 'Close', exact: true }).click();
  await tab.getByText('This chat is closed').waitFor();
  assert.equal(made.row.state, 'closed');
  assert.equal(await tab.getByRole('button', { name: 'Send', exact: true }).isDisabled(), true);
  desk.visitorSays(made, 'One more thing');
  await tab.getByText('Nobody has this chat').waitFor();
  await tab.getByText('The visitor wrote again').waitFor();
});

test('two take the same chat: one has it, the other is told who, and keeps what was written', async (t) => {
  const { tab, desk, made, server } = await atDesk(t, browser, {
    prepare: (desk) => (desk.addOperator({ login: 'noor', name: 'Noor', state: 'online' }), desk.begin({ name: 'Margot' })),
    path: `/console/waiting/shop/${kFirst}`,
  });
  const noor = await signedIn(t, browser, server, desk.byLogin('noor'), { path: `/console/waiting/shop/${kFirst}` });
  await composer(tab).fill('I was about to say');
  // Ada's screen has not heard yet that Noor was quicker.
  for (const one of desk.connections) if (one.operator.login === 'ada') one.send = ((send) => (frame) => frame.type !== 'conversation' && send(frame))(one.send);
  await noor.getByRole('button', { name: 'Take', exact: true }).click();
  await noor.getByText('With you').waitFor();
  await tab.getByRole('button', { name: 'Take', exact: true }).click();
  await tab.getByRole('alert').filter({ hasText: 'Noor has taken this chat.' }).waitFor();
  await tab.getByText('Noor has this chat. You can read along').waitFor();
  assert.equal(await composer(tab).inputValue(), 'I was about to say');
  assert.equal(made.row.operator.name, 'Noor');
  await tab.getByRole('button', { name: 'Dismiss' }).click();
  assert.equal(await tab.getByText('has taken this chat').count(), 0);
});

test('an answer to a chat that another has just taken is not sent, and is not lost', async (t) => {
  const { tab, desk, made } = await atChat(t, { prepare: (desk) => desk.addOperator({ login: 'noor', name: 'Noor' }) });
  await composer(tab).fill('My answer');
  const noor = desk.byLogin('noor');
  desk.set(made, { operator: { id: noor.id, name: 'Noor' } });
  await composer(tab).press('Enter');
  await tab.getByText('Not sent: this chat is not yours').waitFor();
  assert.deepEqual(await bubbles(tab), ['Hello', 'My answer']);
  desk.set(made, { operator: { id: desk.byLogin('ada').id, name: 'Ada' } });
  await tab.getByRole('button', { name: 'Try again' }).click();
  await tab.locator('.mark[data-mark=sent]').waitFor();
  assert.equal(made.messages.filter(({ text }) => text === 'My answer').length, 1);
});

test('transfer: to whom, with how they are; who is offline is not there, who is full cannot be chosen', async (t) => {
  const { tab, made, server, desk } = await atChat(t, {
    prepare: (desk) => {
      desk.addOperator({ login: 'noor', name: 'Noor', state: 'online', groups: ['Support'], skills: ['fr'], capacity: 3 });
      desk.addOperator({ login: 'teo', name: 'Teo', state: 'away' });
      desk.addOperator({ login: 'iris', name: 'Iris' });
      const full = desk.addOperator({ login: 'max', name: 'Max', state: 'online', capacity: 1 });
      desk.assign(desk.begin({ name: 'Other' }), full);
    },
  });
  await tab.getByRole('button', { name: 'Transfer' }).click();
  const dialog = tab.getByRole('dialog');
  const rows = await dialog.locator('.choice').first().locator('button').evaluateAll((all) => all.map((b) => [b.querySelector('bdi bdi, .avatar + bdi').textContent, b.disabled]));
  assert.deepEqual(rows, [['Max', true], ['Noor', false], ['Teo', false]]);
  assert.match(await dialog.innerText(), /Noor\s*Online · 0 of 3 chats[^]*Support\s*1 online, 3 free[^]*fr/);
  await dialog.getByRole('button', { name: /^Noor/ }).click();
  await tab.getByText('Transferred to Noor', { exact: true }).waitFor();
  await tab.getByText('Noor has this chat').waitFor();
  assert.deepEqual(server.of('transfer')[0].to, { operator: desk.byLogin('noor').id });
  assert.equal(made.row.operator.name, 'Noor');
});

test('transfer to a group and to a skill', async (t) => {
  for (const [name, to] of [['Support', { group: 'Support' }], ['fr', { skill: 'fr' }]]) {
    const { tab, made, server } = await atChat(t, { prepare: (desk) => desk.addOperator({ login: 'noor', name: 'Noor', state: 'online', groups: ['Support'], skills: ['fr'] }) });
    await tab.getByRole('button', { name: 'Transfer' }).click();
    await tab.getByRole('dialog').getByRole('button', { name: new RegExp(`^${name}`) }).click();
    await until(() => made.row.state === 'waiting');
    assert.deepEqual(server.of('transfer')[0].to, to);
  }
});

test('a refused transfer is told with the reason', async (t) => {
  const { tab, desk } = await atChat(t, { prepare: (desk) => desk.addOperator({ login: 'noor', name: 'Noor', state: 'online' }) });
  await tab.getByRole('button', { name: 'Transfer' }).click();
  desk.byLogin('noor').state = 'offline';
  await tab.getByRole('dialog').getByRole('button', { name: /^Noor/ }).click();
  await tab.getByText('They cannot take it now').waitFor();
});

test('ready replies: a slash and some letters, arrows and Enter, and they can be changed before they go', async (t) => {
  const { tab, server } = await atChat(t, {
    prepare: (desk) => {
      desk.sites[0].canned = [
        { title: 'Delivery', text: 'It arrives within two days.' },
        { title: 'Returns', text: 'You have 30 days.' },
        { title: 'Thanks', text: 'Thank you for the delivery address.' },
      ];
    },
  });
  await composer(tab).pressSequentially('/');
  const options = tab.getByRole('option');
  assert.equal(await options.count(), 3);
  await composer(tab).pressSequentially('deliv');
  assert.deepEqual(await options.locator('strong').allInnerTexts(), ['Delivery', 'Thanks']);
  await composer(tab).press('ArrowDown');
  assert.equal(await options.nth(1).getAttribute('aria-selected'), 'true');
  assert.equal(await composer(tab).getAttribute('aria-activedescendant'), 'canned-1');
  await composer(tab).press('ArrowUp');
  await composer(tab).press('Enter');
  assert.equal(await composer(tab).inputValue(), 'It arrives within two days.');
  assert.equal(server.of('say').length, 0);
  await composer(tab).press('Enter');
  await until(() => server.of('say').length === 1);
  await composer(tab).pressSequentially('/nothing');
  await tab.getByText('No ready reply matches').waitFor();
  await composer(tab).fill('/ret');
  await composer(tab).press('Escape');
  assert.equal(await options.count(), 0);
});

test('an emoji goes in where the cursor is', async (t) => {
  const { tab } = await atChat(t);
  await composer(tab).fill('ab');
  await composer(tab).press('ArrowLeft');
  await tab.getByRole('button', { name: 'Emoji' }).click();
  await tab.getByRole('menuitem', { name: '👍' }).click();
  await until(async () => (await composer(tab).inputValue()) === 'a👍b');
});

const kPixel = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

/** Drops or pastes a file, as `how`. */
const hand = (tab, selector, how, { name, type, size = 0 }) =>
  tab.locator(selector).evaluate(
    (element, [how, name, type, base64, size]) => {
      const bytes = size ? new Uint8Array(size) : Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], name, { type }));
      const options = { bubbles: true, cancelable: true };
      element.dispatchEvent(how === 'drop' ? new DragEvent('drop', { ...options, dataTransfer: transfer }) : new ClipboardEvent('paste', { ...options, clipboardData: transfer }));
    },
    [how, name, type, kPixel.toString('base64'), size],
  );

test('pictures are dropped, pasted or chosen, and shown; files are shown as files', async (t) => {
  const { tab, made } = await atChat(t);
  await hand(tab, '.conversation', 'drop', { name: 'lamp.png', type: 'image/png' });
  await tab.getByAltText('Picture: lamp.png').waitFor();
  await hand(tab, '.composer textarea', 'paste', { name: 'pasted.png', type: 'image/png' });
  await tab.getByAltText('Picture: pasted.png').waitFor();
  await tab.locator('input[type=file]').setInputFiles({ name: 'invoice.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.4') });
  const file = tab.locator('a.file');
  await file.waitFor();
  assert.match(await file.innerText(), /invoice\.pdf\s*8/);
  assert.match(await file.getAttribute('href'), /^\/files\/f_\w+$/);
  assert.equal(await file.getAttribute('rel'), 'noopener noreferrer');
  assert.equal(made.messages.filter(({ file }) => file).length, 3);
  await until(() => tab.getByAltText('Picture: lamp.png').evaluate((img) => img.naturalWidth === 1));
});

test('what is too large or of a type that is not taken says so, and can be put away', async (t) => {
  const { tab, server } = await atChat(t);
  await hand(tab, '.conversation', 'drop', { name: 'huge.png', type: 'image/png', size: 5 * 1024 * 1024 + 1 });
  await tab.getByText('Files may have 5 MB at most').waitFor();
  assert.equal(server.requests.filter((line) => line.includes('/files')).length, 0, 'it is not sent in vain');
  await tab.getByRole('button', { name: 'Discard' }).click();
  await hand(tab, '.conversation', 'drop', { name: 'page.html', type: 'text/html' });
  await tab.getByText('Only pictures, PDF and plain text').waitFor();
  assert.equal(await tab.locator('.uploads').getByRole('button', { name: 'Try again' }).count(), 0, 'which would not help');
  assert.equal(server.of('say').length, 0);
});

test('a file that could not be sent for want of a line is sent when tried again', async (t) => {
  const { tab, server, made } = await atChat(t);
  server.down = true;
  await hand(tab, '.conversation', 'drop', { name: 'lamp.png', type: 'image/png' });
  await tab.getByText('There is no connection').waitFor();
  server.down = false;
  await tab.getByRole('button', { name: 'Try again' }).click();
  await tab.getByAltText('Picture: lamp.png').waitFor();
  assert.equal(made.messages.filter(({ file }) => file).length, 1);
});

test('a site without uploads offers none', async (t) => {
  const { tab, server } = await atChat(t, { prepare: (desk) => (desk.sites[0].uploads = false) });
  assert.equal(await tab.getByRole('button', { name: 'Send a file' }).count(), 0);
  await hand(tab, '.conversation', 'drop', { name: 'lamp.png', type: 'image/png' });
  await pause(100);
  assert.equal(server.requests.filter((line) => line.includes('/files')).length, 0);
});

test('older messages come when one scrolls up, and what one reads stays in its place', async (t) => {
  const { tab, server } = await atChat(t, { says: Array.from({ length: 140 }, (_, i) => `Message ${i + 1}`) });
  const message = (n) => tab.locator('.bubble', { hasText: new RegExp(`^Message ${n}$`) });
  await message(140).waitFor();
  assert.equal(await message(92).isVisible(), true);
  assert.equal(await tab.locator('.bubble').count(), 49);
  const list = tab.locator('.messages');
  const atEnd = () => list.evaluate((l) => l.scrollHeight - l.scrollTop - l.clientHeight < 2);
  assert.equal(await atEnd(), true);
  await list.evaluate((l) => (l.scrollTop = 40));
  await message(42).waitFor({ state: 'attached' });
  assert.equal(server.of('history').length, 1);
  assert.equal(await message(92).evaluate((b) => b.getBoundingClientRect().top < innerHeight), true);
  await tab.getByRole('button', { name: 'Latest' }).click();
  await until(atEnd);
});

test('a message that was missed on the way is asked for', async (t) => {
  const { tab, desk, made, server } = await atChat(t);
  await tab.locator('.bubble').waitFor();
  const [connection] = desk.connections;
  const { send } = connection;
  connection.send = () => {};
  desk.visitorSays(made, 'Missed');
  connection.send = send;
  desk.visitorSays(made, 'Heard');
  await until(async () => (await bubbles(tab)).join() === 'Hello,Missed,Heard');
  assert.equal(server.of('history').length, 1);
});

test('what is read is told only when the end is in view', async (t) => {
  const { tab, desk, made, server } = await atChat(t, { says: Array.from({ length: 60 }, (_, i) => `Message ${i + 1}`) });
  await until(() => server.of('read').length === 1);
  await tab.locator('.messages').evaluate((l) => (l.scrollTop = 400));
  await tab.getByRole('button', { name: 'Latest' }).waitFor();
  desk.visitorSays(made, 'Further down');
  await pause(200);
  assert.equal(server.of('read').length, 1);
  await tab.getByRole('button', { name: 'Latest' }).click();
  await until(() => server.of('read').length === 2);
});

test('an invitation is said by whom its rule names, and by nobody when it names nobody', async (t) => {
  const { tab, desk, made } = await atChat(t, { says: ['One'] });
  desk.append(made, { from: 'invite', name: 'Ada L.', text: 'Need a hand?' });
  desk.append(made, { from: 'visitor', text: 'No' });
  desk.append(made, { from: 'invite', text: 'And now?' });
  await tab.getByText('And now?').first().waitFor();
  const authors = await tab.locator('.group[data-from=invite] .author bdi').allTextContents();
  assert.deepEqual(authors, ['Ada L.', '']);
});

test('only the conversation that is open is watched', async (t) => {
  const { tab, server, desk } = await atChat(t, { prepare: (desk) => desk.assign(desk.begin({ name: 'Sam' }), desk.byLogin('ada')) });
  await tab.locator('.row', { hasText: 'Sam' }).click();
  await until(() => server.of('unwatch').length === 1);
  assert.equal(server.of('unwatch')[0].conversation, kFirst);
  await folder(tab, 'Tasks').click();
  await until(() => server.of('unwatch').length === 2);
  assert.deepEqual([...desk.connections].map(({ watched }) => watched.size), [0]);
});

test('the visitor’s panel: path, cart, facts, tags, attributes, and it follows them', async (t) => {
  const { tab, desk, made } = await atChat(t, {
    prepare: (desk, chat) => {
      Object.assign(chat.row, { email: 'margot@example.com', rule: 'hesitates', language: 'fr' });
      Object.assign(chat.visitor, {
        pages: [{ url: 'https://shop.example/a', title: 'First page', at: Date.now() - 60_000 }, { url: 'https://shop.example/b?q=1', title: 'Second page', at: Date.now() }],
        cart: { value: 238, items: 2, currency: 'EUR' },
        facts: [{ name: 'visits', value: 4 }],
        tags: ['returning'],
        attrs: { vip: true, plan: 'Home' },
      });
    },
  });
  const panel = tab.locator('aside.visitor');
  await panel.getByText('Second page').waitFor();
  const text = await panel.innerText();
  for (const words of ['On the site', 'margot@example.com', '€238.00', '2 items', 'hesitates', 'French', '/b?q=1', 'visits', 'returning', 'vip', 'Yes', 'Home']) assert.ok(text.includes(words), words);
  assert.match(text, /Second page[^]*First page/, 'the latest page first');
  assert.equal(await panel.locator('[aria-current=page]').innerText().then((t) => /Second page/.test(t)), true);
  desk.visitorIs(made, { online: false, pages: [...made.visitor.pages, { url: 'https://shop.example/c', title: 'Third page', at: Date.now() }] });
  await panel.getByText('Third page').waitFor();
  await panel.getByText('Not on the site').waitFor();
});
