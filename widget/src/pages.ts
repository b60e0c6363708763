// Which page the tab shows, routes of single-page apps included: through the Navigation API where there is one, else by
// wrapping history.pushState and replaceState. A page is an address without its fragment: what changes only the
// fragment, or sets the address that is already there, is no new page.

import type { PageFacts } from './wire';

const kMaxUrlChars = 2048;
const kMaxTitleChars = 512;
/** Frameworks set the title a moment after the address; any other event of the page ends the wait. */
const kTitleSettlesMs = 60;

export interface Pages {
  current(): PageFacts;
  /** Reports a page whose title was still awaited. */
  settle(): void;
  /** The site says that a page begins, and what it is; what it does not say is taken from the document. */
  set(page?: Partial<PageFacts>): void;
  stop(): void;
}

/** `changing` is called when a page ends, before anything of the next; `opened` when the next is known. */
export function watchPages(changing: () => void, opened: (page: PageFacts) => void): Pages {
  let address = here();
  let referrer = document.referrer;
  let own: Partial<PageFacts> = {};
  let timer: number | undefined;

  const current = (): PageFacts => ({
    url: (own.url || address).slice(0, kMaxUrlChars),
    title: (own.title || document.title).slice(0, kMaxTitleChars),
    referrer: (own.referrer || referrer).slice(0, kMaxUrlChars),
  });

  const settle = () => {
    if (timer) opened(current());
    clearTimeout(timer);
    timer = 0;
  };

  const start = (page: Partial<PageFacts> = {}) => {
    settle();
    changing();
    referrer = own.url || address;
    address = here();
    own = page;
    timer = setTimeout(settle, kTitleSettlesMs);
  };

  return {
    current,
    settle,
    set: start,
    stop: watchAddress(() => here() !== address && start()),
  };
}

/** Calls `check` after each change of the address within this document; returns how to end that. */
function watchAddress(check: () => void): () => void {
  const navigation = (window as { navigation?: EventTarget }).navigation;
  const restore = navigation ? [] : [wrap('pushState', check), wrap('replaceState', check)];
  const [target, name] = navigation ? [navigation, 'currententrychange'] : [window, 'popstate'];
  target.addEventListener(name, check);
  return () => {
    target.removeEventListener(name, check);
    for (const undo of restore) undo();
  };
}

/** The original is put back only when nobody has wrapped it again since; otherwise the wrapper falls silent. */
function wrap(name: 'pushState' | 'replaceState', after: () => void): () => void {
  const inherited = !Object.hasOwn(history, name);
  const original = history[name];
  let listening = true;
  const wrapper = (history[name] = function (this: History, ...args) {
    original.apply(this, args);
    if (listening) after();
  });
  return () => {
    listening = false;
    if (history[name] !== wrapper) return;
    if (inherited) delete (history as Partial<History>)[name];
    else history[name] = original;
  };
}

function here(): string {
  return location.href.split('#', 1)[0]!;
}
