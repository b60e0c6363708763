// Text of people: shown as text, with what looks like a web address made a link. And times, as the reader writes them.

import type { PanelHost } from '../launcher';

const kAddress = /https?:\/\/[^\s<>"']+/gi;
/** What ends a sentence is not part of the address in it. */
const kTail = /[.,;:!?)\]}»”’]+$/;

export function linked(text: string, { make, safeAddress }: PanelHost): (Node | string)[] {
  const parts: (Node | string)[] = [];
  let end = 0;
  for (const match of text.matchAll(kAddress)) {
    const words = match[0].replace(kTail, '');
    const href = safeAddress(words);
    if (!href) continue;
    parts.push(text.slice(end, match.index));
    // The words stay as they were written; where the link leads is what a browser shows of it.
    parts.push(make('a', { href, target: '_blank', rel: 'noopener noreferrer nofollow', dir: 'ltr' }, words));
    end = match.index + words.length;
  }
  parts.push(text.slice(end));
  return parts;
}

/** Writes times in that language, by the habits of the reader's country where the browser tells it: en-GB has no AM. */
export function timeIn(language: string, options: Intl.DateTimeFormatOptions): (at: number) => string {
  const own = navigator.languages.find((each) => each.split('-')[0] === language.split('-')[0]);
  const format = new Intl.DateTimeFormat(own || language, options);
  return (at) => format.format(at);
}
