// The desk around the conversations: presence, keyboard, settings, notifications, languages, the operators' page.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { atDesk, composer, folder, launchBrowser, pause, until } from './support.mjs';

let browser;
before(async () => (browser = await launchBrowser()));
after(() => browser.close());

const path = (tab) => new URL(tab.url()).pathname;
const three = (desk) => ['First', 'Second', 'Third'].map((name, i) => desk.begin({ name, waiting_since: Date.now() - (9 - i) * 1000 }));
const settings = async (tab) => {
  await tab.getByRole('button', { name: 'Account' }).click();
  await tab.getByRole('menuitem', { name: 'Settings' }).click();
};

test('presence: online with the first connection, away and back by hand, with the chats of how many', async (t) => {
  const { tab, ada, desk } = await atDesk(t, browser);
  await until(() => ada.state === 'online');
  const presence = tab.getByRole('switch', { name: 'Available' });
  assert.equal(await presence.getAttribute('aria-checked'), 'true');
  await presence.click();
  await until(() => ada.state === 'away');
  assert.match(await presence.innerText(), /^Away$/);
  await presence.click();
  await until(() => ada.state === 'online');
  assert.equal(await tab.locator('.load').innerText(), '0/4');
  desk.assign(desk.begin({ name: 'Margot' }), ada);
  await until(async () => (await tab.locator('.load').innerText()) === '1/4');
});

test('away by itself is told apart from away by choice', async (t) => {
  const { tab, ada, desk } = await atDesk(t, browser);
  await until(() => ada.state === 'online');
  ada.state = 'away';
  desk.tellPresence();
  const presence = tab.getByRole('switch', { name: 'Available' });
  await until(async () => (await presence.innerText()) === 'Away, by itself');
  await presence.click();
  await until(() => ada.state === 'online');
});

test('who chose away stays away after a reload', async (t) => {
  const { tab, ada, server } = await atDesk(t, browser);
  await tab.getByRole('switch', { name: 'Available' }).click();
  await until(() => ada.state === 'away');
  ada.state = 'offline';
  await tab.reload();
  await until(() => server.of('hello').length === 2 && ada.state === 'away');
});

test('activity is told, at most every 30 s', async (t) => {
  const { tab, server } = await atDesk(t, browser);
  await tab.mouse.move(200, 200);
  await tab.mouse.move(220, 220);
  await tab.keyboard.press('j');
  await until(() => server.of('activity').length === 1);
  await pause(200);
  assert.equal(server.of('activity').length, 1);
});

test('by keyboard alone: through the list, take, write, answer, details, transfer, close, folders', async (t) => {
  const { tab, made: [first, second], desk } = await atDesk(t, browser, { prepare: three, viewport: { width: 1024, height: 768 } });
  desk.addOperator({ login: 'noor', name: 'Noor', state: 'online' });
  desk.tellPresence();
  await tab.locator('.row').first().waitFor();
  await tab.keyboard.press('j');
  await tab.locator('#conversation-title', { hasText: 'First' }).waitFor();
  const focused = (element) => until(() => element.evaluate((e) => e === document.activeElement), 'the focus');
  await focused(tab.locator('#conversation-title'));
  await tab.keyboard.press('j');
  await tab.locator('#conversation-title', { hasText: 'Second' }).waitFor();
  await tab.keyboard.press('r');
  await focused(composer(tab));
  await tab.keyboard.press('Alt+ArrowDown');
  await tab.locator('#conversation-title', { hasText: 'Third' }).waitFor();
  await focused(composer(tab));
  await tab.keyboard.press('Alt+ArrowUp');
  await tab.keyboard.press('Escape');
  await tab.keyboard.press('k');
  await tab.locator('#conversation-title', { hasText: 'First' }).waitFor();
  await tab.keyboard.press('Alt+t');
  await tab.getByText('With you').waitFor();
  assert.equal(first.row.operator.name, 'Ada');
  await tab.keyboard.press('r');
  await focused(composer(tab));
  await tab.keyboard.type('hello there, just text: 1 2 3 ? jk');
  await tab.keyboard.press('Enter');
  await until(() => first.messages.at(-1).text === 'hello there, just text: 1 2 3 ? jk');
  await tab.keyboard.press('Alt+d');
  await tab.locator('aside.visitor').waitFor();
  await tab.keyboard.press('Alt+d');
  await tab.locator('aside.visitor').waitFor({ state: 'hidden' });
  await tab.keyboard.press('Alt+x');
  await tab.getByRole('dialog').getByRole('button', { name: /^Noor/ }).waitFor();
  await tab.keyboard.press('j');
  await tab.keyboard.press('Escape');
  assert.equal(await tab.getByRole('dialog').count(), 0);
  await tab.locator('#conversation-title', { hasText: 'First' }).waitFor();
  await tab.keyboard.press('Alt+e');
  await until(() => first.row.state === 'closed');
  await tab.keyboard.press('Escape');
  await tab.keyboard.press('3');
  await tab.getByRole('heading', { name: 'All', exact: true }).waitFor();
  await tab.keyboard.press('4');
  assert.equal(path(tab), '/console/tasks');
  assert.equal(second.row.state, 'waiting');
});

