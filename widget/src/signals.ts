// What the visitor does with the page: looks at it or not, is active, scrolls, is about to leave.

import type { Event } from './wire';

const kActivityEveryMs = 5000;
const kScrollEveryMs = 1000;
/** A fling towards the top on a touch screen: this far, this fast, ending in the first screen. */
const kFlingPx = 300;
const kFlingPxPerMs = 1.2;
/** Scrolling later than this after a touch is not the finger's. */
const kTouchMs = 1500;

type Listen = (names: string, listener: (event: any) => void) => void;

/** Returns what to call when a new page begins: nothing of it has been scrolled, and nobody has tried to leave it. */
export function watchSignals(report: (event: Event, urgent?: 1) => void, listen: Listen): () => void {
  let deepest = 0;
  let leaving = false;

  const exit = () => {
    if (!leaving) report({ type: 'exit_intent' }, 1);
    leaving = true;
  };
  const depth = () => {
    const percent = scrolledPercent();
    if (percent > deepest) report({ type: 'scroll', percent: (deepest = percent) });
  };

  listen('visibilitychange', () => report({ type: document.hidden ? 'hidden' : 'visible' }, 1));
  listen(
    'pointerdown pointermove keydown scroll',
    throttle(kActivityEveryMs, () => report({ type: 'activity' })),
  );
  listen('scroll', throttle(kScrollEveryMs, depth));
  listen('mouseout', (event: MouseEvent) => {
    if (!event.relatedTarget && event.clientY <= 0 && matchMedia('(pointer:fine)').matches) exit();
  });
  watchFling(listen, exit);

  return () => {
    deepest = 0;
    leaving = false;
  };
}

/** `action` at once, then at most once in `every` ms; what came in between is made up for at the end. */
function throttle(every: number, action: () => void): () => void {
  let busy = false;
  let again = false;
  return function call() {
    again = busy;
    if (busy) return;
    busy = true;
    action();
    setTimeout(() => {
      busy = false;
      if (again) call();
    }, every);
  };
}

/** 0 at the top, 100 at the end; 0 where there is nothing to scroll. */
function scrolledPercent(): number {
  const { scrollHeight, clientHeight } = document.documentElement;
  return Math.min(100, Math.round((scrollY / (scrollHeight - clientHeight || Infinity)) * 100));
}

/** Touch screens have no pointer to leave with: a fast way up to the top is what precedes the address bar. */
function watchFling(listen: Listen, exit: () => void): void {
  let touchedAt = -kTouchMs;
  let turnedAt = 0;
  let turnedY = 0;
  let lastY = 0;
  listen('touchmove touchend', ({ timeStamp }) => (touchedAt = timeStamp));
  listen('scroll', ({ timeStamp }) => {
    if (scrollY >= lastY) {
      turnedAt = timeStamp;
      turnedY = scrollY;
    }
    lastY = scrollY;
    const way = turnedY - lastY;
    const fast = way >= kFlingPx && way >= kFlingPxPerMs * (timeStamp - turnedAt);
    if (fast && lastY <= innerHeight && timeStamp - touchedAt < kTouchMs) exit();
  });
}
