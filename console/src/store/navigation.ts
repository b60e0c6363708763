// Moving about: the address bar, the history, and the dialogs above.

import { follow } from './desk';
import { parseRoute, pathOf, type Folder, type Route } from './route';
import type { Dialog } from './state';
import { getState, setState } from './store';

export function go(route: Route, how: 'push' | 'replace' = 'push') {
  const path = pathOf(route);
  if (path !== location.pathname) history[how === 'push' ? 'pushState' : 'replaceState'](null, '', path);
  arrive(route);
}

function arrive(route: Route) {
  setState({ route });
  follow();
}

export const openFolder = (folder: Folder | 'operators') => go({ folder });

let wantsFocus: 'composer' | 'title' = 'composer';

/** What gets the focus in the conversation that opens now: who looks through the list goes on with single keys. */
export function takeFocus(): typeof wantsFocus {
  const wanted = wantsFocus;
  wantsFocus = 'composer';
  return wanted;
}

export function openItem(site: string, id: string, focus: typeof wantsFocus = 'composer') {
  wantsFocus = focus;
  const { folder, details } = getState().route;
  go({ folder, site, id, details: wide() && !!details });
}

export function openConversation(site: string, id: string) {
  go({ folder: 'all', site, id });
}

/** On a phone: from the details to the conversation, from there to the list. */
export function back() {
  const { details, ...route } = getState().route;
  go(details ? route : { folder: route.folder });
}

export function toggleDetails() {
  const { route } = getState();
  go({ ...route, details: !route.details }, wide() ? 'replace' : 'push');
}

export const openDialog = (dialog: Dialog | undefined) => setState({ dialog });

/** Whether list and conversation are side by side. */
export const wide = () => matchMedia('(min-width: 760px)').matches;

export function startNavigation() {
  addEventListener('popstate', () => arrive(parseRoute(location.pathname)));
}
