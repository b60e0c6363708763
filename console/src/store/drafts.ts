// What is written and not yet said, by conversation. It is kept at every key stroke: no reload, cut or switch loses it.

import type { Address } from '../protocol/wire';
import { placeOf } from './state';
import { getState, setState } from './store';

const kKeptMs = 30 * 24 * 3600_000;

interface Kept {
  text: string;
  at: number;
}

const prefix = (operator: string) => `beckon.console.draft.${operator}/`;

/** The drafts of an operator in this browser; those a month old are given up. */
export function loadDrafts(operator: string): Record<string, string> {
  const own = prefix(operator);
  const found: Record<string, string> = {};
  for (const name of Object.keys(localStorage).filter((key) => key.startsWith(own))) {
    const { text, at } = parsed(localStorage.getItem(name));
    if (text && at > Date.now() - kKeptMs) found[name.slice(own.length)] = text;
    else localStorage.removeItem(name);
  }
  return found;
}

export function keepDraft(address: Address, text: string) {
  const { me, drafts } = getState();
  const at = placeOf(address);
  const name = prefix(me!.id) + at;
  try {
    if (text) localStorage.setItem(name, JSON.stringify({ text, at: Date.now() }));
    else localStorage.removeItem(name);
  } catch {
    // A full store: the page keeps it.
  }
  setState({ drafts: { ...drafts, [at]: text } });
}

/** Another tab of the same operator writes: the same draft is here. */
export function followDrafts() {
  addEventListener('storage', ({ key, newValue }) => {
    const { me, drafts } = getState();
    if (!me || !key?.startsWith(prefix(me.id))) return;
    setState({ drafts: { ...drafts, [key.slice(prefix(me.id).length)]: parsed(newValue).text } });
  });
}

function parsed(json: string | null): Kept {
  try {
    const { text, at } = JSON.parse(json ?? '');
    return { text: String(text), at: Number(at) };
  } catch {
    return { text: '', at: 0 };
  }
}
