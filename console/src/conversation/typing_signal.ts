import { useEffect, useRef } from 'preact/hooks';
import type { Conversation } from '../protocol/wire';
import { tellTyping } from '../store/actions';
import { addressOf } from '../store/state';

/** Told again so often while it goes on, and as stopped after so long without a key. */
const kAgainMs = 3000;
const kIdleMs = 5000;

/** Tells the visitor that an answer is being written; only who has the conversation may. */
export function useTyping(c: Conversation, mine: boolean) {
  const told = useRef(0);
  const idle = useRef<ReturnType<typeof setTimeout>>();
  const stop = () => {
    clearTimeout(idle.current);
    if (told.current) tellTyping(addressOf(c), false);
    told.current = 0;
  };
  useEffect(() => stop, []);
  return (on: boolean) => {
    if (!on || !mine) return stop();
    clearTimeout(idle.current);
    idle.current = setTimeout(stop, kIdleMs);
    if (Date.now() - told.current < kAgainMs) return;
    told.current = Date.now();
    tellTyping(addressOf(c), true);
  };
}
