// What the panel keeps for the next page of this tab: that it is open, what is being written, and what the server does not
// have yet. Kept where the visitor may be remembered; else a page that goes takes it along.

import type { Identity } from '../identity';
import type { Messages, Unsent } from './messages';

export interface Notes {
  open(is: boolean): void;
  draft(text: string): void;
  /** Keeps what is unsent as it is now. */
  keep(): void;
}

interface Kept {
  draft: string;
  unsent: Unsent[];
}

/** Reads what the page before has left: its unsent messages go into `messages`, its draft comes back. */
export function createNotes(identity: Identity, messages: Messages): [notes: Notes, draft: string] {
  let opened = false;
  let draft = '';
  try {
    const kept: Kept = JSON.parse(identity.note());
    draft = kept.draft;
    messages.unsent.push(...kept.unsent);
  } catch {
    // Nothing was left.
  }
  const keep = () => {
    const { unsent } = messages;
    identity.note(opened || unsent[0] ? JSON.stringify({ draft, unsent } satisfies Kept) : '');
  };
  const notes: Notes = {
    open(is) {
      opened = is;
      keep();
    },
    draft(text) {
      draft = text;
      keep();
    },
    keep,
  };
  return [notes, draft];
}
