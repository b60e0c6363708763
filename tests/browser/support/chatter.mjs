// The visitor's side of a conversation: the widget's panel on a page.
import assert from 'node:assert/strict';
import { until } from './beckon.mjs';

const kPatienceMs = 10_000;

export class Chatter {
  constructor(page) {
    this.page = page;
  }

  find(name) {
    return this.page.locator(`[data-beckon="${name}"]`);
  }

  async open() {
    await this.find('launcher').click();
    await this.find('chat').waitFor();
  }

  async say(text) {
    await this.find('composer').fill(text);
    await this.find('composer').press('Enter');
  }

  said() {
    return this.find('log').locator('.words').allInnerTexts();
  }

  async hears(texts, within = kPatienceMs) {
    const same = async () => JSON.stringify(await this.said()) === JSON.stringify(texts);
    assert.ok(await until(same, within), `the visitor sees ${JSON.stringify(texts)}, not ${JSON.stringify(await this.said())}`);
  }

  async reads(words) {
    const there = async () => (await this.find('chat').innerText()).match(words);
    assert.ok(await until(there, kPatienceMs), `the panel says ${words}: ${await this.find('chat').innerText()}`);
  }
}
