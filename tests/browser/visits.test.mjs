// What a visit survives: a restart of the server, a second tab, an order.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Beckon, sleep, until } from './support/beckon.mjs';
import { launch, Shopper } from './support/shopper.mjs';

const kComeBack = 4_000;  // a page that lost its server tries again, later each time

let beckon, browser;
before(async () => {
  [beckon, browser] = await Promise.all([Beckon.start(), launch()]);
});
after(async () => {
  await browser?.close();
  await beckon?.end();
});

test('a restart in the middle of a page is not noticed, in either kind of shop', async () => {
  const tabs = await Promise.all(['pages', 'app'].map(async (mode) => (await Shopper.arrive(browser, beckon.url, { mode })).newTab()));
  const all = (act) => Promise.all(tabs.map(act));
  const restart = async () => {
    assert.equal(await beckon.stop(), 0);
    await beckon.run();
  };
  await all((tab) => tab.open('/product/tide'));
  const visitors = tabs.map((tab) => tab.visitor());
  assert.notEqual(visitors[0], visitors[1]);
  await sleep(3_000);
  await restart();

  // The page goes on where it was: its twelve seconds began before the restart.
  await all((tab) => tab.meets('product-question', 12_000, kComeBack));
  assert.deepEqual(tabs.map((tab) => tab.visitor()), visitors);
  for (const tab of tabs) assert.equal(tab.received.filter(({ frame }) => frame.type === 'welcome').at(-1).frame.resumed, true);
  await all((tab) => tab.screenshot(`restart-${tab.shopper.mode}`));
  await all((tab) => tab.dismiss('product-question'));

  // And what was said is not said again by a server that has started anew since; the rest is.
  await restart();
  await all((tab) => tab.open('/product/moss'));
  assert.deepEqual(tabs.map((tab) => tab.visitor()), visitors);
  await all((tab) => tab.meetsNothing(13_500));
  await all((tab) => tab.open('/contact'));
  await all((tab) => tab.meets('contact-call', 2_000));
  await all((tab) => tab.shopper.leave());
});

test('two tabs are one visitor with one offer on screen', async () => {
  const shopper = await Shopper.arrive(browser, beckon.url);
  const product = await shopper.newTab();
  const contact = await shopper.newTab();
  await product.open('/product/dune');
  await contact.open('/contact');
  assert.equal(product.visitor(), contact.visitor());
  await contact.meets('contact-call', 2_000);

  // The other tab's time comes and goes while the call button is up …
  await product.meetsNothing(13_000 - product.sincePage());
  // … and it has its turn as soon as the button is gone.
  await contact.dismiss('contact-call');
  await product.offer('product-question').waitFor({ state: 'visible', timeout: 1_500 });
  await shopper.leave();
});

test('an order is told once and empties the bag', async () => {
  const shopper = await Shopper.arrive(browser, beckon.url, { mode: 'app' });
  const tab = await shopper.newTab();
  const said = (type) => tab.sent.flatMap(({ frame }) => (frame.type === 'events' ? frame.events : [])).filter((event) => event.type === type);
  await tab.open('/product/ember');
  await tab.page.getByRole('button', { name: 'Add to bag' }).click();
  await until(() => said('cart').length === 1, 2_000);
  assert.deepEqual(said('cart')[0], { type: 'cart', value: 38, items: 1, currency: 'EUR' });
  await tab.follow('/cart');
  await tab.follow('/checkout');
  await tab.page.getByRole('button', { name: 'Fill it in for me' }).click();
  await tab.to('/thanks', () => tab.page.getByRole('button', { name: 'Place the order' }).click());
  await until(() => said('order').length === 1, 2_000);
  assert.equal(said('order')[0].value, 44);
  await tab.page.reload();
  await tab.page.locator('[data-order]').waitFor();
  await sleep(1_000);
  assert.equal(said('order').length, 1);
  assert.equal(await tab.page.locator('[data-bag-count]').isHidden(), true);
  await shopper.leave();
});
