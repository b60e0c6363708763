// The one store: a value, who watches it, and a hook that renders a component when its part has changed.

import { useEffect, useReducer, useRef } from 'preact/hooks';
import { parseRoute } from './route';
import { initialState, type State } from './state';

let state = initialState(parseRoute(location.pathname));
const watchers = new Set<() => void>();

export const getState = () => state;

export function setState(change: Partial<State>) {
  state = { ...state, ...change };
  for (const watcher of [...watchers]) watcher();
}

export function watchState(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => void watchers.delete(watcher);
}

/** Renders again when what `select` gives is another value. */
export function useStore<T>(select: (state: State) => T): T {
  const [, render] = useReducer((n: number) => n + 1, 0);
  const selector = useRef(select);
  selector.current = select;
  const selected = select(state);
  const shown = useRef(selected);
  shown.current = selected;
  useEffect(() => {
    const check = () => {
      if (!Object.is(selector.current(state), shown.current)) render(0);
    };
    check();
    return watchState(check);
  }, []);
  return selected;
}
