// Strangers' words in every place where the console shows some: always text, never markup, and contained.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { atDesk, composer, folder, kCanary, launchBrowser, overhang, rowOf, until } from './support.mjs';

let browser;
before(async () => (browser = await launchBrowser()));
after(() => browser.close());

const path = '/console/mine/shop/c_0000000000000000000001';
const kProfile = (text) => ({
  pages: [{ url: text, title: text, at: Date.now() - 1000 }, { url: 'javascript:window.__x=1', title: text, at: Date.now() }],
  cart: { value: 5, items: 1, currency: text },
  facts: [{ name: text, value: text }, { name: 'nested', value: { [text]: text } }],
  tags: [text],
  attrs: { [text]: text, list: [text, text] },
});

/** A desk where every text that somebody else can choose is `text`. */
const deskOf = (text, more = {}) => ({
  path,
  prepare: (desk) => {
    const ada = desk.byLogin('ada');
    Object.assign(ada, { name: text, state: 'online' });
    desk.sites = [{ id: 'shop', uploads: true, canned: [{ title: text, text }] }];
    desk.addOperator({ login: 'noor', name: text, state: 'online', groups: [text], skills: [text], sites: [] });
    const chat = desk.begin({ name: text, email: text, rule: text, skill: text, group: text, language: text, says: [text], visitor: kProfile(text) });
    desk.assign(chat, ada);
    desk.append(chat, { from: 'visitor', file: { id: 'f_x', name: text, type: 'application/pdf', bytes: 3 } });
    desk.append(chat, { from: 'visitor', file: { id: '"><img src=x>', name: text, type: text, bytes: 3 } });
    desk.append(chat, { from: 'invite', name: text, text });
    desk.append(chat, { from: 'operator', operator: 'p_other', name: text, text });
    for (const event of ['joined', 'transferred', 'closed', 'unanswered', 'reopened', text]) desk.append(chat, { from: 'system', event, name: text, by: text, text });
    desk.append(chat, { from: 'visitor', text });
    desk.addTask({ kind: 'message', name: text, email: text, phone: text, text, page: text, rule: text, conversation: text, id: 't_1' });
    return chat;
  },
  ...more,
});

/** Looks at every view, with `look`. */
async function everywhere({ tab, made, server }, look) {
  await tab.locator('aside.visitor .facts').first().waitFor({ state: 'attached' });
  await look('conversation');
  await rowOf(tab, made).waitFor({ state: 'attached' });
  await tab.getByRole('button', { name: 'Transfer' }).click();
  await look('transfer');
  await tab.keyboard.press('Escape');
  await composer(tab).fill('/');
  await tab.getByRole('option').waitFor();
  await look('canned');
  await composer(tab).fill('');
  for (const view of ['all', 'tasks', 'tasks/shop/t_1', 'operators']) {
    await tab.goto(`${server.origin}/console/${view}`);
    await tab.locator(view === 'operators' ? '.grid' : '.row').first().waitFor();
    await look(view);
  }
}

test('markup in every field stays text', async (t) => {
  const desk = await atDesk(t, browser, deskOf(kCanary));
  const { tab } = desk;
  await everywhere(desk, async (view) => {
    assert.equal(await tab.evaluate(() => window.__x), undefined, view);
    assert.equal(await tab.locator('img[src=x], [onerror]').count(), 0, view);
    assert.ok((await tab.locator('body').innerText()).includes(kCanary), `${view} shows it as it is`);
  });
  assert.deepEqual(tab.said, []);
});

test('javascript: and other schemes are no links anywhere', async (t) => {
  for (const address of ['javascript:window.__x=1', 'java\tscript:window.__x=1', 'data:text/html,<script>1</script>', 'vbscript:x']) {
    const desk = await atDesk(t, browser, deskOf(address));
    const { tab } = desk;
    await everywhere(desk, async (view) => {
      const links = await tab.locator('a').evaluateAll((all) => all.map(({ href, rel, target }) => ({ href, rel, target })));
      for (const { href, rel, target } of links) {
        assert.match(href, /^(https?:|mailto:|tel:)/, `${view}: ${href}`);
        if (target === '_blank') assert.equal(rel, 'noopener noreferrer', view);
      }
      assert.ok(!links.some(({ href }) => /script|data:/i.test(decodeURIComponent(href).replace(/^mailto:.*/, ''))), view);
    });
  }
});

