// The messages of a conversation, put together from whatever arrives.

import type { Message } from '../protocol/wire';

/** Both lists' messages once each, by sequence number. */
export function merge(known: Message[], fresh: Message[]): Message[] {
  const bySeq = new Map(known.map((message) => [message.seq, message]));
  for (const message of fresh) bySeq.set(message.seq, message);
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq);
}

/** The sequence number before which something is missing, of the latest hole; undefined: there is none. */
export function hole(messages: Message[]): number | undefined {
  for (let i = messages.length - 1; i > 0; i--) {
    if (messages[i]!.seq !== messages[i - 1]!.seq + 1) return messages[i]!.seq;
  }
  return undefined;
}
