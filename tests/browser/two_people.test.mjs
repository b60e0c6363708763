// Two people at once: a visitor in the demo shop and an operator in the console, with the real server between them.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Beckon, until } from './support/beckon.mjs';
import { Chatter } from './support/chatter.mjs';
import { Operator, setUp } from './support/operator.mjs';
import { launch, Shopper } from './support/shopper.mjs';

const kCanary = '"><img src=x onerror=window.__x=1>';
const kPatienceMs = 15_000;

let beckon, browser, ada, noor;
before(async () => {
  [beckon, browser] = await Promise.all([Beckon.start(), launch()]);
  const admin = await setUp(beckon);
  ada = await Operator.arrive(browser, beckon, admin, { login: 'ada', name: 'Ada' });
  noor = await Operator.arrive(browser, beckon, admin, { login: 'noor', name: 'Noor' });
});
after(async () => {
  await browser?.close();
  await beckon?.end();
});

async function arrive(path = '/') {
  const shopper = await Shopper.arrive(browser, beckon.url);
  const tab = await shopper.newTab();
  await tab.open(path);
  return { shopper, tab, chat: new Chatter(tab.page) };
}

test('from an invitation to a chat, passed on, ended, and taken up again', async () => {
  const { shopper, tab, chat } = await arrive('/product/fjord');
  await tab.offer('product-question').waitFor({ timeout: 20_000 });
  await tab.offer('product-question').locator('[data-beckon="accept"]').click();
  await chat.find('chat').waitFor();
  await chat.say('Is the glass grey or green?');

  await ada.open('Is the glass grey or green?');
  await ada.reads('product-question');
  await ada.take();
  const [invitation] = await ada.said();
  assert.match(invitation, /I make these by hand/);
  await chat.reads(/Ada has joined/);
  await ada.composer.pressSequentially('It is');
  await chat.reads(/Ada is writing/);
  await ada.say('It is green.');
  await chat.hears([invitation, 'Is the glass grey or green?', 'It is green.']);
  await ada.page.locator('.mark[data-mark=read]').waitFor();
  await ada.reads('/product/fjord');

  await ada.page.getByRole('button', { name: /^Transfer/ }).click();
  await ada.page.getByRole('option', { name: /Noor/ }).or(ada.page.getByRole('button', { name: /Noor/ })).or(ada.page.getByRole('menuitem', { name: /Noor/ })).first().click();
  await chat.reads(/passed on to Noor/);
  await noor.folder('Mine');
  await noor.open('It is green.');
  await noor.say('Anything else?');
  await chat.hears([invitation, 'Is the glass grey or green?', 'It is green.', 'Anything else?']);
  await chat.reads(/Noor is here for you/);

  await noor.page.getByRole('button', { name: /^Close/ }).first().click();
  await chat.reads(/The chat has ended/);
  await chat.say('One more thing');
  await chat.reads(/The chat goes on/);
  await ada.folder('Waiting');
  await ada.rows().filter({ hasText: 'One more thing' }).waitFor();
  await shopper.leave();
});

test('two who take the same chat: one has it, the other is told', async () => {
  const { shopper, chat } = await arrive();
  await chat.open();
  await chat.say('Who is quicker?');
  for (const operator of [ada, noor]) {
    await operator.folder('Waiting');
    await operator.open('Who is quicker?');
  }
  // Who is told first that the other has it, has no button any more.
  const takes = await Promise.allSettled([ada.take(), noor.take()]);
  assert.ok(takes.some((take) => take.status === 'fulfilled'));
  await chat.reads(/(Ada|Noor) is here for you/);
  const owner = /Ada is here/.test(await chat.find('chat').innerText()) ? ada : noor;
  const other = owner === ada ? noor : ada;
  await other.reads(new RegExp(owner.name));
  await owner.say('It was me');
  await chat.hears(['Who is quicker?', 'It was me']);
  await shopper.leave();
});

test('five tabs of one visitor, and two of one operator, show the same', async () => {
  const { shopper, tab, chat } = await arrive();
  const chats = [chat];
  for (const path of ['/cart', '/checkout', '/contact', '/category/lamps']) {
    const another = await shopper.newTab();
    await another.open(path);
    chats.push(new Chatter(another.page));
  }
  for (const each of chats) await each.open();
  await chats[2].say('Said at the checkout');
  await ada.folder('Waiting');
  await ada.open('Said at the checkout');
  await ada.take();
  const second = await ada.context.newPage();
  await second.goto(ada.page.url());
  await ada.say('Heard everywhere');
  for (const each of chats) await each.hears(['Said at the checkout', 'Heard everywhere']);
  await second.locator('.bubble', { hasText: 'Heard everywhere' }).waitFor();
  await second.close();
  assert.deepEqual(tab.complaints, []);
  await shopper.leave();
});

