// How it stands, in words.

import type { ChatState } from '../wire';
import { timeIn } from './text';
import { filled, type Words } from './words';

const kMinuteMs = 60_000;
const kWeekdaysMs = 6 * 24 * 60 * kMinuteMs;

export function nobodyThere({ desk }: ChatState): boolean {
  return desk.state === 'away' || desk.state === 'closed';
}

/** Under the name: who answers, or when somebody does. */
export function subtitleOf({ state, operator, desk }: ChatState, words: Words, language: string): string {
  if (operator && state === 'assigned') return operator.away ? words.gone : filled(words.with, { name: operator.name });
  if (state === 'waiting' && (desk.state === 'open' || desk.state === 'busy')) return words.waits;
  if (desk.state !== 'closed') return { open: words.available, busy: words.busy, away: words.away }[desk.state];
  if (!desk.opens) return words.closed;
  return words.closed + ' ' + opening(desk.opens, words, language);
}

function opening(at: number, words: Words, language: string): string {
  const opens = new Date(at);
  const clock = { hour: 'numeric', minute: '2-digit' } as const;
  if (opens.toDateString() === new Date().toDateString())
    return filled(words.opens_today, { when: timeIn(language, clock)(at) });
  // The name of a day is enough for the days to come, not beyond them.
  const date = at - Date.now() > kWeekdaysMs ? ({ day: 'numeric', month: 'long' } as const) : {};
  return filled(words.opens, { when: timeIn(language, { weekday: 'long', ...date, ...clock })(at) });
}

export interface Doing {
  online: boolean;
  /** Name of the file on its way. */
  uploading: string;
  /** Who is writing. */
  typist: string;
}

/** The line above the composer; empty: nothing to say. */
export function statusOf(chat: ChatState, words: Words, { online, uploading, typist }: Doing): string {
  if (!online) return words.offline;
  if (uploading) return filled(words.uploading, { name: uploading });
  if (typist) return filled(words.typing, { name: typist });
  if (chat.state === 'assigned' && chat.operator?.away) return words.keeps;
  if (chat.state !== 'waiting') return chat.desk.state === 'busy' && chat.state !== 'assigned' ? words.line_up : '';
  if (nobodyThere(chat)) return words.kept;
  const { position, wait } = chat.desk;
  const queue = position ? filled(words.queue, { n: position }) : words.waiting;
  return wait ? queue + ' ' + filled(words.wait, { n: Math.max(1, Math.round(wait / kMinuteMs)) }) : queue;
}
