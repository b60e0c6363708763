// A visitor and an operator whose lines are cut, each after a random number of bytes, in the middle of whatever was on the way.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { after, before, test } from 'node:test';
import { Beckon, sleep, until } from './support/beckon.mjs';
import { Chatter } from './support/chatter.mjs';
import { CuttingProxy } from './support/cutting_proxy.mjs';
import { Operator, setUp } from './support/operator.mjs';
import { launch } from './support/shopper.mjs';

const kMessages = 9; // each; the server takes 10 at once
const kCuts = 6; // of each line, at least
const kPatienceMs = 120_000; // both back off, up to 30 s

let browser, beckon, shop, visitorLine, operatorLine, ada;
before(async () => {
  // The shop's pages have an origin of their own, as a site has whose Beckon lives elsewhere.
  shop = createServer((_request, response) => {
    const script = `<script async src="${visitorLine.url}/widget.js" data-site="shop"></script>`;
    response.writeHead(200, { 'content-type': 'text/html;charset=utf-8' });
    response.end(`<!doctype html><html lang="en"><title>Shop</title>${script}<h1>Shop</h1>`);
  });
  await new Promise((resolve) => shop.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${shop.address().port}`;
  const config = { sites: [{ id: 'shop', origins: [origin], consent: 'granted' }] };
  [beckon, browser] = await Promise.all([Beckon.start({ config }), launch()]);
  [visitorLine, operatorLine] = await Promise.all([CuttingProxy.start(beckon.port), CuttingProxy.start(beckon.port)]);
  ada = await Operator.arrive(browser, beckon, await setUp(beckon), { login: 'ada', name: 'Ada', url: operatorLine.url });
});
after(async () => {
  await browser?.close();
  await Promise.all([visitorLine?.stop(), operatorLine?.stop()]);
  await beckon?.end();
  shop?.closeAllConnections();
  shop?.close();
});

test('the conversation is complete, in order, and nothing is there twice', async () => {
  const context = await browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${shop.address().port}/`);
  const chat = new Chatter(page);
  await chat.open();
  await chat.say('visitor 0');
  await ada.open('visitor 0');
  await ada.take();
  await chat.reads(/Ada is here for you/);

  visitorLine.cutting = operatorLine.cutting = true;
  for (let n = 1; n <= kMessages; ++n) {
    await chat.say(`visitor ${n}`);
    await ada.say(`operator ${n}`);
    await sleep(400);
  }
  await until(() => visitorLine.cuts >= kCuts && operatorLine.cuts >= kCuts, kPatienceMs / 2);
  visitorLine.cutting = operatorLine.cutting = false;

  const both = async () => [await chat.said(), await ada.said()];
  const settled = await until(async () => {
    const [visitor, operator] = await both();
    return visitor.length === 2 * kMessages + 1 && JSON.stringify(visitor) === JSON.stringify(operator);
  }, kPatienceMs);
  const [visitor, operator] = await both();
  assert.deepEqual(visitor, operator, 'both see the same');
  assert.ok(settled, `everything arrives: ${visitor}`);
  const of = (who) => visitor.filter((text) => text.startsWith(who)).map((text) => Number(text.split(' ')[1]));
  const count = (first) => Array.from({ length: kMessages + 1 - first }, (_, n) => n + first);
  assert.deepEqual(of('visitor'), count(0));
  assert.deepEqual(of('operator'), count(1));
  assert.ok(visitorLine.cuts + operatorLine.cuts >= kCuts, `the lines were cut: ${visitorLine.cuts} and ${operatorLine.cuts} times`);

  // And so it is in the database, for somebody who comes with nothing.
  await page.reload();
  if (!(await until(async () => (await chat.find('chat').count()) > 0, 3_000))) await chat.open();
  await chat.hears(visitor, 30_000);
  await context.close();
});
