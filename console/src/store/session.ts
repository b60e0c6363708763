// Who is signed in: from the first look to the last.

import { api, ApiError } from '../protocol/api';
import type { Me } from '../protocol/wire';
import { closeDesk, openDesk } from './desk';
import { getState, setState } from './store';

const kLookAgainMs = 5000;

/** The one-time secret is taken out of the address bar and the history before anything else happens. */
export function takeSecret(): string {
  const secret = /^#setup=(.+)$/.exec(location.hash)?.[1] ?? '';
  if (secret) history.replaceState(null, '', '/console/');
  return secret;
}

export async function begin(secret: string) {
  if (secret) return setState({ stage: 'setup', secret });
  try {
    const me = await api.session();
    if (me) enter(me);
    else setState({ stage: 'login' });
  } catch {
    setState({ stage: 'unreachable' });
    setTimeout(() => void begin(''), kLookAgainMs);
  }
}

function enter(me: Me) {
  setState({ me, secret: '', ended: false });
  openDesk({ stillSignedIn, sessionEnded });
}

export async function signIn(login: string, password: string) {
  enter((await api.login(login, password)).operator);
}

export async function setUp(login: string, name: string, password: string) {
  enter((await api.setup({ secret: getState().secret, login, name, password })).operator);
}

export async function signOut() {
  await api.logout().catch(() => {});
  closeDesk();
  setState({ stage: 'login', ended: false, me: undefined, dialog: undefined });
}

/** False when the session is over, and the login is shown; a server that does not answer says nothing about it. */
export async function stillSignedIn(): Promise<boolean> {
  try {
    if (await api.session()) return true;
  } catch (error) {
    return !(error instanceof ApiError && error.status === 403);
  }
  leave();
  return false;
}

/** The server ended the connection for good. A session with a new cookie (after a change of password) goes on. */
async function sessionEnded() {
  const me = await api.session().catch(() => undefined);
  if (me) enter(me);
  else leave();
}

function leave() {
  closeDesk();
  setState({ stage: 'login', ended: true, me: undefined, dialog: undefined });
}
