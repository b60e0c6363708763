// Every view in light and dark, from a desk's screen to the narrowest phone: no fault that axe knows, nothing that sticks out,
// nothing that the browser complains of. The screenshots are left in out/screenshots/console.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { workingDay } from './scene.mjs';
import { atDesk, composer, faults, folder, launchBrowser, open, overhang, screenshot, startServer, until } from './support.mjs';

let browser;
before(async () => (browser = await launchBrowser()));
after(() => browser.close());

// The long tests look at all of them.
const kAllWays = {
  'light 1440': { viewport: { width: 1440, height: 900 }, colorScheme: 'light' },
  'dark 1440': { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' },
  'light 1024': { viewport: { width: 1024, height: 768 }, colorScheme: 'light' },
  'dark 1024': { viewport: { width: 1024, height: 768 }, colorScheme: 'dark' },
  'light 390': { viewport: { width: 390, height: 844 }, colorScheme: 'light', hasTouch: true },
  'dark 320': { viewport: { width: 320, height: 640 }, colorScheme: 'dark', hasTouch: true },
  'French 320': { viewport: { width: 320, height: 640 }, colorScheme: 'light', hasTouch: true, locale: 'fr-FR' },
};

const kUsual = ['light 1440', 'dark 1024', 'dark 320', 'French 320'];
const kWays = Object.entries(kAllWays).filter(([way]) => process.env.BECKON_LONG || kUsual.includes(way));

/** What is looked at: a path, what is waited for, and what is done first. */
function views({ main, waiting, theirs, closed }, task) {
  const item = `/console/mine/shop/${main.row.id}`;
  const menu = (tab) => tab.locator('.account').click();
  const fromMenu = (icon) => async (tab) => (await menu(tab), await tab.locator('.menu button').nth(icon).click());
  return {
    waiting: { path: '/console/waiting', see: '.row' },
    mine: { path: '/console/mine', see: '.row' },
    all: { path: '/console/all', see: '.row' },
    tasks: { path: '/console/tasks', see: '.row' },
    task: { path: `/console/tasks/shop/${task.id}`, see: '.task-body' },
    conversation: { path: item, see: '.bubble' },
    'waiting one': { path: `/console/waiting/shop/${waiting.row.id}`, see: '.composer-note' },
    'one of another': { path: `/console/all/shop/${theirs.row.id}`, see: '.composer-note' },
    'closed one': { path: `/console/all/shop/${closed.row.id}`, see: '.composer-note' },
    details: { path: item + '/details', see: 'aside.visitor .path' },
    transfer: { path: item, see: 'dialog', first: (tab) => tab.locator('.pane-header button.collapses').first().click() },
    canned: { path: item, see: '.canned', first: (tab) => composer(tab).fill('/') },
    emoji: { path: item, see: '.emoji', first: (tab) => tab.locator('.composer-tools button').first().click() },
    operators: { path: '/console/operators', see: '.grid tbody' },
    operator: { path: '/console/operators', see: 'dialog', first: (tab) => tab.locator('.grid button').first().click() },
    menu: { path: '/console/waiting', see: '.menu', first: menu },
    settings: { path: '/console/waiting', see: 'dialog', first: fromMenu(1) },
    help: { path: '/console/waiting', see: 'dialog', first: fromMenu(2) },
    password: { path: '/console/waiting', see: 'dialog', first: fromMenu(3) },
  };
}

describe('every view', () => {
  for (const [way, options] of kWays) {
    test(way, async (t) => {
      const { tab, server, made, desk } = await atDesk(t, browser, { prepare: workingDay, ...options });
      const [task] = desk.tasks.values();
      for (const [name, { path, see, first }] of Object.entries(views(made, task))) {
        await tab.goto(server.origin + path);
        await tab.locator('.rail, .middle').first().waitFor({ state: 'attached' });
        await first?.(tab);
        await tab.locator(see).first().waitFor();
        assert.deepEqual(await overhang(tab), [], `${name} sticks out`);
        assert.deepEqual(await faults(tab), [], name);
        await screenshot(tab, `${name} ${way}`);
      }
      assert.deepEqual(tab.said, []);
    });

    test(`${way}: nothing to show, no line, and not signed in`, async (t) => {
      const { tab, server } = await atDesk(t, browser, options);
      for (const folder of ['waiting', 'mine', 'all', 'tasks']) {
        await tab.goto(`${server.origin}/console/${folder}`);
        await tab.locator('.inbox .empty').waitFor();
        assert.deepEqual(await faults(tab), [], folder);
        await screenshot(tab, `empty ${folder} ${way}`);
      }
      server.refuse = true;
      server.cut();
      await tab.locator('.banner').waitFor();
      assert.deepEqual(await overhang(tab), []);
      assert.deepEqual(await faults(tab), [], 'no line');
      await screenshot(tab, `no line ${way}`);
      for (const path of ['/console', '/console#setup=x']) {
        const other = await open(t, browser, server, { path, ...options });
        await other.locator('form').waitFor();
        assert.deepEqual(await overhang(other), []);
        assert.deepEqual(await faults(other), [], path);
        await screenshot(other, `${path.includes('#') ? 'setup' : 'login'} ${way}`);
      }
    });
  }
});

test('a phone shows one pane at a time: list, conversation, details, and back', async (t) => {
  const { tab, made } = await atDesk(t, browser, { prepare: workingDay, viewport: { width: 390, height: 844 }, hasTouch: true });
  const seen = async () => ({
    list: await tab.locator('.inbox').isVisible(),
    conversation: await tab.locator('.conversation').isVisible(),
    details: await tab.locator('aside.visitor').isVisible(),
    folders: await tab.locator('.rail').isVisible(),
  });
  await folder(tab, 'Mine').click();
  assert.deepEqual(await seen(), { list: true, conversation: false, details: false, folders: true });
  await tab.locator('.row', { hasText: 'Margot' }).click();
  await tab.locator('.bubble').first().waitFor();
  assert.deepEqual(await seen(), { list: false, conversation: true, details: false, folders: false });
  await tab.getByRole('button', { name: 'Visitor details' }).click();
  await tab.locator('aside.visitor').waitFor();
  assert.deepEqual(await seen(), { list: false, conversation: false, details: true, folders: false });
  await tab.locator('aside.visitor').getByRole('button', { name: 'Back' }).click();
  await tab.locator('.conversation').waitFor();
  await tab.goBack();
  await tab.goBack();
  await tab.goBack();
  await until(async () => (await seen()).list);
  assert.ok(made);
});

test('touch targets are 44 pixels, with a mouse at least 24', async (t) => {
  for (const [options, least] of [[{ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }, 44], [{}, 24]]) {
    const { tab, made, server } = await atDesk(t, browser, { prepare: workingDay, ...options });
    for (const path of ['/console/waiting', `/console/mine/shop/${made.main.row.id}`]) {
      await tab.goto(server.origin + path);
      await tab.locator('.row, .bubble').first().waitFor({ state: 'attached' });
      const small = await tab.locator('button:visible').evaluateAll((all, px) => all.filter((b) => b.getBoundingClientRect().height < px && !b.matches('.link')).map((b) => b.outerHTML.slice(0, 80)), least);
      assert.deepEqual(small, [], path);
    }
  }
});

test('at 400 % zoom (a window of 320 by 256) everything can be reached', async (t) => {
  const { tab, made, server } = await atDesk(t, browser, { prepare: workingDay, viewport: { width: 320, height: 256 } });
  await tab.goto(`${server.origin}/console/mine/shop/${made.main.row.id}`);
  await composer(tab).fill('It can be written');
  await tab.getByRole('button', { name: 'Send', exact: true }).click();
  await until(() => made.main.messages.at(-1).text === 'It can be written');
  assert.ok(await startServer(t));
});
