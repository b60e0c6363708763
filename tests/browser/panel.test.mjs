// "What Beckon sees" says what is about to happen, and starts over.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Beckon, until } from './support/beckon.mjs';
import { launch, Shopper } from './support/shopper.mjs';

let beckon, browser;
before(async () => {
  [beckon, browser] = await Promise.all([Beckon.start(), launch()]);
});
after(async () => {
  await browser?.close();
  await beckon?.end();
});

const seen = (tab) => ({
  toggle: tab.page.getByRole('button', { name: /What Beckon sees/ }),
  rule: (id) => tab.page.locator('.rule', { hasText: id }),
  fact: (name) => tab.page.locator(`[data-fact="${name}"] dd`),
  startOver: tab.page.getByRole('button', { name: 'Start over' }),
});

test('the panel counts down to a rule and shows it fire', async () => {
  const shopper = await Shopper.arrive(browser, beckon.url, { colorScheme: 'dark' });
  const tab = await shopper.newTab();
  await tab.open('/product/aurora');
  const panel = seen(tab);
  await until(async () => /product-question in \d+\.\d s/.test(await panel.toggle.innerText()), 4_000);
  assert.match(await panel.toggle.innerText(), /product-question in \d+\.\d s/);

  await panel.toggle.focus();
  await tab.page.keyboard.press('Enter');
  assert.equal(await panel.toggle.getAttribute('aria-expanded'), 'true');
  assert.equal(await panel.fact('page.path').innerText(), '/product/aurora');
  assert.match(await panel.rule('product-question').innerText(), /page\.dwell ≥ 12s/);
  const words = await panel.rule('product-question').locator('.rule-status').innerText();
  const promised = Number(/in (\d+\.\d) s/.exec(words)[1]) * 1000 + tab.sincePage();
  assert.ok(Math.abs(promised - 12_000) < 500, `"${words}" promises ${promised} ms from the page event`);
  await tab.screenshot('panel-dark');
  assert.deepEqual(await tab.faults(), []);

  await tab.offer('product-question').waitFor({ timeout: 12_000 });
  await until(async () => /on screen now/.test(await panel.rule('product-question').innerText()), 1_500);
  assert.match(await panel.rule('product-question').innerText(), /on screen now/);
  await tab.screenshot('panel-fired');
  assert.deepEqual(await tab.faults(), []);

  await panel.toggle.focus();
  await tab.page.keyboard.press('Escape');
  assert.equal(await panel.startOver.isVisible(), false);
  await shopper.leave();
});

test('starting over makes a new visitor with an empty bag', async () => {
  const shopper = await Shopper.arrive(browser, beckon.url, { viewport: { width: 390, height: 800 } });
  const tab = await shopper.newTab();
  await tab.open('/product/aurora');
  await tab.page.getByRole('button', { name: 'Add to bag' }).click();
  await tab.open('/contact');
  await tab.meets('contact-call', 2_000);
  await tab.dismiss('contact-call');
  const before = tab.visitor();

  const panel = seen(tab);
  await panel.toggle.click();
  await tab.screenshot('panel-phone');
  await tab.to('/contact', () => panel.startOver.click());
  await until(() => tab.visitor() !== before, 2_000);
  assert.notEqual(tab.visitor(), before);
  assert.equal(await tab.page.locator('[data-bag-count]').isHidden(), true);
  // To a new visitor it is all new.
  await tab.offer('contact-call').waitFor({ timeout: 4_000 });
  await shopper.leave();
});
