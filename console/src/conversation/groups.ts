// Messages as they are shown: days, lines of the system, and groups of what one said in a row.

import type { Outgoing } from '../protocol/outbox';
import type { Message } from '../protocol/wire';
import { sameDay } from '../ui/time';

const kGroupMs = 5 * 60_000;

export type Entry = { message: Message; out?: undefined } | { message: Message; out: Outgoing };

export type Block =
  | { kind: 'day'; at: number; key: string }
  | { kind: 'system'; message: Message; key: string }
  | { kind: 'group'; entries: Entry[]; key: string };

/** What is said and not yet acknowledged follows what is; one that has arrived by another way is not shown twice. */
export function entriesOf(messages: Message[], outgoing: Outgoing[]): Entry[] {
  const arrived = new Set(messages.map(({ key }) => key));
  const pending = outgoing
    .filter(({ key }) => !arrived.has(key))
    .map((out): Entry => {
      const { at, key, operator } = out;
      const body = out.file ? { file: out.file } : { text: out.text ?? '' };
      return { out, message: { seq: Infinity, at, from: 'operator', operator, key, ...body } };
    });
  return [...messages.map((message): Entry => ({ message })), ...pending];
}

export function blocksOf(entries: Entry[]): Block[] {
  const blocks: Block[] = [];
  let before: Message | undefined;
  for (const entry of entries) {
    const { message } = entry;
    const key = message.key ?? String(message.seq);
    if (!before || !sameDay(before.at, message.at)) blocks.push({ kind: 'day', at: message.at, key: 'day' + key });
    const last = blocks.at(-1);
    if (message.event || message.from === 'system') blocks.push({ kind: 'system', message, key });
    else if (last?.kind === 'group' && continues(last.entries.at(-1)!.message, message)) last.entries.push(entry);
    else blocks.push({ kind: 'group', entries: [entry], key });
    before = message;
  }
  return blocks;
}

const continues = (before: Message, next: Message) =>
  before.from === next.from && before.operator === next.operator && next.at - before.at < kGroupMs;
