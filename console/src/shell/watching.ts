// What the browser tells: somebody is there, the network comes and goes, the page is back from the cache.

import { tellActivity } from '../store/actions';
import { retryNow, wentOffline } from '../store/desk';
import { go } from '../store/navigation';
import { current, isMine } from '../store/select';
import { stillSignedIn } from '../store/session';
import { getState, watchState } from '../store/store';

const kActivityMs = 30_000;
/** Each use of the session moves its end; a connection alone is none. */
const kSessionMs = 10 * 60_000;

export function startWatching() {
  let told = 0;
  let asked = Date.now();
  const active = () => {
    if (Date.now() - asked >= kSessionMs && getState().stage === 'desk') {
      asked = Date.now();
      void stillSignedIn();
    }
    if (getState().status.state !== 'open' || Date.now() - told < kActivityMs) return;
    told = Date.now();
    tellActivity();
  };
  for (const name of ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart']) {
    addEventListener(name, active, { passive: true });
  }
  addEventListener('online', retryNow);
  addEventListener('offline', wentOffline);
  addEventListener('pageshow', ({ persisted }) => persisted && retryNow());
  document.addEventListener('visibilitychange', () => !document.hidden && retryNow());
  watchState(followTaken);
}

/** A conversation that was open among those that wait, and is now one's own, is found among one's own. */
function followTaken() {
  const state = getState();
  const c = current(state);
  if (c && state.route.folder === 'waiting' && isMine(state, c)) go({ ...state.route, folder: 'mine' }, 'replace');
}
