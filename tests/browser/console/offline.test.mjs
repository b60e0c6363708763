// The line is cut, the page reloaded, the conversation left: nothing that was written is lost, nothing is said twice.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { atDesk, bubbles, composer, folder, launchBrowser, openIn, pause, rowOf, until } from './support.mjs';

let browser;
before(async () => (browser = await launchBrowser()));
after(() => browser.close());

const path = '/console/mine/shop/c_0000000000000000000001';

const atChat = async (t, options = {}) => {
  const desk = await atDesk(t, browser, {
    path,
    prepare: (desk) => {
      const made = ['Margot', 'Sam'].map((name) => desk.begin({ name }));
      for (const one of made) desk.assign(one, desk.byLogin('ada'));
      return made;
    },
    ...options,
  });
  await desk.tab.locator('.bubble').waitFor();
  return desk;
};

const said = ({ messages }) => messages.filter(({ from }) => from === 'operator').map(({ text }) => text);
const banner = (tab) => tab.locator('.banner');
const send = async (tab, text) => {
  await composer(tab).fill(text);
  await composer(tab).press('Enter');
};

/** The line is down until `back`. */
const lineDown = async ({ server, tab }) => {
  server.refuse = true;
  server.cut();
  await banner(tab).waitFor();
  return async () => {
    server.refuse = false;
    // The console may come back by itself before it is asked to: then the button goes under the click.
    const tryNow = banner(tab).getByRole('button', { name: 'Try now' });
    await Promise.race([tryNow.click().catch(() => {}), banner(tab).waitFor({ state: 'detached' })]);
    await banner(tab).waitFor({ state: 'detached' });
  };
};

test('a draft is there after switching, reloading and in another tab, each conversation its own', async (t) => {
  const { tab, made: [margot, sam], server } = await atChat(t);
  await composer(tab).fill('For Margot');
  await rowOf(tab, sam).click();
  await until(async () => (await composer(tab).inputValue()) === '');
  await composer(tab).fill('For Sam');
  assert.match(await rowOf(tab, margot).innerText(), /Draft For Margot/);
  await rowOf(tab, margot).click();
  await until(async () => (await composer(tab).inputValue()) === 'For Margot');
  await tab.reload();
  await composer(tab).waitFor();
  assert.equal(await composer(tab).inputValue(), 'For Margot');
  const second = await openIn(tab.context(), server, path);
  await composer(second).waitFor();
  assert.equal(await composer(second).inputValue(), 'For Margot');
  await composer(second).fill('For Margot, longer');
  await until(async () => (await composer(tab).inputValue()) === 'For Margot, longer', 'the first tab to follow');
  await send(second, 'Said');
  await until(async () => (await composer(tab).inputValue()) === '', 'and to see that it went');
});

test('cut: it says so, counts down, goes on, and a draft stays', async (t) => {
  const desk = await atChat(t);
  await composer(desk.tab).fill('Half a sente');
  const back = await lineDown(desk);
  assert.match(await banner(desk.tab).innerText(), /Not connected\. Go on writing, nothing is lost\./);
  assert.equal(await desk.tab.getByRole('switch', { name: 'Available' }).isDisabled(), true);
  assert.equal(await composer(desk.tab).inputValue(), 'Half a sente');
  await back();
  assert.equal(await composer(desk.tab).inputValue(), 'Half a sente');
  assert.equal(desk.server.of('watch').length, 2, 'it watches again');
});

test('it comes back by itself', async (t) => {
  const { server, tab } = await atChat(t);
  server.cut();
  await until(() => server.of('hello').length === 2);
  await banner(tab).waitFor({ state: 'detached' });
});

test('messages said while the line is down are shown as waiting, and sent once each, in order', async (t) => {
  const desk = await atChat(t);
  const { tab, made: [margot, sam] } = desk;
  const back = await lineDown(desk);
  for (const text of ['One', 'Two', 'Three']) await send(tab, text);
  assert.deepEqual(await bubbles(tab), ['Hello', 'One', 'Two', 'Three']);
  assert.equal(await tab.getByText('Waits for the connection').count(), 3);
  assert.match(await banner(tab).innerText(), /3 messages are sent as soon as the connection is back/);
  await rowOf(tab, sam).click();
  await send(tab, 'For Sam');
  await back();
  await until(() => said(margot).length === 3 && said(sam).length === 1);
  assert.deepEqual(said(margot), ['One', 'Two', 'Three']);
  assert.deepEqual(said(sam), ['For Sam']);
  await until(async () => (await tab.getByText('Waits for the connection').count()) === 0);
  await rowOf(tab, margot).click();
  await until(async () => (await bubbles(tab)).join() === 'Hello,One,Two,Three');
});

