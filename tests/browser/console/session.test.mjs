// Signing in and out, the first account, the password, and what ends a session.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { atDesk, composer, launchBrowser, open, signedIn, startServer, until } from './support.mjs';

let browser;
before(async () => (browser = await launchBrowser()));
after(() => browser.close());

const title = (tab) => tab.locator('h1').innerText();

test('login: wrong words are refused in plain ones, right ones open the desk', async (t) => {
  const server = await startServer(t);
  server.desk.addOperator({ login: 'ada', name: 'Ada' });
  const tab = await open(t, browser, server);
  await tab.getByLabel('Login').fill(' Ada ');
  await tab.getByLabel('Password').fill('wrong');
  await tab.getByRole('button', { name: 'Sign in' }).click();
  await tab.getByText('do not belong together').waitFor();
  await tab.getByLabel('Password').fill('a long password');
  await tab.keyboard.press('Enter');
  await tab.getByRole('heading', { name: 'Waiting', exact: true }).waitFor();
  assert.equal(server.of('hello').length, 1);
});

test('a session that ended meanwhile is said to be over where a password is changed, not the password wrong', async (t) => {
  const { server, tab } = await atDesk(t, browser);
  await tab.getByRole('button', { name: 'Account' }).click();
  await tab.getByRole('menuitem', { name: 'Change password' }).click();
  server.sessions.clear();
  await tab.getByLabel('Present password').fill('a long password');
  await tab.getByLabel('New password').fill('quite another one');
  await tab.getByRole('dialog').getByRole('button', { name: 'Change password' }).click();
  await tab.getByRole('dialog').getByText('Your session has ended').waitFor();
});

test('while somebody is there the session is used every ten minutes, so that it does not end over their work', async (t) => {
  const server = await startServer(t);
  const ada = server.desk.addOperator({ login: 'ada', name: 'Ada' });
  const tab = await signedIn(t, browser, server, ada);
  const asked = () => server.requests.filter((line) => line.endsWith('/session')).length;
  await until(() => asked() === 1);
  await tab.evaluate(() => {
    const { now } = Date;
    Date.now = () => now() + 10 * 60_000;
  });
  await tab.mouse.move(50, 50);
  await until(() => asked() === 2);
  await tab.mouse.move(80, 80);
  assert.equal(asked(), 2);
});

test('too many attempts: it says when to try again', async (t) => {
  const server = await startServer(t);
  server.throttled = true;
  const tab = await open(t, browser, server);
  await tab.getByLabel('Login').fill('ada');
  await tab.getByLabel('Password').fill('guess guess guess');
  await tab.keyboard.press('Enter');
  await tab.getByText('Try again in 5 min').waitFor();
});

test('the password can be looked at', async (t) => {
  const tab = await open(t, browser, await startServer(t));
  const password = tab.getByLabel('Password');
  assert.equal(await password.getAttribute('type'), 'password');
  await tab.getByRole('button', { name: 'Show' }).click();
  assert.equal(await password.getAttribute('type'), 'text');
});

test('first account: the secret leaves the address bar at once, is never sent in a URL, and works once', async (t) => {
  const server = await startServer(t);
  server.setupSecret = 'one-time-secret';
  const tab = await open(t, browser, server, { path: '/console#setup=one-time-secret' });
  assert.equal(await title(tab), 'Welcome to Beckon');
  assert.equal(new URL(tab.url()).hash, '');
  await tab.getByLabel('Your name').fill('Ada Linden');
  await tab.getByLabel('Login').fill('ada');
  await tab.getByLabel('Password').fill('short');
  await tab.getByRole('button', { name: 'Create account' }).click();
  assert.equal(server.requests.filter((line) => line.startsWith('POST')).length, 0, 'a short password is not sent');
  await tab.getByLabel('Password').fill('long enough for this');
  await tab.getByRole('button', { name: 'Create account' }).click();
  await tab.getByRole('heading', { name: 'Waiting', exact: true }).waitFor();
  assert.equal(server.desk.byLogin('ada').role, 'admin');
  assert.ok(!server.requests.join().includes('one-time-secret'));
  await tab.goBack().catch(() => {});
  assert.ok(!tab.url().includes('secret'), 'nor is it in the history');

  const again = await open(t, browser, server, { path: '/console#setup=one-time-secret' });
  await again.getByLabel('Your name').fill('Eve');
  await again.getByLabel('Login').fill('eve');
  await again.getByLabel('Password').fill('long enough for this');
  await again.getByRole('button', { name: 'Create account' }).click();
  await again.getByText('This link has been used').waitFor();
});

