// What becomes of an order that the server refused because somebody else was quicker, or for another reason.

import type { Refused } from '../protocol/connection';
import type { Address, Refusal } from '../protocol/wire';
import { t, type TextKey } from '../texts';
import { withConversation } from './apply';
import { notify } from './notices';
import { placeOf } from './state';
import { getState, setState } from './store';

export function conflicted(address: Address, { refusal }: Refused) {
  if (refusal.conversation) setState(withConversation(getState(), refusal.conversation));
  const at = placeOf(address);
  const holder = refusal.operator ?? getState().conversations[at]?.operator?.name;
  if (
    ['conflict', 'not_yours'].includes(refusal.code) &&
    holder &&
    getState().conversations[at]?.operator?.id !== getState().me?.id
  ) {
    setState({ conflicts: { ...getState().conflicts, [at]: holder } });
  } else {
    notify(inWords(refusal), 'bad');
  }
}

const kInWords: Record<string, TextKey> = {
  bad_target: 'refused_bad_target',
  closed: 'refused_closed',
  conflict: 'refused_conflict',
  no_conversation: 'refused_gone',
  no_task: 'refused_gone',
  not_yours: 'refused_not_yours',
  store_unavailable: 'refused_store',
  too_many: 'refused_too_many',
};

export function inWords({ code, message }: Refusal): string {
  const key = kInWords[code];
  return key ? t(key) : t('refused', { why: message ?? code });
}