test('a reload while the line is down loses no message', async (t) => {
  const desk = await atChat(t);
  const { tab, server, made: [margot] } = desk;
  await lineDown(desk);
  await send(tab, 'Before the reload');
  await tab.reload();
  server.refuse = false;
  await until(() => said(margot).length === 1);
  await pause(300);
  assert.deepEqual(said(margot), ['Before the reload']);
  await until(async () => (await bubbles(tab)).join() === 'Hello,Before the reload');
});

test('stored, and the line cut before the answer: said again under its key, there once', async (t) => {
  const { tab, server, made: [margot] } = await atChat(t);
  let cuts = 2;
  server.meddle = ({ type }) => (type === 'say' && cuts-- > 0 ? 'cut' : undefined);
  await send(tab, 'Exactly once');
  await until(() => server.of('say').length === 3, 'two tries in vain and one that is answered');
  await tab.locator('.mark[data-mark=sent]').waitFor();
  assert.equal(new Set(server.of('say').map(({ key }) => key)).size, 1);
  assert.deepEqual(said(margot), ['Exactly once']);
  assert.deepEqual(await bubbles(tab), ['Hello', 'Exactly once']);
});

test('stored, cut and reloaded before the answer: there once', async (t) => {
  const { tab, server, made: [margot] } = await atChat(t);
  server.meddle = ({ type }) => (type === 'say' ? ((server.refuse = true), 'cut') : undefined);
  await send(tab, 'Exactly once');
  await banner(tab).waitFor();
  server.meddle = () => undefined;
  server.refuse = false;
  await tab.reload();
  await until(() => server.of('say').length === 2);
  await tab.locator('.mark[data-mark=sent]').waitFor();
  assert.deepEqual(said(margot), ['Exactly once']);
  assert.deepEqual(await bubbles(tab), ['Hello', 'Exactly once']);
});

test('two tabs find the same message waiting: it is said once', async (t) => {
  const desk = await atChat(t);
  const { tab, server, made: [margot] } = desk;
  await lineDown(desk);
  await send(tab, 'Once, from two tabs');
  const second = await openIn(tab.context(), server, path);
  await second.getByText('One message is sent as soon as').waitFor();
  server.refuse = false;
  await until(() => server.of('say').length === 2);
  for (const one of [tab, second]) await until(async () => (await bubbles(one)).join() === 'Hello,Once, from two tabs');
  assert.deepEqual(said(margot), ['Once, from two tabs']);
});

test('what came while the line was down is there after it, however much, in order', async (t) => {
  const desk = await atChat(t);
  const { tab, made: [margot] } = desk;
  const back = await lineDown(desk);
  for (let i = 1; i <= 120; i++) desk.desk.append(margot, { from: 'visitor', text: `Missed ${i}` });
  await back();
  await until(async () => (await tab.locator('.bubble').count()) === 121);
  assert.deepEqual(await bubbles(tab), ['Hello', ...Array.from({ length: 120 }, (_, i) => `Missed ${i + 1}`)]);
});

test('who was closed or given away while the line was down is so after it', async (t) => {
  const desk = await atChat(t);
  const { tab, made: [margot, sam] } = desk;
  const back = await lineDown(desk);
  desk.desk.set(sam, { state: 'closed', operator: undefined });
  desk.desk.set(margot, { state: 'waiting', operator: undefined });
  await back();
  await tab.getByText('Nobody has this chat').waitFor();
  await folder(tab, 'Mine').click();
  await tab.getByText('You have no chats').waitFor();
});

test('take without a line is refused in words, and nothing is changed', async (t) => {
  const desk = await atChat(t, { prepare: (d) => [d.begin({ name: 'Margot' })] });
  const { tab, made: [margot] } = desk;
  await lineDown(desk);
  await tab.getByRole('button', { name: 'Take', exact: true }).click();
  await tab.getByText('Not done: there is no connection').waitFor();
  assert.equal(margot.row.state, 'waiting');
});

test('the browser’s word that the network is gone is believed at once, and that it is back', async (t) => {
  const { tab, server } = await atChat(t);
  server.refuse = true;
  await tab.evaluate(() => dispatchEvent(new Event('offline')));
  await banner(tab).waitFor();
  server.refuse = false;
  await tab.evaluate(() => dispatchEvent(new Event('online')));
  await banner(tab).waitFor({ state: 'detached' });
});

test('a server that wants no more of this page is not asked again until it is loaded again', async (t) => {
  const { tab, server } = await atChat(t);
  for (const client of server.sockets.clients) client.close(4500, 'bad_frame');
  await tab.getByText('The server ended the connection: bad_frame').waitFor();
  await pause(1500);
  assert.equal(server.of('hello').length, 1);
  await tab.getByRole('button', { name: 'Load again' }).click();
  await until(() => server.of('hello').length === 2);
});
