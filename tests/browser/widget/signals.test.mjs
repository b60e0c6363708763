// What the visitor does with the page, and the trouble that shows from outside.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchBrowser, page, pause, until, visit } from './support.mjs';

let browser;
before(async () => (browser = await launchBrowser()));
after(() => browser.close());

const kLong = '<div style="height:4000px"></div>';
const kForm = `<form id="order"><input name="email" type="email" required><input name="city"><button>Send</button></form>
<form role="search"><input name="q"></form><button id="pay">Pay</button><p id="words">Some words to select and to copy.</p>`;

const types = (server) => server.log.map(({ type }) => type);
const friction = (server) =>
  server.log.filter(({ type }) => type === 'event').map(({ name, data }) => [name, data.element]);

test('activity is told at once, then at most every five seconds, the last of it too', async (t) => {
  const { server, tab } = await visit(t, browser);
  await tab.clock.install();
  const move = () => tab.evaluate(() => document.dispatchEvent(new PointerEvent('pointermove')));
  const count = async () => {
    await tab.clock.runFor(300);
    await pause(60);
    return types(server).filter((type) => type === 'activity').length;
  };
  await move();
  assert.equal(await count(), 1);
  for (let i = 0; i < 10; ++i) await move();
  await tab.clock.runFor(4000);
  assert.equal(await count(), 1);
  await tab.clock.runFor(1000);
  assert.equal(await count(), 2);
  await tab.clock.runFor(60_000);
  assert.equal(await count(), 2, 'nothing is told of somebody who does nothing');
});

for (const [what, act] of [
  ['a key', (tab) => tab.keyboard.press('a')],
  ['a click', (tab) => tab.mouse.click(200, 200)],
  ['a wheel', (tab) => tab.mouse.wheel(0, 50)],
]) {
  test(`${what} is activity`, async (t) => {
    const { server, tab } = await visit(t, browser, { pages: { '/': page({ body: kLong }) } });
    await act(tab);
    await until(() => types(server).includes('activity'));
  });
}

test('the deepest scroll is told, once a second at most, and anew for each page', async (t) => {
  const { server, tab } = await visit(t, browser, { pages: { '/': page({ body: kLong }) } });
  const to = (share) =>
    tab.evaluate((part) => scrollTo(0, (document.documentElement.scrollHeight - innerHeight) * part), share);
  const told = () => server.log.filter(({ type }) => type === 'scroll').map(({ percent }) => percent);
  await to(0.2);
  await until(() => told().length === 1);
  await to(0.5);
  await to(0.1);
  await to(1);
  await to(0);
  await pause(1500);
  assert.deepEqual(told(), [20], 'what was only passed between two looks is not told');
  await to(0.75);
  await until(() => told().length === 2);
  await tab.evaluate(() => history.pushState({}, '', '/next'));
  await pause(1300);
  await to(0.3);
  await until(() => told().length === 3);
  assert.deepEqual(told(), [20, 75, 30]);
});

test('the mouse leaving through the top is exit intent, once a page; leaving through a side is not', async (t) => {
  const { server, tab } = await visit(t, browser);
  const out = (x, y) =>
    tab.evaluate(
      ([clientX, clientY]) => document.dispatchEvent(new MouseEvent('mouseout', { clientX, clientY })),
      [x, y],
    );
  await out(-2, 300);
  await out(300, 700);
  await pause(300);
  assert.deepEqual(types(server), []);
  await out(300, -2);
  await out(300, -2);
  await until(() => server.log.length);
  await tab.evaluate(() => history.pushState({}, '', '/next'));
  await out(300, -2);
  await until(() => types(server).length === 3);
  assert.deepEqual(types(server), ['exit_intent', 'page', 'exit_intent']);
});

test('moving from one element to another near the top is no exit intent', async (t) => {
  const { server, tab } = await visit(t, browser);
  await tab.evaluate(() =>
    document.body.dispatchEvent(
      new MouseEvent('mouseout', { bubbles: true, clientY: 0, relatedTarget: document.body }),
    ),
  );
  await pause(300);
  assert.deepEqual(types(server), []);
});

test('on a touch screen a fling to the top is exit intent; a slow way up, or one without a finger, is not', async (t) => {
  const options = { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true };
  const { server, tab } = await visit(t, browser, { options, pages: { '/': page({ body: kLong }) } });
  const scroll = (from, to, steps, wait, finger) =>
    tab.evaluate(
      async ([from, to, steps, wait, finger]) => {
        const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
        scrollTo(0, from);
        await frame();
        await frame();
        for (let step = 1; step <= steps; ++step) {
          if (finger) document.dispatchEvent(new Event('touchmove'));
          scrollTo(0, from + ((to - from) * step) / steps);
          await frame();
          await new Promise((resolve) => setTimeout(resolve, wait));
        }
      },
      [from, to, steps, wait, finger],
    );
  const exits = () => types(server).filter((type) => type === 'exit_intent').length;
  await scroll(3000, 100, 3, 0, false);
  await scroll(1500, 100, 10, 150, true);
  await scroll(3300, 2000, 3, 0, true);
  await pause(300);
  assert.equal(exits(), 0);
  await scroll(2500, 200, 5, 10, true);
  await until(exits);
});

