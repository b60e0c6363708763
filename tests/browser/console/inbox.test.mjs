// The inbox: what is in which folder, what its rows say, and that they change by themselves.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { atDesk, folder, launchBrowser, rowOf, until } from './support.mjs';

let browser;
before(async () => (browser = await launchBrowser()));
after(() => browser.close());

const kMinute = 60_000;
const names = (tab) => tab.locator('.row-name').allInnerTexts();
const countOf = (tab, name) => folder(tab, name).locator('.count > [aria-hidden]').innerText();

test('waiting: the longest wait first, with rule, skill, words and a clock that runs', async (t) => {
  const { tab } = await atDesk(t, browser, {
    prepare: (desk) => {
      const now = Date.now();
      desk.begin({ name: 'Second', waiting_since: now - 61_000 });
      desk.begin({ name: 'First', waiting_since: now - 200_000, rule: 'help-on-orders', skill: 'returns', says: ['Where is my parcel?'] });
      desk.begin({ name: 'Third' });
    },
  });
  assert.deepEqual(await names(tab), ['First', 'Second', 'Third']);
  const row = tab.locator('.row').first();
  assert.match(await row.innerText(), /Where is my parcel\?[^]*help-on-orders[^]*returns/);
  const clock = row.locator('.waiting-time');
  assert.equal(await clock.getAttribute('data-urgency'), 'high');
  assert.equal(await tab.locator('.waiting-time').nth(1).getAttribute('data-urgency'), 'raised');
  const shown = await clock.innerText();
  assert.match(shown, /^3:2\d$/);
  await until(async () => (await clock.innerText()) !== shown, 'the clock to move');
  assert.equal(await countOf(tab, 'Waiting'), '3');
  assert.equal(await tab.title(), '(3) Beckon');
});

test('a visitor who arrives is there at once, and gone from waiting when somebody takes them', async (t) => {
  const { tab, desk } = await atDesk(t, browser);
  await tab.getByText('Nobody is waiting').waitFor();
  const noor = desk.addOperator({ login: 'noor', name: 'Noor' });
  const margot = desk.begin({ name: 'Margot' });
  await rowOf(tab, margot).waitFor();
  assert.equal(await tab.getByText('Nobody is waiting').count(), 0);
  assert.match(await tab.locator('[role=log]').innerText(), /Margot is waiting: Hello/);
  desk.assign(margot, noor);
  await rowOf(tab, margot).waitFor({ state: 'detached' });
  await folder(tab, 'All').click();
  assert.match(await rowOf(tab, margot).innerText(), /Noor/);
});

test('mine: only those of mine, with what is unread; read when looked at', async (t) => {
  const { tab, made, desk, server } = await atDesk(t, browser, {
    prepare: (desk) => {
      const [ada] = desk.operators.values();
      const noor = desk.addOperator({ login: 'noor', name: 'Noor' });
      const mine = desk.begin({ name: 'Margot', says: ['One', 'Two'] });
      desk.assign(mine, ada);
      desk.assign(desk.begin({ name: 'Sam' }), noor);
      return mine;
    },
    path: '/console/mine',
  });
  assert.deepEqual(await names(tab), ['Margot']);
  assert.equal(await rowOf(tab, made).locator('.count').innerText(), '2');
  assert.equal(await countOf(tab, 'Mine'), '2');
  await rowOf(tab, made).click();
  await until(() => server.of('read').length, 'the reading to be told');
  assert.equal(server.of('read').at(-1).seq, made.row.last);
  await until(async () => !(await folder(tab, 'Mine').locator('.count').count()), 'the count to go');
  assert.equal(desk.conversations.size, 2);
});

test('a message in a chat of mine counts, is previewed and spoken, and moves it up', async (t) => {
  const { tab, desk, made } = await atDesk(t, browser, {
    prepare: (desk) => {
      const [ada] = desk.operators.values();
      const made = ['Margot', 'Sam'].map((name) => desk.begin({ name }));
      for (const one of made) desk.assign(one, ada);
      Object.assign(made[0].row, { at: Date.now() - 2 * kMinute, unread: 0 });
      return made[0];
    },
    path: '/console/mine',
  });
  assert.deepEqual(await names(tab), ['Sam', 'Margot']);
  desk.visitorSays(made, 'Are you there?');
  await until(async () => (await names(tab))[0] === 'Margot', 'Margot to come up');
  assert.match(await rowOf(tab, made).innerText(), /Are you there\?/);
  assert.equal(await tab.locator('[role=log]').innerText(), 'Margot: Are you there?');
});

