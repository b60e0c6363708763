// Somebody who answers: an account on the real server, and the console in a browser of their own.
import assert from 'node:assert/strict';
import { until } from './beckon.mjs';

const kPassword = 'correct horse battery';
const kPatienceMs = 10_000;

/** Posts to the console's API as the console does; fails with what the server says when it refuses. */
async function post(beckon, path, body, cookie) {
  const response = await fetch(`${beckon.url}/console/api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: beckon.url, ...(cookie && { cookie }) },
    body: JSON.stringify(body),
  });
  assert.ok(response.ok, `${path}: ${response.status} ${response.ok || (await response.text())}`);
  return response;
}

/** The first account, by the link that the server printed when it started. Returns the admin's cookie. */
export async function setUp(beckon, login = 'admin', name = 'The Admin') {
  const found = await until(() => /#setup=([\w-]+)/.exec(beckon.log), kPatienceMs);
  assert.ok(found, `a link for the first account:\n${beckon.log}`);
  const response = await post(beckon, 'setup', { secret: found[1], login, name, password: kPassword });
  return response.headers.getSetCookie().find((cookie) => cookie.startsWith('beckon_console=')).split(';')[0];
}

export class Operator {
  /** An account, made by an admin, signed in with the console's own form; `url`: where the console is reached. */
  static async arrive(browser, beckon, admin, { login, name, url = beckon.url, viewport = { width: 1280, height: 800 }, ...account }) {
    await post(beckon, 'operators', { login, name, role: 'operator', password: kPassword, capacity: 4, skills: [], groups: [], sites: [], ...account }, admin);
    const operator = new Operator();
    operator.name = name;
    operator.context = await browser.newContext({ viewport, locale: 'en-GB', reducedMotion: 'reduce' });
    operator.page = await operator.context.newPage();
    operator.complaints = [];
    operator.page.on('pageerror', (error) => operator.complaints.push(String(error)));
    await operator.page.goto(`${url}/console`);
    await operator.page.getByLabel('Login').fill(login);
    await operator.page.getByLabel('Password').fill(kPassword);
    await operator.page.keyboard.press('Enter');
    await operator.page.getByRole('heading', { name: 'Waiting', exact: true }).waitFor();
    return operator;
  }

  folder(name) {
    return this.page.locator('.rail button', { hasText: name }).click();
  }

  rows() {
    return this.page.locator('.row');
  }

  /** Opens the conversation whose row has these words. */
  async open(words) {
    await this.rows().filter({ hasText: words }).first().click();
    await this.page.locator('.composer').waitFor();
  }

  get composer() {
    return this.page.locator('.composer textarea');
  }

  async take() {
    await this.page.getByRole('button', { name: 'Take', exact: true }).click();
  }

  async say(text) {
    await this.composer.fill(text);
    await this.composer.press('Enter');
  }

  said() {
    return this.page.locator('.bubble').allInnerTexts();
  }

  async hears(texts, within = kPatienceMs) {
    const same = async () => JSON.stringify(await this.said()) === JSON.stringify(texts);
    assert.ok(await until(same, within), `${this.name} sees ${JSON.stringify(texts)}, not ${JSON.stringify(await this.said())}`);
  }

  /** Until the words are somewhere on the page. */
  reads(words) {
    return this.page.getByText(words).first().waitFor({ timeout: kPatienceMs });
  }

  leave() {
    return this.context.close();
  }
}