test('links to the web and to mail are links, and open apart from the console', async (t) => {
  const { tab } = await atDesk(t, browser, deskOf('see https://shop.example/a?b=1 or write to a@b.example'));
  const links = await tab.locator('.bubble a:not(.file)').evaluateAll((all) => all.map((a) => [a.getAttribute('href'), a.rel, a.target]));
  assert.deepEqual(links[0], ['https://shop.example/a?b=1', 'noopener noreferrer', '_blank']);
  assert.deepEqual(links[1], ['mailto:a@b.example', 'noopener noreferrer', '_blank']);
});

for (const [what, text] of [
  ['a right-to-left override', 'abc\u202edef'],
  ['zero-width characters', '\u200b\u2060\ufeff\u200b'],
  ['ten thousand combining marks', 'Z' + '\u0321\u0301'.repeat(5000)],
  ['a word of four thousand letters', 'W'.repeat(4000)],
  ['right-to-left words', 'مرحبا، هل يمكنني المساعدة؟ (1)'],
]) {
  for (const width of [1440, 320]) {
    test(`${what}, ${width} pixels wide: contained`, async (t) => {
      const desk = await atDesk(t, browser, deskOf(text, { viewport: { width, height: 700 } }));
      const { tab } = desk;
      await tab.locator('.bubble').first().waitFor();
      const look = async (view) => {
        assert.deepEqual(await overhang(tab), [], view);
        const tall = await tab.locator('.row, .pane-header').evaluateAll((all) => Math.max(0, ...all.map((e) => e.getBoundingClientRect().height)));
        assert.ok(tall <= 110, `${view}: a row or a header is ${tall} pixels tall`);
      };
      if (width > 1200) return everywhere(desk, look);
      await look('conversation');
      for (const view of ['mine', 'tasks', 'tasks/shop/t_1', 'operators', path.slice(9) + '/details']) {
        await tab.goto(`${desk.server.origin}/console/${view}`);
        await tab.locator(view === 'operators' ? '.grid' : view.endsWith('details') ? 'aside.visitor .facts' : '.row, .task-view').first().waitFor({ state: 'attached' });
        await look(view);
      }
      return undefined;
    });
  }
}

test('marks that are drawn do not leave their bubble, and an override does not leave its line', async (t) => {
  const { tab } = await atDesk(t, browser, deskOf('\u202e' + 'Z' + '\u0301'.repeat(10_000)));
  const bubble = tab.locator('.bubble').first();
  await bubble.waitFor();
  assert.equal(await bubble.evaluate((b) => [...b.textContent].length < 20), true);
  const styles = await tab.locator('.bubble').evaluateAll((all) => all.map((b) => [getComputedStyle(b).unicodeBidi, getComputedStyle(b).overflowX]));
  for (const style of styles) assert.deepEqual(style, ['isolate', 'clip']);
  assert.equal(await tab.locator('#conversation-title').evaluate((h) => h.textContent.includes('\u202e')), false);
});

test('a visitor without a name that can be seen has one', async (t) => {
  const { tab, made } = await atDesk(t, browser, deskOf('\u200b\u202e'));
  await folder(tab, 'All').click();
  assert.match(await rowOf(tab, made).locator('.row-name').innerText(), /Visitor 1001/);
});

test('a task with a telephone number that is none, and a page that is no address, has no links for them', async (t) => {
  const { tab, desk } = await atDesk(t, browser, { path: '/console/tasks' });
  const task = desk.addTask({ phone: '*21*0900#;ext=javascript:1', page: '/checkout', name: 'Bruno' });
  await tab.locator('.row').click();
  await tab.locator('.task-view').getByText('/checkout').waitFor();
  assert.equal(await tab.locator('.task-view a').count(), 0);
  assert.ok(task);
});

test('an erased conversation and task are gone, here too', async (t) => {
  const desk = await atDesk(t, browser, deskOf('Words to forget'));
  const { tab, desk: theDesk, made } = desk;
  await tab.locator('.bubble').first().waitFor();
  theDesk.toAll({ type: 'conversation_gone', site: 'shop', conversation: made.row.id });
  theDesk.toAll({ type: 'task_gone', site: 'shop', task: 't_1' });
  await tab.getByText('This conversation is not here').waitFor();
  await folder(tab, 'Tasks').click();
  await tab.getByText('Nothing left to do').waitFor();
  await until(async () => !(await tab.locator('body').innerText()).includes('Words to forget'));
});
