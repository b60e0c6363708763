// The kinds of page of the shop in daylight, in the dark and on the narrowest phone: no fault that axe knows, nothing that sticks out
// at the side, nothing that the browser complains of, the Content-Security-Policy included.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Beckon } from './support/beckon.mjs';
import { launch, Shopper } from './support/shopper.mjs';

const kPages = ['/', '/product/moth', '/cart', '/checkout', '/contact'];
const kWays = {
  'in daylight': { viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  'in the dark': { viewport: { width: 1280, height: 800 }, colorScheme: 'dark', mode: 'app' },
  'on a narrow phone': { viewport: { width: 320, height: 640 }, colorScheme: 'light', hasTouch: true },
};

let beckon, browser;
before(async () => {
  [beckon, browser] = await Promise.all([Beckon.start(), launch()]);
});
after(async () => {
  await browser?.close();
  await beckon?.end();
});

describe('the shop', { concurrency: true }, () => {
  for (const [way, settings] of Object.entries(kWays)) {
    test(way, async () => {
      const shopper = await Shopper.arrive(browser, beckon.url, settings);
      await shopper.context.addInitScript(() => localStorage.setItem('vesper.bag', '[["moth",1],["ember",2]]'));
      const tab = await shopper.newTab();
      for (const path of kPages) {
        await tab.open(path);
        assert.deepEqual(await tab.faults(), [], path);
        const { wide, seen } = await tab.page.evaluate(() => ({ wide: document.documentElement.scrollWidth, seen: document.documentElement.clientWidth }));
        assert.ok(wide <= seen, `${path} is ${wide} pixels wide in a window of ${seen}`);
        assert.equal(await tab.page.locator('h1').count(), 1, path);
      }
      assert.deepEqual(tab.complaints, []);
      await tab.screenshot(`look-${way.replaceAll(' ', '-')}`);
      await shopper.leave();
    });
  }
});

test('a page that is not there says so, in the shop’s own way', async () => {
  const answer = await fetch(`${beckon.url}/product/sofa`);
  assert.equal(answer.status, 404);
  assert.match(await answer.text(), /Nothing here but the evening/);
});
