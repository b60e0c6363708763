// A test's surroundings: the tests' server, operators who are signed in, and their browsers.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Server } from './mock_server.mjs';
import { sleep as pause, until as found } from '../support/beckon.mjs';
import { launch as launchBrowser } from '../support/shopper.mjs';

export { launchBrowser, pause };

export const kCanary = '"><img src=x onerror=window.__x=1>';
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const kPatienceMs = 8000;
const kScreenshots = new URL('../../../out/screenshots/console/', import.meta.url);

/** Waits until `probe` gives something true, and returns it. */
export async function until(probe, what = String(probe)) {
  const value = await found(probe, kPatienceMs);
  assert.ok(value, 'waited in vain: ' + what);
  return value;
}

/** A server that stops when the test ends. */
export async function startServer(t) {
  const server = await new Server().start();
  t.after(() => server.stop());
  return server;
}

/** A tab of somebody who is not signed in; what the browser complains of is in `tab.said`. */
export async function open(t, browser, server, { path = '/console', ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', reducedMotion: 'reduce', ...options });
  t.after(() => context.close());
  return openIn(context, server, path);
}

export async function openIn(context, server, path = '/console') {
  const tab = await context.newPage();
  tab.said = [];
  tab.on('console', (message) => message.type() === 'error' && tab.said.push(message.text()));
  tab.on('pageerror', (error) => tab.said.push('error: ' + error.message));
  await tab.goto(server.origin + path);
  return tab;
}

/** A tab of an operator who is signed in and connected. */
export async function signedIn(t, browser, server, operator, { path = '/console', ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', reducedMotion: 'reduce', ...options });
  t.after(() => context.close());
  await context.addCookies([{ name: 'beckon_console', value: server.signIn(operator), url: server.origin + '/console' }]);
  const tab = await openIn(context, server, path);
  await until(() => [...server.desk.connections].some((one) => one.operator === operator), 'the connection');
  return tab;
}

/** One operator, Ada, at a desk with what `prepare` puts there. */
export async function atDesk(t, browser, { prepare = () => {}, ...options } = {}) {
  const server = await startServer(t);
  const ada = server.desk.addOperator({ login: 'ada', name: 'Ada', role: 'admin' });
  const made = await prepare(server.desk, server);
  const tab = await signedIn(t, browser, server, ada, options);
  return { server, desk: server.desk, ada, tab, made };
}

export const placeOf = ({ row }) => `${row.site}/${row.id}`;
export const rowOf = (tab, conversation) => tab.locator(`.row[data-place="${placeOf(conversation)}"]`);
export const folder = (tab, name) => tab.locator('.rail button', { hasText: name });
export const composer = (tab) => tab.locator('.composer textarea');
export const bubbles = (tab) => tab.locator('.bubble').allInnerTexts();

/** What axe finds, each with where. */
export async function faults(tab) {
  // Into the page's own world, past its Content-Security-Policy, which the page keeps.
  await tab.evaluate(axe);
  const { violations } = await tab.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join(' | ')}`);
}

export async function screenshot(tab, name, directory = kScreenshots) {
  mkdirSync(directory, { recursive: true });
  await tab.screenshot({ path: new URL(name.replaceAll(' ', '-') + '.png', directory).pathname });
}

/** What sticks out at the side of the page, or of a pane that does not cut it off. */
export const overhang = (tab) =>
  tab.evaluate(() => {
    const seen = document.documentElement.clientWidth;
    const cutOff = (element) => element !== document.body && (getComputedStyle(element).overflowX !== 'visible' || cutOff(element.parentElement));
    const out = [...document.querySelectorAll('#app *')].filter((element) => element.getBoundingClientRect().right > seen + 1 && !cutOff(element));
    const wide = [...document.querySelectorAll('.scroll, .pane-header, dialog')].filter((pane) => pane.scrollWidth > pane.clientWidth + 1);
    return [...out, ...wide].map((element) => element.outerHTML.slice(0, 100));
  });
