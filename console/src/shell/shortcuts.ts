// The keyboard: what a key does, and the table that the help shows.

import { close, setPresence, take } from '../store/actions';
import { back, openDialog, openFolder, openItem, toggleDetails } from '../store/navigation';
import { kFolders } from '../store/route';
import { conversationsIn, current, isMine, self, tasksOf } from '../store/select';
import type { Conversation } from '../protocol/wire';
import { getState } from '../store/store';
import type { TextKey } from '../texts';

/** Single keys work outside of text fields and can be switched off; those with Alt work everywhere. */
export const kShortcuts: { keys: string[]; does: TextKey }[] = [
  { keys: ['J', 'Alt+↓'], does: 'key_next' },
  { keys: ['K', 'Alt+↑'], does: 'key_previous' },
  { keys: ['1', '2', '3', '4'], does: 'key_folders' },
  { keys: ['T', 'Alt+T'], does: 'key_take' },
  { keys: ['R'], does: 'key_write' },
  { keys: ['X', 'Alt+X'], does: 'key_transfer' },
  { keys: ['Shift+E', 'Alt+E'], does: 'key_close' },
  { keys: ['D', 'Alt+D'], does: 'key_details' },
  { keys: ['A'], does: 'key_presence' },
  { keys: ['Enter'], does: 'key_send' },
  { keys: ['Shift+Enter'], does: 'key_newline' },
  { keys: ['/'], does: 'key_canned' },
  { keys: ['Esc'], does: 'key_back' },
  { keys: ['?'], does: 'key_help' },
];

const focusComposer = () => document.querySelector<HTMLTextAreaElement>('.composer textarea')?.focus();

const kActions: Record<string, () => void> = {
  j: () => step(1),
  k: () => step(-1),
  'alt+arrowdown': () => step(1),
  'alt+arrowup': () => step(-1),
  ...Object.fromEntries(kFolders.map((folder, i) => [String(i + 1), () => openFolder(folder)])),
  t: takeCurrent,
  'alt+t': takeCurrent,
  r: focusComposer,
  x: transferCurrent,
  'alt+x': transferCurrent,
  'shift+e': closeCurrent,
  'alt+e': closeCurrent,
  d: details,
  'alt+d': details,
  a: () => void setPresence(self(getState())?.state === 'online' ? 'away' : 'online'),
  '?': () => openDialog('help'),
  'shift+?': () => openDialog('help'),
  escape: leave,
};

export function startShortcuts() {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.isComposing) return;
    const { stage, dialog, settings } = getState();
    if (stage !== 'desk' || dialog || document.querySelector('dialog[open]')) return;
    const name = (event.altKey ? 'alt+' : '') + (event.shiftKey ? 'shift+' : '') + keyOf(event);
    const single = !event.altKey && event.key !== 'Escape';
    if (single && (!settings.keys || isWriting(event.target))) return;
    const action = kActions[name];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

/** With Alt some layouts give another character: there the key's place counts. */
const keyOf = ({ key, code, altKey }: KeyboardEvent) =>
  altKey && code.startsWith('Key') ? code.slice(3).toLowerCase() : key.toLowerCase();

const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('textarea, select, input:not([type=checkbox], [type=radio])');

function step(by: 1 | -1) {
  const state = getState();
  const { folder, id } = state.route;
  if (folder === 'operators') return;
  const rows = folder === 'tasks' ? tasksOf(state) : conversationsIn(state, folder);
  const at = rows.findIndex((row) => row.id === id);
  const next = rows[at < 0 ? (by > 0 ? 0 : rows.length - 1) : at + by];
  if (next) openItem(next.site, next.id, isWriting(document.activeElement) ? 'composer' : 'title');
}

function takeCurrent() {
  const c = current(getState());
  if (c && c.state !== 'assigned') void take(c);
}

const mayEnd = (c: Conversation) => isMine(getState(), c) || c.state === 'waiting';

function transferCurrent() {
  const c = current(getState());
  if (c && mayEnd(c)) openDialog('transfer');
}

function closeCurrent() {
  const c = current(getState());
  if (c && mayEnd(c)) void close(c);
}

function details() {
  if (current(getState())) toggleDetails();
}

/** From the composer to the list, from there out of the conversation. */
function leave() {
  const { activeElement } = document;
  if (isWriting(activeElement)) (activeElement as HTMLElement).blur();
  else if (getState().route.id) back();
}