test('a tab that is hidden and seen again says so at once', async (t) => {
  const { server, tab } = await visit(t, browser);
  const show = (hidden) =>
    tab.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { configurable: true, value });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  await show(true);
  await show(false);
  await until(() => server.log.length === 2);
  assert.deepEqual(types(server), ['hidden', 'visible']);
});

test('three clicks on one spot within a second are rage; slower, elsewhere, or on a text they are not', async (t) => {
  const { server, tab } = await visit(t, browser, { pages: { '/': page({ body: kForm }) } });
  const box = await tab.locator('#pay').boundingBox();
  const [x, y] = [box.x + 5, box.y + 5];
  for (const [dx, wait] of [
    [0, 600],
    [0, 600],
    [0, 600],
    [200, 0],
    [400, 0],
  ]) {
    await tab.mouse.click(x + dx, y);
    await pause(wait);
  }
  const words = await tab.locator('#words').boundingBox();
  await tab.mouse.click(words.x + 20, words.y + 8, { clickCount: 3 });
  await pause(1200);
  assert.deepEqual(friction(server), []);
  await tab.evaluate(() => getSelection().removeAllRanges());
  for (let i = 0; i < 4; ++i) await tab.mouse.click(x + i, y);
  await until(() => friction(server).length);
  await pause(400);
  assert.deepEqual(friction(server), [['rage_click', 'button#pay']]);
});

test('a field in error for the second time is told, whether the browser or the site says that it is wrong', async (t) => {
  const { server, tab } = await visit(t, browser, { pages: { '/': page({ body: kForm }) } });
  const send = tab.getByRole('button', { name: 'Send' });
  await send.click();
  await pause(1100);
  assert.deepEqual(friction(server), []);
  await send.click();
  await until(() => friction(server).length);
  const wrong = (value) =>
    tab.evaluate((v) => document.querySelector('[name=city]').setAttribute('aria-invalid', v), value);
  await wrong('true');
  await pause(1100);
  await wrong('false');
  await pause(50);
  await wrong('true');
  await until(() => friction(server).length === 2);
  assert.deepEqual(friction(server), [
    ['form_error', 'input[email]'],
    ['form_error', 'input[city]'],
  ]);
});

test('a form begun and left is told when the page ends; one that was sent, reset or is a search is not', async (t) => {
  const { server, tab } = await visit(t, browser, { pages: { '/': page({ body: kForm }), '/next': page() } });
  await tab.evaluate(() => document.addEventListener('submit', (event) => event.preventDefault()));
  await tab.locator('[name=q]').fill('lamp');
  await tab.locator('[name=email]').fill('ada@shop.example');
  await tab.getByRole('button', { name: 'Send' }).click();
  await tab.evaluate(() => history.pushState({}, '', '/thanks'));
  await until(() => types(server).includes('page'));
  assert.deepEqual(friction(server), []);
  await tab.locator('[name=city]').fill('Ghent');
  await tab.goto(server.origin + '/next');
  await until(() => types(server).includes('leave'));
  assert.deepEqual(friction(server), [['form_abandoned', 'form#order']]);
  assert.deepEqual(types(server).slice(-2), ['event', 'leave']);
  assert.equal(JSON.stringify(server.frames).includes('Ghent'), false);
  assert.equal(JSON.stringify(server.frames).includes('ada@'), false);
});

test('a form is left, too, when for half a minute nobody is in it', async (t) => {
  const { server, tab } = await visit(t, browser, { pages: { '/': page({ body: kForm }) } });
  await tab.clock.install();
  await tab.locator('[name=city]').fill('Ghent');
  await tab.clock.runFor(31_000);
  await pause(100);
  assert.deepEqual(friction(server), [], 'the visitor is still in it');
  await tab.locator('#pay').focus();
  await tab.clock.runFor(31_000);
  await until(() => friction(server).length);
  assert.deepEqual(friction(server), [['form_abandoned', 'form#order']]);
});

test('that text was copied is told, not which', async (t) => {
  const { server, tab } = await visit(t, browser, { pages: { '/': page({ body: kForm }) } });
  await tab.evaluate(() => getSelection().selectAllChildren(document.querySelector('#words')));
  await tab.keyboard.press('Control+c');
  await until(() => friction(server).length);
  assert.equal(friction(server)[0][0], 'text_copied');
  assert.equal(JSON.stringify(server.frames).includes('Some words'), false);
});
