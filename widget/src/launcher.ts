// The way into the chat: a button that counts what is unread, and the panel behind it, whose script comes from the
// server when it is first needed.

import type { Config } from './config';
import type { Connection } from './connection';
import { icon, make, safeAddress } from './dom';
import type { Identity } from './identity';
import { kTalk } from './offer_view';
import type { Stage } from './stage';
import type { Texts } from './texts';
import type { ChatState, Incoming } from './wire';

/** Path of the panel's script, put here by the build. */
declare const CHAT_SCRIPT: string;

interface Surroundings {
  connection: Connection;
  identity: Identity;
  stage: Stage;
  config: Config;
  speak(): { texts: Texts; language: string; side: string };
}

/** What the panel needs from around it. */
export interface PanelHost extends Surroundings {
  make: typeof make;
  icon: typeof icon;
  safeAddress: typeof safeAddress;
  /** The panel has closed itself. */
  panelClosed(): void;
}

export interface Panel {
  /** Opens it, perhaps about an invitation that was accepted, with the words that accepted it, and with its own. */
  open(offer?: string, reply?: string, said?: string): void;
  receive(frame: Incoming): void;
  /** Welcomed with the chat in this state; undefined: the connection is gone. */
  connected(state?: ChatState): void;
  close(): void;
  /** The highest message that has come, without a gap before it; undefined: it was not opened. */
  last(): number | undefined;
}

export interface Launcher {
  /** The chat as a welcome tells it; undefined: the site has none. */
  welcome(state?: ChatState): void;
  lost(): void;
  receive(frame: Incoming): void;
  last(): number | undefined;
  /** False where there is no chat to open. */
  open(offer?: string, reply?: string, said?: string): boolean;
}

export function createLauncher(around: Surroundings): Launcher {
  const { identity, stage, speak, config } = around;
  const badge = make('span', {});
  const button = make('button', { class: 'launcher', 'data-beckon': 'launcher' }, icon(kTalk), badge);
  let state: ChatState | undefined;
  let panel: Panel | undefined;
  let opened = false;

  const show = () => {
    const { launcher, unread, desk, state: talk } = state || {};
    const under = talk === 'waiting' || talk === 'assigned';
    const wanted = unread || under || launcher === 'always' || (launcher === 'open' && desk!.state === 'open');
    button.hidden = !opened && !wanted;
    button.ariaExpanded = String(opened);
    badge.textContent = unread ? String(unread) : '';
    button.ariaLabel = speak().texts.chat + (unread ? ` (${unread})` : '');
  };
  const host: PanelHost = {
    ...around,
    make,
    icon,
    safeAddress,
    panelClosed() {
      opened = false;
      show();
      button.focus();
    },
  };
  const open = (offer?: string, reply?: string, said?: string) => {
    if (!state) return false;
    opened = true;
    show();
    import(config.server + CHAT_SCRIPT).then(
      ({ createPanel }) => {
        if (!panel) {
          panel = createPanel(host) as Panel;
          panel.connected(state);
        }
        panel.open(offer, reply, said);
      },
      () => {
        host.panelClosed();
        stage.announce(speak().texts.failed);
      },
    );
    return true;
  };
  button.onclick = () => (opened ? panel?.close() : open());

  return {
    welcome(news) {
      state = news;
      button.classList.toggle('left', speak().side === 'left');
      if (state) stage.mount(button);
      show();
      panel?.connected(state);
      // Open on the page before, or with words that have not left yet.
      if (!opened && identity.note()) open();
    },
    lost: () => panel?.connected(),
    receive(frame) {
      if (frame.type === 'chat' && state) {
        const { launcher, form, uploads } = state;
        state = { ...(frame as unknown as ChatState), launcher, form, uploads };
        show();
        panel?.connected(state);
      }
      panel?.receive(frame);
    },
    last: () => panel?.last(),
    open,
  };
}
