// Accessible and at home everywhere: every kind of offer, in every light, size and direction.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findings } from './axe.mjs';
import { launchBrowser, page, settled, until, visit } from './support.mjs';

let browser;
before(async () => (browser = await launchBrowser()));
after(() => browser.close());

const from = { name: 'Léa, from the workshop' };
const text = 'Delivery is on us today, and you have 60 days to change your mind. Shall I gift-wrap it?';
const kOffers = {
  'a bubble': ['invite', { text, from }],
  'a bubble of nobody': ['invite', { text: 'Need a hand?' }],
  'a panel': ['invite', { text, from, style: 'panel' }],
  'an open panel': ['invite', { text, from, style: 'open', quick_replies: ['Yes, please', 'How do returns work?'] }],
  'a bar': ['invite', { text, from, style: 'bar' }],
  'a card': [
    'invite',
    { text, from, card: { title: 'Evening lamp', price: '€ 89', link: '/lamp', button: 'See the lamp' } },
  ],
  'a coupon': ['invite', { text, from, coupon: 'DUSK10' }],
  'a call button': ['call', { text, phone: '+32 9 555 01 88' }],
  'a call-back form': ['call', { text, callback: true }],
  'an NPS survey': ['survey', { text, type: 'nps' }],
  'a CSAT survey': ['survey', { text, type: 'csat' }],
};
const kLights = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  'forced colours': { forcedColors: 'active' },
  'a phone': { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true },
};

/** Shows every offer in turn and calls `look` with its name. */
async function each(t, { options = {}, pages = {}, theme = {} }, look) {
  const { server, tab } = await visit(t, browser, {
    options: { reducedMotion: 'reduce', ...options }, // nothing moves while it is measured
    pages: { '/': page(), ...pages },
    welcome: () => ({ theme }),
  });
  for (const [name, [kind, body]] of Object.entries(kOffers)) {
    const before = server.of('offer').length;
    server.offer(kind, body);
    await until(() => server.of('offer').length > before, name);
    await until(async () => (await tab.locator('section').count()) === 1, 'the one before is gone');
    await look(tab, name, server);
  }
}

for (const [light, options] of Object.entries(kLights)) {
  test(`axe has nothing to say: ${light}`, async (t) => {
    const all = [];
    await each(t, { options }, async (tab, name) => {
      const radio = tab.getByRole('radio').first();
      if (await radio.count()) await radio.check({ force: true });
      all.push(...(await findings(tab)).map((finding) => `${name}: ${finding}`));
    });
    assert.deepEqual(all, []);
  });
}

test('axe has nothing to say of last words and of errors', async (t) => {
  const { server, tab } = await visit(t, browser, { options: { reducedMotion: 'reduce' } });
  server.offer('call', { text, callback: true });
  await tab.locator('[data-beckon=accept]').click();
  assert.deepEqual(await findings(tab), []);
  const [phone, name] = await Promise.all(
    [tab.getByLabel('Phone number'), tab.getByLabel('Name')].map((field) => field.boundingBox()),
  );
  assert.equal(phone.x, name.x, 'the error does not push the fields aside');
  await tab.getByLabel('Phone number').fill('09 555 01 88');
  await tab.locator('[data-beckon=accept]').click();
  await tab.locator('[data-beckon=confirmation]').waitFor();
  assert.deepEqual(await findings(tab), []);
});