test('all: closed ones too, page after page, until the end', async (t) => {
  const { tab, server } = await atDesk(t, browser, {
    prepare: (desk) => {
      for (let i = 0; i < 120; i++) {
        const one = desk.begin({ name: `Visitor number ${i}` });
        desk.set(one, { state: 'closed', at: Date.now() - (200 - i) * kMinute, unread: 0 });
      }
    },
    path: '/console/all',
  });
  await until(async () => (await tab.locator('.row').count()) >= 50, 'the first page');
  for (let i = 0; i < 4; i++) {
    await tab.locator('.row').last().scrollIntoViewIfNeeded();
    await tab.waitForTimeout(150);
  }
  await until(async () => (await tab.locator('.row').count()) === 120, 'all pages');
  assert.equal(server.of('list').length, 3);
  assert.equal((await names(tab))[0], 'Visitor number 119');
  assert.equal(await tab.getByRole('button', { name: 'Show older' }).count(), 0);
});

test('the filter finds by name, words, rule and who has it', async (t) => {
  const { tab } = await atDesk(t, browser, {
    prepare: (desk) => {
      desk.begin({ name: 'Margot', says: ['About the ember lamp'] });
      desk.begin({ name: 'Sam', rule: 'ember-page' });
      desk.begin({ name: 'Priya' });
    },
  });
  const filter = tab.getByRole('searchbox');
  await filter.fill('EMBER');
  assert.deepEqual((await names(tab)).sort(), ['Margot', 'Sam']);
  await filter.fill('nobody');
  await tab.getByText('Nothing here matches').waitFor();
  await folder(tab, 'All').click();
  assert.equal(await filter.inputValue(), '');
});

test('tasks: callbacks and messages, done and undone', async (t) => {
  const { tab, desk, made } = await atDesk(t, browser, {
    prepare: (desk) => {
      desk.addTask({ kind: 'message', name: 'Alice', email: 'alice@example.com', text: 'It hums, see https://shop.example/moth', at: Date.now() - kMinute });
      return desk.addTask({ name: 'Bruno', phone: '+49 (30) 5550-123', page: 'https://shop.example/checkout', rule: 'stuck', conversation: desk.begin({ name: 'Bruno' }).row.id });
    },
    path: '/console/tasks',
  });
  assert.equal(await countOf(tab, 'Tasks'), '2');
  await tab.locator('.row', { hasText: 'Bruno' }).click();
  const view = tab.locator('.task-view');
  assert.match(await view.innerText(), /Callback[^]*Bruno[^]*stuck/);
  assert.equal(await view.getByRole('link', { name: '5550' }).getAttribute('href'), 'tel:+49305550123');
  await view.getByRole('button', { name: 'Mark as done' }).click();
  await view.getByText('Done by').waitFor();
  assert.equal(made.done, true);
  assert.equal(await countOf(tab, 'Tasks'), '1');
  await view.getByRole('button', { name: 'Open again' }).click();
  await until(() => !made.done, 'the task to be open');
  await tab.getByRole('checkbox', { name: 'Done: Alice' }).check();
  await until(() => [...desk.tasks.values()].find(({ name }) => name === 'Alice').done, 'Alice’s to be done');
  await view.getByRole('button', { name: 'Open conversation' }).click();
  await tab.locator('.composer').waitFor();
});

test('a task that comes in is there at once and spoken; what another finishes is shown', async (t) => {
  const { tab, desk } = await atDesk(t, browser, { path: '/console/tasks' });
  await tab.getByText('Nothing left to do').waitFor();
  const task = desk.addTask({ name: 'Bruno', phone: '123' });
  await tab.locator('.row', { hasText: 'Bruno' }).waitFor();
  assert.match(await tab.locator('[role=log]').innerText(), /New task from Bruno/);
  desk.toAll({ type: 'task', task: { ...task, done: true, by: 'Noor' } });
  await tab.locator('.task-item[data-done]').waitFor();
});

test('a conversation that is not there says so', async (t) => {
  const { tab } = await atDesk(t, browser, { path: '/console/all/shop/c_nothing' });
  await tab.getByText('This conversation is not here').waitFor();
});