test('the help lists the shortcuts, and gives the focus back', async (t) => {
  const { tab } = await atDesk(t, browser);
  await tab.locator('.filter input').waitFor();
  await folder(tab, 'All').focus();
  await tab.keyboard.press('?');
  const dialog = tab.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await dialog.waitFor();
  assert.ok((await dialog.locator('tr').count()) >= 14);
  await tab.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await folder(tab, 'All').evaluate((e) => e === document.activeElement), true);
});

test('single keys can be switched off; those with Alt stay', async (t) => {
  const { tab } = await atDesk(t, browser, { prepare: three });
  await settings(tab);
  await tab.getByRole('switch', { name: 'Single-key shortcuts' }).uncheck();
  await tab.keyboard.press('Escape');
  await tab.keyboard.press('j');
  await pause(100);
  assert.equal(path(tab), '/console');
  await tab.keyboard.press('Alt+ArrowDown');
  await tab.locator('#conversation-title').waitFor();
});

test('the menu: arrows go through it, Esc closes it and gives the focus back', async (t) => {
  const { tab } = await atDesk(t, browser);
  const button = tab.getByRole('button', { name: 'Account' });
  await button.focus();
  await tab.keyboard.press('Enter');
  const focused = () => tab.evaluate(() => document.activeElement.textContent);
  assert.equal(await focused(), 'Operators');
  await tab.keyboard.press('ArrowDown');
  assert.equal(await focused(), 'Settings');
  await tab.keyboard.press('ArrowUp');
  await tab.keyboard.press('ArrowUp');
  assert.equal(await focused(), 'Sign out');
  await tab.keyboard.press('Escape');
  assert.equal(await tab.getByRole('menu').count(), 0);
  assert.equal(await button.evaluate((e) => e === document.activeElement), true);
});

test('light and dark: as the system, or as chosen, also after a reload', async (t) => {
  const { tab } = await atDesk(t, browser, { colorScheme: 'dark' });
  const shade = () => tab.evaluate(() => getComputedStyle(document.querySelector('.panes')).backgroundColor);
  const dark = await shade();
  await tab.emulateMedia({ colorScheme: 'light' });
  const light = await shade();
  assert.notEqual(dark, light);
  await settings(tab);
  await tab.getByText('Dark', { exact: true }).click();
  assert.equal(await shade(), dark);
  await tab.reload();
  await tab.locator('.panes').waitFor();
  assert.equal(await shade(), dark);
});

test('French by the browser’s language, or by choice', async (t) => {
  const { tab } = await atDesk(t, browser, { locale: 'fr-FR' });
  await tab.getByText('Personne n’attend').waitFor();
  assert.equal(await tab.evaluate(() => document.documentElement.lang), 'fr');
  await tab.getByRole('button', { name: 'Compte' }).click();
  await tab.getByRole('menuitem', { name: 'Réglages' }).click();
  await tab.getByText('English', { exact: true }).click();
  await tab.getByText('Nobody is waiting').waitFor();
  assert.equal(await tab.evaluate(() => document.documentElement.lang), 'en');
});

test('sound is off until it is switched on', async (t) => {
  const { tab, desk } = await atDesk(t, browser);
  await tab.evaluate(() => {
    window.tones = 0;
    const create = AudioContext.prototype.createOscillator;
    AudioContext.prototype.createOscillator = function () {
      window.tones++;
      return create.call(this);
    };
  });
  desk.begin({ name: 'Margot' });
  await tab.locator('.row').waitFor();
  assert.equal(await tab.evaluate(() => window.tones), 0);
  await settings(tab);
  await tab.getByRole('switch', { name: 'Sound' }).check();
  await tab.keyboard.press('Escape');
  const before = await tab.evaluate(() => window.tones);
  desk.begin({ name: 'Sam' });
  await until(async () => (await tab.evaluate(() => window.tones)) > before);
});

