// Text of strangers, cut into what is a link and what is not. Only http, https and mailto become links.

export interface Part {
  text: string;
  href?: string;
}

const kSchemes = ['http:', 'https:', 'mailto:'];
// What may stand in an address: nothing blank, no quotes or brackets around it, no invisible or direction-changing character.
const kInside =
  '[^\\s<>"\'`{}|\\\\^\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2069\\ufeff]';
const kLink = new RegExp(
  `(?<![\\w@.:/-])(?:(?:https?://|mailto:|www\\.)${kInside}+|[\\w.+-]{1,64}@[\\w-]+(?:\\.[\\w-]+)+)`,
  'giu',
);
const kTrailing = /[.,;:!?)\]'"»…]+$/u;

/** The address when it is one that may be followed. */
export function safeHref(address: string | undefined): string | undefined {
  try {
    const url = new URL(address ?? '');
    return kSchemes.includes(url.protocol) ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** What writes to an address out of a form: the address alone, whatever was typed there. */
export function mailHref(address: string | undefined): string | undefined {
  return address ? 'mailto:' + encodeURIComponent(address).replace('%40', '@') : undefined;
}

export function linkParts(text: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const match of text.matchAll(kLink)) {
    const shown = trimmed(match[0]);
    const href = safeHref(withScheme(shown));
    if (!href) continue;
    if (match.index > at) parts.push({ text: text.slice(at, match.index) });
    parts.push({ text: shown, href });
    at = match.index + shown.length;
  }
  if (at < text.length) parts.push({ text: text.slice(at) });
  return parts;
}

function withScheme(shown: string): string {
  if (/^www\./i.test(shown)) return 'https://' + shown;
  return /^(https?:|mailto:)/i.test(shown) ? shown : 'mailto:' + shown;
}

/** Without the punctuation of the sentence around it; a bracket that was opened inside stays. */
function trimmed(found: string): string {
  const end = kTrailing.exec(found)?.[0];
  if (!end) return found;
  const balanced = end.startsWith(')') && found.includes('(');
  return found.slice(0, found.length - end.length) + (balanced ? ')' : '');
}
