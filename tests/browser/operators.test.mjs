// Two people at once, with the real server: a visitor in the shop and an operator at the console.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Beckon, until } from './support/beckon.mjs';
import { launch } from './support/shopper.mjs';

const kWithin = 10_000;
const kPassword = 'correct horse battery';
let beckon, browser;
before(async () => {
  [beckon, browser] = await Promise.all([Beckon.start(), launch()]);
});
after(async () => {
  await browser?.close();
  await beckon?.end();
});

const eventually = async (check, what) => assert.ok(await until(check, kWithin), `waited in vain: ${what}`);

/** A browser of somebody's own; `complaints`: what it says is wrong. */
async function person(path) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', reducedMotion: 'reduce' });
  const tab = await context.newPage();
  tab.complaints = [];
  tab.on('console', (message) => message.type() === 'error' && tab.complaints.push(message.text()));
  tab.on('pageerror', (error) => tab.complaints.push(String(error)));
  await tab.goto(beckon.url + path);
  return tab;
}

const chat = (tab, name) => tab.locator(`[data-beckon="${name}"]`);
const composer = (tab) => tab.locator('.composer textarea');
const said = (tab) => tab.locator('.bubble').allInnerTexts();

test('first start, a chat from the first word to the last, and the line cut in the middle', async () => {
  const secret = /#setup=(\S+)/.exec(beckon.log)?.[1];
  assert.ok(secret, `no link was printed:\n${beckon.log}`);
  const ada = await person(`/console#setup=${secret}`);
  await ada.getByLabel('Your name').fill('Ada');
  await ada.getByLabel('Login').fill('ada');
  await ada.getByLabel('Password').fill(kPassword);
  await ada.getByRole('button', { name: 'Create account' }).click();
  await ada.getByText('Nobody is waiting').waitFor();
  assert.ok(!ada.url().includes(secret));
  await eventually(async () => (await ada.getByRole('switch', { name: 'Available' }).innerText()) === 'Online', 'Ada to be online');

  const visitor = await person('/product/ember');
  await chat(visitor, 'launcher').click();
  await chat(visitor, 'composer').fill('Is it bright enough to read by?');
  await chat(visitor, 'send').click();

  const row = ada.locator('.row').first();
  await row.waitFor();
  assert.match(await row.innerText(), /Is it bright enough/);
  await row.click();
  await ada.locator('.bubble', { hasText: 'bright enough' }).waitFor();
  await composer(ada).fill('Yes: 640 lumen.');
  await composer(ada).press('Enter');
  await ada.getByText('With you').waitFor();
  await chat(visitor, 'log').getByText('640 lumen').waitFor();
  await ada.locator('.mark[data-mark=read]').waitFor();
  await ada.locator('aside.visitor').getByText('/product/ember').first().waitFor();

  await ada.context().setOffline(true);
  await ada.evaluate(() => dispatchEvent(new Event('offline')));
  await ada.locator('.banner').waitFor();
  await composer(ada).fill('And it can be dimmed.');
  await composer(ada).press('Enter');
  await composer(ada).fill('half a sente');
  await ada.context().setOffline(false);
  await chat(visitor, 'log').getByText('dimmed').waitFor();
  await ada.locator('.banner').waitFor({ state: 'detached' });
  assert.equal(await composer(ada).inputValue(), 'half a sente');
  assert.equal((await said(ada)).filter((text) => text.includes('dimmed')).length, 1);

  await chat(visitor, 'composer').fill('Thank you!');
  await chat(visitor, 'send').click();
  await ada.locator('.bubble', { hasText: 'Thank you!' }).waitFor();
  await ada.getByRole('button', { name: 'Close', exact: true }).click();
  await ada.getByText('This chat is closed').waitFor();
  await chat(visitor, 'composer').fill('One more thing');
  await chat(visitor, 'send').click();
  await ada.getByText('The visitor wrote again').waitFor();
  assert.deepEqual(await said(ada), ['Is it bright enough to read by?', 'Yes: 640 lumen.', 'And it can be dimmed.', 'Thank you!', 'One more thing']);
  await ada.reload();
  await eventually(async () => (await said(ada)).length === 5, 'the same after a reload');
  assert.deepEqual(ada.complaints.filter((text) => !/ERR_INTERNET_DISCONNECTED|WebSocket/.test(text)), []);
});

