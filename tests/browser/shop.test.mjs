// A newcomer in the demo shop meets its four reactions, each at its time and not before; in both kinds of shop at once.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Beckon, until } from './support/beckon.mjs';
import { launch, Shopper } from './support/shopper.mjs';

const kDwell = 12_000;     // product-question
const kCheckout = 4_000;   // checkout-help
const kContact = 2_000;    // contact-call
const kApart = 5_000;      // the file's limit: two offers are never closer

let beckon, browser;
before(async () => {
  [beckon, browser] = await Promise.all([Beckon.start(), launch()]);
});
after(async () => {
  await browser?.close();
  await beckon?.end();
});

describe('an evening in the shop', { concurrency: true }, () => {
  for (const mode of ['pages', 'app']) {
    test(`as ${mode === 'app' ? 'a single-page app' : 'separate pages'}`, async () => {
      const shopper = await Shopper.arrive(browser, beckon.url, { mode });
      const tab = await shopper.newTab();

      // Time. Two pages of looking around, then one product for long enough.
      await tab.open('/');
      await tab.meetsNothing(500);
      await tab.follow('/category/lamps');
      await tab.follow('/product/aurora');
      await tab.meets('product-question', kDwell);
      await tab.screenshot(`product-${mode}`);
      assert.deepEqual(await tab.faults(), []);
      await tab.dismiss('product-question');

      // Value. The bag is worth 148, told before the checkout is reached.
      await tab.page.getByRole('button', { name: 'Add to bag' }).click();
      await tab.follow('/cart');
      await tab.meetsNothing(2_500);
      await tab.follow('/checkout');
      await tab.meets('checkout-help', kCheckout);
      await tab.screenshot(`checkout-${mode}`);
      await tab.offer('checkout-help').locator('[data-beckon="accept"]').click();
      // The chat opens; closed again, it leaves room for what follows.
      const chat = tab.page.locator('[data-beckon="chat"]');
      await chat.waitFor();
      await chat.locator('[data-beckon="close-chat"]').click();
      await chat.waitFor({ state: 'hidden' });
      await tab.meetsNothing(kApart - kContact);

      // Place.
      await tab.follow('/contact');
      await tab.meets('contact-call', kContact);
      assert.equal(await tab.offer('contact-call').getAttribute('data-beckon'), 'call');
      assert.equal(await tab.offer('contact-call').getByRole('link').getAttribute('href'), 'tel:+3295550188');
      await tab.screenshot(`contact-${mode}`);

      // Leaving. The offer of the page before went with its page.
      await tab.follow('/');
      await tab.offer('contact-call').waitFor({ state: 'detached', timeout: 1_500 });
      await tab.meetsNothing(kApart);
      await tab.reachForTheTabs();
      await tab.offer('before-you-go').waitFor({ state: 'visible', timeout: 1_500 });
      await tab.screenshot(`leaving-${mode}`);
      assert.deepEqual(await tab.faults(), []);
      assert.deepEqual(tab.complaints, []);
      await shopper.leave();
    });
  }
});

test('what became of every offer is in the report', async () => {
  const counts = await until(async () => {
    const { rules } = (await beckon.report()).sites.find(({ site }) => site === 'shop');
    const of = Object.fromEntries(rules.map((rule) => [rule.rule, rule]));
    return of['before-you-go'].shown === 2 && of;
  }, 5_000);
  assert.equal(counts['product-question'].shown, 2);
  assert.equal(counts['product-question'].dismissed, 2);
  assert.equal(counts['checkout-help'].accepted, 2);
  assert.equal(counts['contact-call'].shown, 2);
  assert.equal(counts['contact-call'].ignored, 2);
});

test('a bag of less than 80 is not spoken to at the checkout', async () => {
  const shopper = await Shopper.arrive(browser, beckon.url);
  const tab = await shopper.newTab();
  await tab.open('/product/ember');
  await tab.page.getByRole('button', { name: 'Add to bag' }).click();
  await tab.open('/checkout');
  await tab.meetsNothing(kCheckout + 1_000);
  await shopper.leave();
});