test('text can be read upon any accent', async (t) => {
  const colours = [
    '#ffffff',
    '#000000',
    '#ffd400',
    '#7f7f7f',
    '#767676',
    '#ff0000',
    '#00ff00',
    '#0000ff',
    '#3b82f6',
    '#e91e63',
    '#2e7d32',
    '#777700',
  ];
  let accent = '';
  const { server, tab } = await visit(t, browser, {
    options: { reducedMotion: 'reduce' },
    before: (tab) => tab.addInitScript(() => (Math.random = () => 0)),
    welcome: () => ({ theme: { accent } }),
  });
  for (accent of colours) {
    const hellos = server.of('hello').length;
    server.socket.close(4000);
    await until(() => server.of('hello').length > hellos);
    await settled(tab);
    server.offer('invite', { text, from, style: 'open' });
    await until(async () => (await tab.locator('[data-beckon]:not([data-beckon=x])').count()) > 0);
    await settled(tab);
    const ratio = await tab
      .locator('[data-beckon=accept]')
      .last()
      .evaluate((button) => {
        const light = (colour) => {
          const [r, g, b] = colour
            .match(/\d+/g)
            .map((part) => ((part /= 255) <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const { color, backgroundColor } = getComputedStyle(button);
        const [low, high] = [light(color), light(backgroundColor)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
      });
    assert.ok(ratio >= 4.5, `${accent}: ${ratio}`);
  }
});

test('an accent that is no colour is not taken', async (t) => {
  const { server, tab } = await visit(t, browser, {
    welcome: () => ({ theme: { accent: 'red}*{display:none', side: 'left' } }),
  });
  server.offer('invite', { text });
  const box = await tab.locator('section').boundingBox();
  assert.equal(box.x, 20);
  assert.equal(
    await tab.locator('[data-beckon=accept]').evaluate((button) => getComputedStyle(button).backgroundColor),
    'rgb(11, 95, 255)',
  );
});

for (const [where, viewport] of [
  ['a window of 320 pixels', { width: 320, height: 568 }],
  ['400 % zoom', { width: 320, height: 256 }],
  ['a wide window', { width: 1280, height: 800 }],
]) {
  test(`everything is inside ${where}, and big enough to hit`, async (t) => {
    await each(t, { options: { viewport } }, async (tab, name) => {
      const box = await tab.locator('section').boundingBox();
      assert.ok(
        box.x >= 0 && box.y >= 0 && box.x + box.width <= viewport.width && box.y + box.height <= viewport.height,
        name,
      );
      assert.equal(
        await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth),
        true,
        name + ' scrolls sideways',
      );
      const small = await tab.locator('section').evaluate((element) =>
        [...element.querySelectorAll('button,a,label:has([type=radio]),input:not([type=radio]),textarea')]
          .filter((target) => target.checkVisibility())
          .map((target) => [target.outerHTML.slice(0, 60), target.getBoundingClientRect()])
          .filter(([, { width, height }]) => width < 44 || height < 44)
          .map(([html, { width, height }]) => `${html} ${width} × ${height}`),
      );
      assert.deepEqual(small, [], name);
      assert.equal(
        await tab.locator('section').evaluate((element) => element.scrollWidth <= element.clientWidth),
        true,
        name + ' is cut',
      );
    });
  });
}

test('right to left, the way to close it is on the left', async (t) => {
  const html = page({ lang: 'ar' }).replace('<html', '<html dir="rtl"');
  await each(t, { pages: { '/': html } }, async (tab, name) => {
    const box = await tab.locator('section').boundingBox();
    const close = await tab.locator('.close').boundingBox();
    assert.ok(close.x < box.x + box.width / 2, name);
  });
});

test('nothing of the page moves: no layout shift', async (t) => {
  const before = (tab) =>
    tab.addInitScript(() => {
      window.shifted = 0;
      new PerformanceObserver((list) => list.getEntries().forEach(({ value }) => (window.shifted += value))).observe({
        type: 'layout-shift',
        buffered: true,
      });
    });
  const { server, tab } = await visit(t, browser, { before });
  for (const [kind, body] of Object.values(kOffers)) {
    server.offer(kind, body);
    await settled(tab);
  }
  await until(async () => (await tab.locator('section').count()) === 1);
  assert.equal(await tab.evaluate(() => window.shifted), 0);
});

test('it moves in within a fifth of a second, and not at all for those who ask for that', async (t) => {
  for (const [reducedMotion, seconds] of [
    ['no-preference', 0.18],
    ['reduce', 0],
  ]) {
    const { server, tab } = await visit(t, browser, { options: { reducedMotion } });
    server.offer('invite', { text });
    const duration = await tab
      .locator('section')
      .evaluate((element) => parseFloat(getComputedStyle(element).animationDuration));
    assert.equal(duration, seconds);
  }
});

test('the name stands above the text, with a picture and without', async (t) => {
  const image = {
    html: '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle r="9"/></svg>',
    type: 'image/svg+xml',
  };
  const { server, tab } = await visit(t, browser, { pages: { '/ada.svg': image } });
  for (const picture of ['/ada.svg', '/missing.svg', undefined]) {
    server.offer('invite', { text, from: { name: 'Ada', picture } });
    await until(async () => (await tab.locator('section').count()) === 1);
    await tab.waitForTimeout(300);
    const [name, words] = await Promise.all(['.name', 'p'].map((part) => tab.locator('section ' + part).boundingBox()));
    assert.ok(name.y + name.height <= words.y + 1, String(picture));
    assert.equal(await tab.locator('.face').textContent(), picture === '/ada.svg' ? '' : 'A');
  }
});

test("the site's styles do not reach it, and its do not reach the site", async (t) => {
  const style = `<style>*{color:red!important;display:inline!important;position:static!important;font-size:40px!important}
beckon-widget{opacity:0;visibility:hidden;width:500px;height:500px;background:red;transform:scale(2)}</style>`;
  const { server, tab } = await visit(t, browser, {
    pages: { '/': page({ body: style + '<p class="text face primary">x</p>' }) },
  });
  server.offer('invite', { text });
  await until(() => server.of('offer').length);
  const look = await tab.locator('beckon-widget').evaluate((host) => {
    const { position, opacity, visibility, transform } = getComputedStyle(host);
    const { fontSize, color } = getComputedStyle(host.shadowRoot.querySelector('p'));
    return { position, opacity, visibility, transform, fontSize, color };
  });
  assert.deepEqual(look, {
    position: 'fixed',
    opacity: '1',
    visibility: 'visible',
    transform: 'none',
    fontSize: '15px',
    color: 'rgb(21, 24, 30)',
  });
  assert.equal(await tab.locator('main p').evaluate((p) => getComputedStyle(p).borderRadius), '0px');
});
