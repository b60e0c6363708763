// The chat's panel: a labelled, non-modal dialog beside the page. Here what the server says, what the visitor does and
// what is on screen meet.

import type { Panel, PanelHost } from '../launcher';
import type { ChatState, Incoming } from '../wire';
import css from './chat.css';
import { createComposer } from './composer';
import { createFoot } from './foot';
import { createFrame } from './frame';
import { createLog } from './log';
import { createMessages, type FileInfo, type Message, type Unsent } from './messages';
import { createNotes } from './notes';
import { statusOf, subtitleOf } from './status';
import { upload, type UploadTrouble } from './upload';
import { wordsOf } from './words';

/** Somebody who is writing says so again within this. */
const kTypingMs = 6000;

interface ChatIncoming extends Incoming {
  messages?: Message[];
  /** There are more in the direction that was asked for. */
  more?: boolean;
  on?: boolean;
}

export function createPanel(host: PanelHost): Panel {
  const { connection, identity, stage, speak } = host;
  const words = () => wordsOf(speak().language, speak().texts);
  const messages = createMessages();
  const [notes, draft] = createNotes(identity, messages);
  let state: ChatState | undefined;
  let visitor = identity.visitor;
  let online = false;
  let asked = false; // this page has asked for the conversation
  let accepted: string | undefined; // the invitation that opened it, until something is said
  let invitation: string | undefined; // its words, which greet until they stand in the conversation
  let typist = '';
  let typingTimer: number | undefined;
  let seen = 0;
  let uploading = '';
  stage.style(css);

  // --- Saying

  const transmit = (unsent: Unsent) => {
    delete unsent.failed;
    const { key, text, file, offer } = unsent;
    const content = file ? { file: file.id } : { text };
    connection.frame({ type: 'say', key, ...content, offer, form: foot.form() }, (applied, code) => {
      // Without a code nobody has refused it: the page is about to go, and the next one says it again.
      if (!applied && code) unsent.failed = code === 'too_many' ? words().too_many : words().not_sent;
      draw();
    });
    draw('follow');
  };
  const say = (content: { text: string } | { file: FileInfo }) => {
    const unsent: Unsent = { key: newKey(), ...content };
    if (accepted) unsent.offer = accepted;
    accepted = undefined;
    messages.unsent.push(unsent);
    notes.keep();
    transmit(unsent);
  };
  const send = async (file: File) => {
    uploading = file.name;
    frame.trouble('');
    draw();
    try {
      const taken = await upload(file, host);
      say({ file: taken });
    } catch (why) {
      frame.trouble(words()[why as UploadTrouble]);
    }
    uploading = '';
    draw();
  };

  // --- On screen

  const close = () => {
    frame.element.hidden = true;
    notes.open(false);
    host.panelClosed();
  };
  const frame = createFrame(host, words, {
    close,
    end: () => connection.frame({ type: 'chat_close' }),
    callForm: () => foot.callForm(),
  });
  const log = createLog({
    host,
    words,
    language: () => speak().language,
    messages,
    read: () => state?.read || 0,
    retry: transmit,
    older: () => connection.frame({ type: 'history', before: messages.first() }),
  });
  frame.body.append(log.element);
  const talking = () => state?.state === 'waiting' || state?.state === 'assigned';
  const composer = createComposer({
    host,
    words,
    say: (text) => say({ text }),
    upload: send,
    typing: (on) => talking() && online && connection.frame({ type: 'typing', on }),
    changed: notes.draft,
  });
  composer.draft(draft);
  const foot = createFoot({ host, words, frame, composer, newKey });

  const draw = (follow?: 'follow') => {
    if (!state || frame.element.hidden) return;
    const empty = !messages.last() && !messages.unsent[0];
    frame.draw({
      state,
      subtitle: subtitleOf(state, words(), speak().language),
      status: statusOf(state, words(), { online, uploading, typist }),
      talking: talking(),
      greeting: empty ? invitation || words().greeting : '',
      call: online && state.state === 'waiting',
    });
    foot.draw(state, { talking: talking() || !!messages.unsent[0], empty });
    composer.refresh(!!state.uploads && !!identity.token);
    log.draw(follow);
    look();
  };

  /** Tells how far the visitor has got. */
  const look = () => {
    const last = messages.last();
    if (document.hidden || last <= seen || !online) return;
    seen = last;
    connection.frame({ type: 'seen', delivered: last, read: last });
  };
  document.addEventListener('visibilitychange', () => draw());

  const typing = (name: string) => {
    clearTimeout(typingTimer);
    typist = name;
    if (name) typingTimer = setTimeout(() => (typing(''), draw()), kTypingMs);
  };
  // Once the panel is there: what the page before could not get rid of.
  setTimeout(() => messages.unsent.forEach(transmit));

  return {
    open(offer, reply, said) {
      accepted = offer;
      invitation = said;
      stage.mount(frame.element);
      frame.place(speak().language, speak().side);
      frame.element.hidden = false;
      notes.open(true);
      if (offer || !asked) connection.frame({ type: 'chat_open', offer });
      asked = true;
      if (reply) say({ text: reply });
      draw('follow');
      foot.focus();
    },
    close,
    receive(incoming) {
      const came = incoming as ChatIncoming;
      if (came.type === 'typing') typing(came.on ? came.name || words().someone : '');
      if (came.type === 'messages') {
        if (came.messages!.some(({ from }) => from === 'operator')) typing('');
        const whole = messages.add(came.messages!);
        const newer = came.more && messages.last() < state!.last;
        if (!whole || newer) connection.frame({ type: 'history', after: messages.last() });
        notes.keep();
      }
      draw();
    },
    connected(news) {
      online = !!news;
      if (news?.state !== 'assigned') typing('');
      if (visitor !== identity.visitor) {
        // Somebody else, with a conversation of their own.
        visitor = identity.visitor;
        messages.clear();
        seen = 0;
        if (asked) connection.frame({ type: 'chat_open' });
      }
      if (news) state = news;
      draw();
    },
    last: () => (asked ? messages.last() : undefined),
  };
}

/** 32 random characters, of 5 bits and more. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(32)), (byte) => (byte % 36).toString(36)).join('');
}
