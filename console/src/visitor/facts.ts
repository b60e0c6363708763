// What the rules know of a visitor, as an operator would say it.

import type { Visitor } from '../protocol/wire';
import { valueInWords } from './words';

/** Shown elsewhere in the panel. */
const kElsewhere = /^(cart\.|page\.(?!dwell))/;
const kUnknown = 'no value';

export interface ShownFact {
  name: string;
  value: string;
}

export function shownFacts(facts: Visitor['facts'] = []): ShownFact[] {
  return facts
    .filter(({ name, value }) => !kElsewhere.test(name) && value !== kUnknown)
    .map(({ name, value }) => ({ name: nameInWords(name), value: valueInWords(plainValue(value)) }));
}

/** `visitor.lifetime_value` is: lifetime value. */
const nameInWords = (name: string) => name.replace(/^visitor\./, '').replace(/[._]/g, ' ');

/** Values come as rules write them: text in quotes, durations to the millisecond. */
function plainValue(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (value === 'true' || value === 'false') return value === 'true';
  if (/^".*"$/.test(value)) return value.slice(1, -1);
  return value.replace(/^((?:\d+[dhm])*\d+s)\d+ms$/, '$1');
}
