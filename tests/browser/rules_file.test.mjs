// A rule file that changes under a running server: a broken one is reported and changes nothing, a good one is taken at once.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Beckon, root, until } from './support/beckon.mjs';
import { launch, Shopper } from './support/shopper.mjs';

const good = readFileSync(join(root, 'examples/shop/rules.json'), 'utf8');
const kSoon = 5_000;  // a changed file is seen within seconds

let beckon, browser, folder;
const put = (text) => writeFileSync(join(folder, 'examples/shop/rules.json'), text);
const ready = async () => (await fetch(`${beckon.url}/readyz`)).json();

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'beckon-rules-'));
  mkdirSync(join(folder, 'examples/shop'), { recursive: true });
  put(good);
  [beckon, browser] = await Promise.all([Beckon.start({ folder }), launch()]);
});
after(async () => {
  await browser?.close();
  await beckon?.end();
  rmSync(folder, { recursive: true, force: true });
});

test('a broken rule file does not stop anything, a mended one counts from then on', async () => {
  const shopper = await Shopper.arrive(browser, beckon.url);
  const tab = await shopper.newTab();
  await tab.open('/');

  put(good.replace('"page.dwell": { "gte": "12s" }', '"page.dwel": { "gte": "12s" }'));
  assert.ok(await until(() => /rules\.json:\d+:\d+: error/.test(beckon.log), kSoon), `the log names the place:\n${beckon.log}`);
  assert.match(JSON.stringify(await ready()), /rules\.json:\d+:\d+/);
  // The rules before it are still in force.
  await tab.open('/contact');
  await tab.meets('contact-call', 2_000);
  await tab.dismiss('contact-call');

  put(good.replace('"gte": "12s"', '"gte": "7s"'));
  assert.ok(await until(async () => (await ready()).problems.length === 0, kSoon), 'nothing is wrong any more');
  const connections = tab.sent.filter(({ frame }) => frame.type === 'hello').length;
  await tab.open('/product/fjord');
  await tab.meets('product-question', 7_000);
  assert.equal(tab.sent.filter(({ frame }) => frame.type === 'hello').length, connections + 1, 'nobody was disconnected');
  await shopper.leave();
});
