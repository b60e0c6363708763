// The one global, Beckon('command', …): what a site may say, checked before it goes anywhere. A wrong call is one
// warning on the console and nothing else; the server would close the connection over it.

import type { Connection } from './connection';
import { bytesOf } from './dom';
import type { Pages } from './pages';
import type { Event } from './wire';

// The server's own limits (server/protocol/frames.hpp).
const kMaxNameBytes = 64;
const kMaxValueBytes = 256;
const kMaxCurrencyBytes = 8;
const kMaxJwtBytes = 4096;
const kMaxDataKeys = 16;

export type Listener = (detail: unknown) => unknown;

export interface Site {
  connection: Connection;
  pages: Pages;
  event(event: Event): void;
  on(name: string, listener: Listener): void;
  panel(listener: Listener): void;
}

type Check = (value: any) => boolean;

const text =
  (bytes: number): Check =>
  (value) =>
    typeof value === 'string' && bytesOf(value) <= bytes;
const name: Check = (value) => value && text(kMaxNameBytes)(value);
const number: Check = Number.isFinite;
const amount: Check = (value) => number(value) && value >= 0;
const bool: Check = (value) => value === !!value;
const scalar: Check = (value) => value === null || bool(value) || number(value) || text(kMaxValueBytes)(value);
const callable: Check = (value) => typeof value === 'function';
const anything = text(Infinity);

/** An object whose keys are all known and whose values, where there are any, are right. */
const fields =
  (check: (key: string) => Check | undefined): Check =>
  (value) =>
    value?.constructor === Object &&
    Object.entries(value).every(([key, field]) => check(key) && (field === undefined || check(key)!(field)));
const shape = (checks: { [key: string]: Check }) => fields((key) => checks[key]);
const data: Check = (value) =>
  fields((key) => (name(key) ? scalar : undefined))(value) && Object.keys(value).length <= kMaxDataKeys;

/** Runs a call; false when its arguments are not what it takes. */
export function createApi({ connection, pages, event, on, panel }: Site): (args: ArrayLike<any>) => boolean {
  // Each command: what its arguments must be, and what it does.
  const commands: { [command: string]: [Check[], (first: any, second: any) => void] } = {
    __proto__: null as never,
    cart: [
      [shape({ value: amount, items: amount, currency: text(kMaxCurrencyBytes) })],
      (cart) => event({ type: 'cart', ...cart }),
    ],
    order: [[shape({ value: amount, margin: number, id: name })], (order) => event({ type: 'order', ...order })],
    event: [
      [name, (value) => value === undefined || data(value)],
      (name, data) => event({ type: 'event', name, data }),
    ],
    attr: [[name, scalar], (name, value) => event({ type: 'attr', name, value })],
    consent: [[bool], connection.consent],
    identify: [[text(kMaxJwtBytes)], (jwt) => connection.frame({ type: 'identify', jwt })],
    on: [[name, callable], on],
    page: [[shape({ url: anything, title: anything, referrer: anything })], pages.set],
    panel: [[callable], panel],
    'start-over': [[], connection.startOver],
  };
  return ([command, ...args]: any) => {
    const [checks, run] = commands[command] || [];
    const right = !!checks?.every((check, index) => check(args[index]));
    if (right) run!(args[0], args[1]);
    return right;
  };
}