test('signing out ends the session and shows the login', async (t) => {
  const { server, tab } = await atDesk(t, browser);
  await tab.getByRole('button', { name: 'Account' }).click();
  await tab.getByRole('menuitem', { name: 'Sign out' }).click();
  await tab.getByLabel('Login').waitFor();
  assert.equal(server.sessions.size, 0);
  await tab.reload();
  await tab.getByLabel('Login').waitFor();
});

test('a new password: the wrong old one is told, the right one goes on without a new login', async (t) => {
  const { server, tab, ada } = await atDesk(t, browser);
  await tab.getByRole('button', { name: 'Account' }).click();
  await tab.getByRole('menuitem', { name: 'Change password' }).click();
  await tab.getByLabel('Present password').fill('not this one');
  await tab.getByLabel('New password').fill('quite another one');
  const submit = tab.getByRole('dialog').getByRole('button', { name: 'Change password' });
  await submit.click();
  await tab.getByText('The present password is not right').waitFor();
  await tab.getByLabel('Present password').fill('a long password');
  await submit.click();
  await tab.getByText('Your password has been changed').waitFor();
  assert.equal(ada.password, 'quite another one');
  await until(() => server.of('hello').length === 2, 'the new session connects');
  assert.equal(await tab.getByLabel('Login').count(), 0);
});

test('a session that was ended: the login says so, does not come back by itself, and the draft is there after it', async (t) => {
  const { server, tab, ada, made } = await atDesk(t, browser, {
    prepare: (desk) => desk.begin({ name: 'Margot' }),
    path: '/console/waiting/shop/c_0000000000000000000001',
  });
  await composer(tab).fill('half a sente');
  server.endSessions(ada);
  await tab.getByText('Your session has ended').waitFor();
  await until(async () => (await tab.title()) === 'Beckon', 'the counts to go: nobody is signed in');
  await tab.getByLabel('Login').fill('ada');
  await tab.getByLabel('Password').fill('a long password');
  await tab.keyboard.press('Enter');
  await composer(tab).waitFor();
  assert.equal(await composer(tab).inputValue(), 'half a sente');
  assert.ok(made);
});

test('a session that ended while the line was down is noticed', async (t) => {
  const { server, tab } = await atDesk(t, browser);
  server.sessions.clear();
  server.cut();
  await tab.getByText('Your session has ended').waitFor();
});

test('a server that cannot be reached is said to be so, and tried again', async (t) => {
  const server = await startServer(t);
  server.desk.addOperator({ login: 'ada', name: 'Ada' });
  const tab = await open(t, browser, server);
  await tab.getByLabel('Login').fill('ada');
  await tab.getByLabel('Password').fill('a long password');
  server.down = true;
  await tab.keyboard.press('Enter');
  await tab.getByText('The server cannot be reached').waitFor();
  server.down = false;
  await tab.getByRole('button', { name: 'Sign in' }).click();
  await tab.getByRole('heading', { name: 'Waiting', exact: true }).waitFor();
});

test('two operators at one browser do not see each other’s drafts', async (t) => {
  const { server, tab, desk } = await atDesk(t, browser, {
    prepare: (desk) => (desk.addOperator({ login: 'noor', name: 'Noor' }), desk.begin({ name: 'Margot' })),
    path: '/console/waiting/shop/c_0000000000000000000001',
  });
  await composer(tab).fill('Ada’s words');
  await tab.getByRole('button', { name: 'Account' }).click();
  await tab.getByRole('menuitem', { name: 'Sign out' }).click();
  await tab.getByLabel('Login').fill('noor');
  await tab.getByLabel('Password').fill('a long password');
  await tab.keyboard.press('Enter');
  await composer(tab).waitFor();
  assert.equal(await composer(tab).inputValue(), '');
  assert.ok(desk.byLogin('noor') && server);
});

test('nothing of the page is inline, and the browser complains of nothing', async (t) => {
  const { tab, server } = await atDesk(t, browser, { prepare: (desk) => desk.begin({ name: 'Margot' }) });
  await tab.locator('.row').click();
  await composer(tab).waitFor();
  assert.deepEqual(tab.said, []);
  assert.equal(await tab.locator('[style], style, script:not([src])').count(), 0);
  assert.ok(server.requests.every((line) => !/ \/console\/api.*(password|secret)=/.test(line)));
  await signedIn(t, browser, server, server.desk.byLogin('ada'));
});
