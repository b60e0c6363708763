// Replies that the site has ready: `/` and a few letters find them.

import { useEffect, useState } from 'preact/hooks';
import type { Canned } from '../protocol/wire';
import { useStore } from '../store/store';
import { t } from '../texts';

const kMaxShown = 8;
const kNone: Canned[] = [];

export function useCanned(site: string, draft: string, write: (text: string) => void) {
  const all = useStore(({ sites }) => sites.find(({ id }) => id === site)?.canned ?? kNone);
  const [at, setAt] = useState(0);
  const [dismissed, setDismissed] = useState('');
  const wanted = draft.startsWith('/') && !draft.includes('\n') && draft !== dismissed;
  const found = wanted && all.length ? matching(all, draft.slice(1).trim().toLowerCase()) : kNone;
  useEffect(() => setAt(0), [draft]);
  const pick = (reply: Canned | undefined) => reply && write(reply.text);
  /** Whether the key was for the list. */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    if (found.length === 0) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) setAt((at + step + found.length) % found.length);
    else if (event.key === 'Escape') setDismissed(draft);
    else if (event.key === 'Enter' || event.key === 'Tab') pick(found[at]);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const open = found.length > 0;
  const input = open
    ? ({ 'aria-autocomplete': 'list', 'aria-controls': 'canned', 'aria-activedescendant': `canned-${at}` } as const)
    : {};
  return { any: all.length > 0, wanted, found, at, pick, onKeyDown, input };
}

export function CannedList({ of: { any, wanted, found, at, pick } }: { of: ReturnType<typeof useCanned> }) {
  if (!wanted || !any) return null;
  if (found.length === 0)
    return (
      <p class="canned-none" role="status">
        {t('no_canned')}
      </p>
    );
  return (
    <ul class="canned" id="canned" role="listbox" aria-label={t('canned')}>
      {found.map((reply, i) => (
        <li
          key={reply.title}
          id={`canned-${i}`}
          role="option"
          aria-selected={i === at}
          ref={(element) => void (i === at && element?.scrollIntoView({ block: 'nearest' }))}
          onMouseDown={(event) => (event.preventDefault(), pick(reply))}
        >
          <strong>{reply.title}</strong>
          <span>{reply.text}</span>
        </li>
      ))}
    </ul>
  );
}

/** Titles that begin so come first, then those with the words anywhere. */
function matching(all: Canned[], wanted: string): Canned[] {
  const begins = ({ title }: Canned) => title.toLowerCase().startsWith(wanted);
  const rest = all.filter((one) => !begins(one) && `${one.title} ${one.text}`.toLowerCase().includes(wanted));
  return [...all.filter(begins), ...rest].slice(0, kMaxShown);
}
