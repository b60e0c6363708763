// Somebody with a browser, in the demo shop. What passes between page and server is noted with the browser's own time, so that a
// test can ask how long after a page event an offer came, however busy the test's process is.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { root, sleep, until } from './beckon.mjs';

const kFlags = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const kEarly = 400;     // milliseconds: looks that much before the time, and must see nothing
const kLate = 1_200;    // a busy machine may take that long from the server's decision to the browser
const kDrawn = 5_000;   // and that long from there to the screen
const kRounding = 5;    // of two clocks that count whole milliseconds
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const launch = () => chromium.launch({ executablePath: process.env.BECKON_CHROMIUM || '/usr/bin/chromium', args: kFlags });

// One browser profile: its tabs are one visitor.
export class Shopper {
  static async arrive(browser, url, { mode = 'pages', ...settings } = {}) {
    const shopper = new Shopper();
    shopper.url = url;
    shopper.mode = mode;
    shopper.context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB', reducedMotion: 'reduce', ...settings });
    return shopper;
  }

  async newTab() {
    const page = await this.context.newPage();
    const wire = await this.context.newCDPSession(page);
    await wire.send('Network.enable');
    return new Tab(this, page, wire);
  }

  leave() {
    return this.context.close();
  }
}

export class Tab {
  constructor(shopper, page, wire) {
    this.shopper = shopper;
    this.page = page;
    this.sent = [];        // {at, frame}, `at` in milliseconds of the browser's clock
    this.received = [];
    this.ahead = Infinity;  // how far this process's clock is before the browser's
    this.complaints = [];   // what the browser's console says is wrong
    wire.on('Network.webSocketFrameSent', (event) => this.note(this.sent, event));
    wire.on('Network.webSocketFrameReceived', (event) => this.note(this.received, event));
    page.on('console', (message) => message.type() === 'error' && this.complaints.push(message.text()));
    page.on('pageerror', (error) => this.complaints.push(String(error)));
  }

  note(list, { timestamp, response }) {
    if (response.opcode !== 1) return;
    const at = timestamp * 1_000;
    // News of a frame takes its time to get here; the one that took least tells how the clocks differ.
    this.ahead = Math.min(this.ahead, performance.now() - at);
    list.push({ at, frame: JSON.parse(response.payloadData) });
  }

  // The address of a page in this shopper's mode.
  address(path) {
    const prefix = this.shopper.mode === 'app' ? '/app' : '';
    return this.shopper.url + (path === '/' && prefix ? prefix : prefix + path);
  }

  // Types an address.
  open(path) {
    return this.to(path, () => this.page.goto(this.address(path)));
  }

  // Follows a link of the shop: by its address, since some words are there twice.
  follow(path) {
    const href = new URL(this.address(path)).pathname;
    return this.to(path, () => this.page.locator(`a[href="${href}"]:visible`).first().click());
  }

  // Does what leads to a page, and waits until the server was told of it.
  async to(path, act) {
    const before = this.pageEvents().length;
    await act();
    await this.page.waitForURL(this.address(path));
    const { pathname } = new URL(this.address(path));
    const told = await until(() => this.pageEvents().slice(before).some((event) => event.path === pathname), 5_000);
    assert.ok(told, `the server was told of ${path}`);
    // Of a page that is left at once, a hello may never be answered: the newest one counts.
    const newest = (list, type) => list.findLast(({ frame }) => frame.type === type)?.at;
    const known = await until(() => newest(this.received, 'welcome') >= newest(this.sent, 'hello'), 5_000);
    assert.ok(known, `the server said welcome at ${path}`);
  }

  // Page events that went to the server, with their time: in a hello that starts a page, or among the events.
  pageEvents() {
    const found = [];
    for (const { at, frame } of this.sent) {
      const pages = frame.type === 'hello' && !frame.resume ? [frame.page] : frame.type === 'events' ? frame.events.filter(({ type }) => type === 'page') : [];
      for (const { url } of pages) found.push({ at, path: new URL(url, this.shopper.url).pathname });
    }
    return found;
  }

  sincePage() {
    return performance.now() - this.ahead - this.pageEvents().at(-1).at;
  }

  offer(rule) {
    return this.page.locator(`[data-beckon="invitation"][data-rule="${rule}"], [data-beckon="call"][data-rule="${rule}"]`);
  }

  offers() {
    return this.page.locator('[data-beckon="invitation"], [data-beckon="call"]');
  }

  // The rule's offer is shown `after` milliseconds from the last page event: not before, and soon after.
  async meets(rule, after, late = kLate) {
    await sleep(Math.max(0, after - kEarly - this.sincePage()));
    const early = await this.offers().count();
    // An answer that took until the offer was due says nothing; what came over the wire is looked at in any case.
    if (this.sincePage() < after) assert.equal(early, 0, `nothing is shown ${kEarly} ms before ${rule} is due`);
    await this.offer(rule).waitFor({ state: 'visible', timeout: after + late + kDrawn - this.sincePage() });
    const began = this.pageEvents().at(-1).at;
    const offers = this.received.filter(({ at, frame }) => frame.type === 'offer' && at > began);
    assert.deepEqual(offers.map(({ frame }) => frame.rule), [rule], 'this offer and no other since the page began');
    const took = offers[0].at - began;
    assert.ok(took >= after - kRounding && took <= after + late, `${rule} came after ${took.toFixed(1)} ms, due after ${after} ms`);
  }

  // For as long as told, no offer is shown.
  async meetsNothing(ms) {
    const end = performance.now() + ms;
    do {
      assert.equal(await this.offers().count(), 0, 'no offer is shown');
      await sleep(100);
    } while (performance.now() < end);
  }

  async dismiss(rule) {
    await this.offer(rule).locator('[data-beckon="dismiss"]').click();
    await this.offer(rule).waitFor({ state: 'detached' });
  }

  // The pointer leaves through the top of the window.
  async reachForTheTabs() {
    await this.page.mouse.move(600, 300);
    await this.page.mouse.move(600, 4);
    await this.page.mouse.move(600, -20);
  }

  // Who this tab is, as the server said last.
  visitor() {
    return this.received.filter(({ frame }) => frame.type === 'welcome').at(-1)?.frame.visitor;
  }

  async screenshot(name) {
    const folder = join(root, 'out/screenshots');
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }

  // Accessibility faults that axe finds, in words; empty when all is well.
  async faults() {
    await this.page.evaluate(axe);
    const { violations } = await this.page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
    return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${help} at ${JSON.stringify(target)}`));
  }
}