test('markup is text, for the visitor and for the operator', async () => {
  const shopper = await Shopper.arrive(browser, beckon.url, { userAgent: `Mozilla/5.0 ${kCanary}` });
  const tab = await shopper.newTab();
  await tab.open('/');
  await tab.page.evaluate((canary) => {
    document.title = canary;
    history.pushState(null, '', '/?utm_source=' + encodeURIComponent(canary));
    window.Beckon('attr', 'plan', canary);
    window.Beckon('attr', 'x' + canary, 'y');
    window.Beckon('cart', { value: 12, items: 1, currency: 'EUR' });
  }, kCanary);
  const chat = new Chatter(tab.page);
  await chat.open();
  await chat.say(kCanary + ' javascript:alert(1) https://shop.example/x');
  await ada.folder('Waiting');
  await ada.open('onerror');
  await ada.take();
  await ada.say(kCanary);
  await chat.hears([kCanary + ' javascript:alert(1) https://shop.example/x', kCanary]);
  await ada.hears([kCanary + ' javascript:alert(1) https://shop.example/x', kCanary]);
  await ada.reads('utm_source');
  for (const page of [tab.page, ada.page]) {
    assert.equal(await page.evaluate(() => window.__x), undefined);
    assert.equal(await page.locator('img[src="x"]').count(), 0);
  }
  const links = await ada.page.locator('.bubble a').evaluateAll((all) => all.map((a) => a.href));
  assert.deepEqual(links, ['https://shop.example/x']);
  await shopper.leave();
});

test('a picture from the visitor, a picture from the operator', async () => {
  const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');
  const { shopper, chat } = await arrive();
  await chat.open();
  await chat.say('I send you a picture');
  await chat.page.locator('input[type=file]').setInputFiles({ name: 'mine.png', mimeType: 'image/png', buffer: png });
  const shown = (picture) => until(() => picture.evaluate((img) => img.complete && img.naturalWidth > 0).catch(() => false), kPatienceMs);
  assert.ok(await shown(chat.find('log').locator('img[alt="mine.png"]')), 'the visitor sees it');
  await ada.folder('Waiting');
  await ada.open(/picture|mine\.png/);
  await ada.take();
  assert.ok(await shown(ada.page.locator('img[alt*="mine.png"]')), 'the operator sees it');
  await ada.page.locator('.composer input[type=file], input[type=file]').first().setInputFiles({ name: 'ours.png', mimeType: 'image/png', buffer: png });
  await until(() => ada.page.locator('text=ours.png').count(), 3000);
  if (!(await chat.find('log').locator('img[alt="ours.png"]').count())) await ada.composer.press('Enter');
  assert.ok(await shown(chat.find('log').locator('img[alt="ours.png"]')), 'the visitor sees the operator’s');
  await shopper.leave();
});

test('what was said before is there when the visitor comes back, on any page and later', async () => {
  const { shopper, tab, chat } = await arrive();
  await chat.open();
  await chat.say('Remember me?');
  await chat.hears(['Remember me?']);
  await chat.find('composer').fill('half a sen');
  await tab.open('/cart');
  await chat.find('chat').waitFor();
  await chat.hears(['Remember me?']);
  assert.equal(await chat.find('composer').inputValue(), 'half a sen');
  await tab.page.close();
  const later = await shopper.newTab();
  await later.open('/');
  const again = new Chatter(later.page);
  await again.open();
  await again.hears(['Remember me?']);
  await shopper.leave();
});

test('the server is killed in the middle of a sentence: nobody loses anything', async () => {
  const { shopper, chat } = await arrive();
  await chat.open();
  await chat.say('Before the crash');
  await ada.folder('Waiting');
  await ada.open('Before the crash');
  await ada.take();
  await ada.say('Heard you');
  await chat.hears(['Before the crash', 'Heard you']);
  await chat.find('composer').fill('half of the visitor’s sen');
  await ada.composer.fill('half of the operator’s sen');

  beckon.process.kill('SIGKILL');
  await beckon.exited;
  await chat.reads(/Not connected/);
  await chat.say('During the crash, from the visitor');
  await chat.find('composer').fill('half of the visitor’s next');
  await ada.say('During the crash, from the operator');
  await beckon.run();

  const all = ['During the crash, from the visitor', 'During the crash, from the operator'];
  const settled = async () => {
    const [visitor, operator] = [await chat.said(), await ada.said()];
    return visitor.length === 4 && JSON.stringify(visitor) === JSON.stringify(operator) && visitor;
  };
  const said = await until(settled, 60_000);
  assert.ok(said, `both see the same: ${JSON.stringify([await chat.said(), await ada.said()])}`);
  assert.deepEqual(said.slice(0, 2), ['Before the crash', 'Heard you']);
  assert.deepEqual(said.slice(2).sort(), all.sort());
  assert.equal(await chat.find('composer').inputValue(), 'half of the visitor’s next');
  await shopper.leave();
});
