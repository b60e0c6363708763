// What an operator said and the server has not yet acknowledged. It survives a cut and a reload, goes out in order for
// each conversation, one at a time, and always under the same client key: said twice, it is there once.

import type { Address, FileInfo, Ok } from './wire';
import { Refused } from './connection';

const kPrefix = 'beckon.console.say.';
/** Failures of the server that pass: tried again by itself. */
const kPassing = ['store_unavailable', 'too_many'];
const kAgainMs = 3000;

export interface Said extends Address {
  key: string;
  operator: string;
  at: number;
  text?: string;
  file?: FileInfo;
}

export interface Outgoing extends Said {
  state: 'waiting' | 'sending' | 'failed';
  /** Of `failed`: the refusal's code. */
  why?: string;
}

export interface Shelf {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface OutboxOptions {
  operator: string;
  shelf: Shelf;
  send(said: Said): Promise<Ok>;
  after(ms: number, then: () => void): () => void;
  changed(items: Outgoing[]): void;
  delivered(said: Said, ok: Ok): void;
  refused(said: Said, why: Refused): void;
}

export class Outbox {
  private items: Outgoing[];

  constructor(private readonly options: OutboxOptions) {
    this.items = stored(options.shelf, options.operator);
  }

  get all(): Outgoing[] {
    return this.items;
  }

  add(said: Said) {
    keep(this.options.shelf, said);
    this.items = [...this.items, { ...said, state: 'waiting' }];
    this.options.changed(this.items);
    this.flush();
  }

  retry(key: string) {
    this.update(key, { state: 'waiting' });
    this.flush();
  }

  discard(key: string) {
    this.options.shelf.removeItem(kPrefix + key);
    this.items = this.items.filter((item) => item.key !== key);
    this.options.changed(this.items);
    this.flush();
  }

  /** The connection is there: sends what waits. */
  flush() {
    const busy = new Set(this.items.filter(({ state }) => state === 'sending').map(place));
    for (const item of this.items) {
      const where = place(item);
      if (busy.has(where)) continue;
      // One that failed holds the later ones back: what was said in an order is read in that order.
      busy.add(where);
      if (item.state === 'waiting') void this.send(item);
    }
  }

  private async send(item: Outgoing) {
    this.update(item.key, { state: 'sending' });
    try {
      const ok = await this.options.send(item);
      this.options.delivered(item, ok);
      this.discard(item.key);
    } catch (error) {
      if (!(error instanceof Refused)) this.update(item.key, { state: 'waiting' });
      else if (kPassing.includes(error.code)) this.later(item);
      else this.refuse(item, error);
    }
  }

  private later(item: Outgoing) {
    this.options.after(kAgainMs, () => {
      this.update(item.key, { state: 'waiting' });
      this.flush();
    });
  }

  private refuse(item: Outgoing, error: Refused) {
    this.update(item.key, { state: 'failed', why: error.code });
    this.options.refused(item, error);
  }

  private update(key: string, change: Pick<Outgoing, 'state' | 'why'>) {
    this.items = this.items.map((item) => (item.key === key ? { ...item, ...change } : item));
    this.options.changed(this.items);
  }
}

const place = ({ site, conversation }: Address) => `${site}/${conversation}`;

/** Each on its own, so that two tabs do not overwrite each other's. A full shelf keeps the page's own copy. */
function keep(shelf: Shelf, said: Said) {
  try {
    shelf.setItem(kPrefix + said.key, JSON.stringify(said));
  } catch {
    // The message is still sent from memory.
  }
}

function stored(shelf: Shelf, operator: string): Outgoing[] {
  const found: Outgoing[] = [];
  const names = Array.from({ length: shelf.length }, (_, i) => shelf.key(i));
  for (const name of names) {
    if (!name?.startsWith(kPrefix)) continue;
    try {
      const said = JSON.parse(shelf.getItem(name) ?? '') as Said;
      if (said.operator === operator) found.push({ ...said, state: 'waiting' });
    } catch {
      shelf.removeItem(name);
    }
  }
  return found.sort((a, b) => a.at - b.at);
}

/** 128 random bits: a name that no other message has. */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
