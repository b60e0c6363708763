// Takes the README's picture of the demo shop again: npm run shop:picture
import { fileURLToPath } from 'node:url';
import { Beckon, sleep } from './support/beckon.mjs';
import { launch, Shopper } from './support/shopper.mjs';

const kPicture = fileURLToPath(new URL('../../docs/images/shop.png', import.meta.url));

const [beckon, browser] = await Promise.all([Beckon.start(), launch()]);
try {
  const shopper = await Shopper.arrive(browser, beckon.url, { viewport: { width: 1320, height: 800 } });
  const tab = await shopper.newTab();
  await tab.open('/product/aurora');
  await tab.page.getByRole('button', { name: /What Beckon sees/ }).click();
  await tab.page.locator('[data-beckon="launcher"]').waitFor();
  await tab.offer('product-question').waitFor({ timeout: 30_000 });
  await tab.page.locator('.rule', { hasText: 'on screen now' }).waitFor();
  await tab.page.locator('body').evaluate((body) => body.ownerDocument.activeElement.blur());
  await sleep(1_000); // what is on its way in has arrived
  await tab.page.screenshot({ path: kPicture });
} finally {
  await browser.close();
  await beckon.end();
}