test('a second operator: added in the console, transferred to, and told when somebody was quicker', async () => {
  const ada = await person('/console');
  await ada.getByLabel('Login').fill('ada');
  await ada.getByLabel('Password').fill('not the password');
  await ada.keyboard.press('Enter');
  await ada.getByText('do not belong together').waitFor();
  await ada.getByLabel('Password').fill(kPassword);
  await ada.keyboard.press('Enter');
  await ada.locator('.inbox').waitFor();
  await ada.getByRole('button', { name: 'Account' }).click();
  await ada.getByRole('menuitem', { name: 'Operators' }).click();
  await ada.getByRole('button', { name: 'Add operator' }).click();
  const form = ada.getByRole('dialog');
  await form.getByLabel('Name').fill('Noor');
  await form.getByLabel('Login').fill('noor');
  await form.getByLabel('Password').fill(kPassword);
  await form.getByLabel('Groups').fill('Support');
  await form.getByRole('button', { name: 'Save' }).click();
  await ada.getByRole('row', { name: /Noor/ }).waitFor();

  const noor = await person('/console');
  await noor.getByLabel('Login').fill('noor');
  await noor.getByLabel('Password').fill(kPassword);
  await noor.keyboard.press('Enter');
  await noor.locator('.inbox').waitFor();

  const visitor = await person('/product/moth');
  await chat(visitor, 'launcher').click();
  await chat(visitor, 'composer').fill('Who is there?');
  await chat(visitor, 'send').click();
  await ada.getByRole('button', { name: 'Waiting' }).click();
  const row = (tab) => tab.locator('.row', { hasText: 'Who is there?' });
  await row(ada).click();
  await row(noor).click();
  await ada.locator('.bubble').first().waitFor();
  await noor.locator('.bubble').first().waitFor();
  // Both at the same moment: one has it, the other is told who, in one way or the other.
  await Promise.all([ada, noor].map((tab) => tab.keyboard.press('Alt+t')));
  const has = (tab) => tab.getByText('With you').isVisible();
  await eventually(async () => (await has(ada)) !== (await has(noor)), 'one of them to have it');
  const [winner, other, name] = (await has(ada)) ? [ada, noor, 'Ada'] : [noor, ada, 'Noor'];
  await other.getByText(new RegExp(`${name} has (taken )?this chat`)).first().waitFor();

  await winner.getByRole('button', { name: 'Transfer' }).click();
  await winner.getByRole('dialog').getByRole('button', { name: name === 'Ada' ? /^Noor/ : /^Ada/ }).click();
  await other.getByText('With you').waitFor();
  await composer(other).fill('I am');
  await composer(other).press('Enter');
  await chat(visitor, 'log').getByText('I am').waitFor();

  // Disabled: out within a second.
  await ada.getByRole('button', { name: 'Account' }).click();
  await ada.getByRole('menuitem', { name: 'Operators' }).click();
  await ada.getByRole('button', { name: 'Edit Noor' }).click();
  await ada.getByRole('dialog').getByRole('checkbox', { name: 'Disabled' }).check();
  await ada.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await noor.getByText('Your session has ended').waitFor({ timeout: 3000 });
});

test('while a stranger guesses a password, its owner signs in where they have done so before', async () => {
  const ada = await person('/console');
  const signIn = async (tab) => {
    await tab.getByLabel('Login').fill('ada');
    await tab.getByLabel('Password').fill(kPassword);
    await tab.keyboard.press('Enter');
  };
  await signIn(ada);
  await ada.locator('.inbox').waitFor();
  await ada.getByRole('button', { name: 'Account' }).click();
  await ada.getByRole('menuitem', { name: 'Sign out' }).click();
  const guess = () =>
    fetch(`${beckon.url}/console/api/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: beckon.url },
      body: JSON.stringify({ login: 'ada', password: 'wrong horse battery' }),
    });
  const answers = [];
  while (!answers.includes(429) && answers.length < 30) answers.push((await guess()).status);
  assert.equal(answers.at(-1), 429);
  const stranger = await person('/console'); // of the same address
  await signIn(stranger);
  await stranger.getByText(/[Tt]oo many/).waitFor();
  await signIn(ada);
  await ada.locator('.inbox').waitFor();
});