test('the system’s notifications: asked for when switched on, shown only while one looks elsewhere', async (t) => {
  const { tab, desk } = await atDesk(t, browser, { permissions: ['notifications'] });
  await tab.evaluate(() => {
    window.shown = [];
    window.Notification = class {
      static permission = 'default';
      static requestPermission = async () => (Notification.permission = 'granted');
      constructor(title, options) {
        window.shown.push([title, options.body]);
      }
    };
    window.looking = true;
    document.hasFocus = () => window.looking;
  });
  const shown = () => tab.evaluate(() => window.shown);
  await settings(tab);
  await tab.getByRole('switch', { name: 'Notifications' }).check();
  await until(() => tab.evaluate(() => Notification.permission === 'granted'));
  await tab.keyboard.press('Escape');
  desk.begin({ name: 'Margot' });
  await tab.locator('.row').waitFor();
  assert.deepEqual(await shown(), []);
  await tab.evaluate(() => (window.looking = false));
  desk.begin({ name: 'Sam', says: ['Anybody?'] });
  await until(async () => (await shown()).length === 1);
  assert.match((await shown())[0][0], /Sam is waiting/);
});

test('notifications that are refused stay off', async (t) => {
  const { tab } = await atDesk(t, browser);
  await tab.evaluate(() => (Notification.requestPermission = async () => 'denied'));
  await settings(tab);
  const box = tab.getByRole('switch', { name: 'Notifications' });
  await box.click();
  await pause(100);
  assert.equal(await tab.evaluate(() => JSON.parse(localStorage['beckon.console.settings'] || '{}').notify ?? false), false);
});

test('the browser’s back goes through what was open', async (t) => {
  const { tab } = await atDesk(t, browser, { prepare: three });
  await tab.locator('.row', { hasText: 'First' }).click();
  await tab.locator('.row', { hasText: 'Second' }).click();
  await folder(tab, 'Tasks').click();
  await tab.goBack();
  await tab.locator('#conversation-title', { hasText: 'Second' }).waitFor();
  await tab.goBack();
  await tab.locator('#conversation-title', { hasText: 'First' }).waitFor();
});

test('operators: added, changed, given a password, disabled', async (t) => {
  const { tab, desk, server } = await atDesk(t, browser, { path: '/console/operators' });
  await tab.getByRole('button', { name: 'Add operator' }).click();
  const dialog = tab.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Noor Haddad');
  await dialog.getByLabel('Login').fill('ada');
  await dialog.getByLabel('Password').fill('correct horse battery');
  await dialog.getByLabel('Groups').fill('Support, Sales');
  await dialog.getByLabel('Skills').fill(' returns ,');
  await dialog.getByLabel('Chats at once').fill('6');
  await dialog.getByLabel('Picture').fill('https://shop.example/noor.png');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText('This login is taken').waitFor();
  await dialog.getByLabel('Login').fill('noor');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await tab.getByRole('row', { name: /Noor Haddad/ }).waitFor();
  const noor = desk.byLogin('noor');
  assert.deepEqual([noor.role, noor.capacity, noor.groups, noor.skills, noor.sites, noor.password], ['operator', 6, ['Support', 'Sales'], ['returns'], [], 'correct horse battery']);
  assert.equal(noor.picture, 'https://shop.example/noor.png');
  await tab.getByRole('button', { name: 'Edit Noor Haddad' }).click();
  await dialog.getByLabel('Role').selectOption('admin');
  await dialog.getByRole('checkbox', { name: 'Disabled' }).check();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await tab.getByRole('row', { name: /Noor Haddad[^]*Administrator[^]*Disabled/ }).waitFor();
  assert.deepEqual([noor.role, noor.disabled, noor.password], ['admin', true, 'correct horse battery']);
  assert.ok(server);
});

test('operators: one cannot take one’s own role or disable oneself', async (t) => {
  const { tab, ada } = await atDesk(t, browser, { path: '/console/operators' });
  await tab.getByRole('button', { name: 'Edit Ada' }).click();
  const dialog = tab.getByRole('dialog');
  assert.equal(await dialog.getByLabel('Role').isDisabled(), true);
  assert.equal(await dialog.getByRole('checkbox').count(), 0);
  await dialog.getByLabel('Chats at once').fill('9');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await until(() => ada.capacity === 9);
  assert.deepEqual([ada.role, ada.disabled], ['admin', false]);
});

test('who is not an admin has no operators’ page', async (t) => {
  const { tab, server } = await atDesk(t, browser, { prepare: (desk) => (desk.byLogin('ada').role = 'operator'), path: '/console/operators' });
  await tab.getByText('Only administrators').waitFor();
  await tab.getByRole('button', { name: 'Account' }).click();
  assert.equal(await tab.getByRole('menuitem', { name: 'Operators' }).count(), 0);
  assert.equal(server.requests.filter((line) => line.includes('api/operators')).length, 0);
});
