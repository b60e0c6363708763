// Text of people: shown as text, with what looks like a web address made a link.

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
