// What is worth an operator's attention: a visitor who begins to wait, a message in a chat of one's own. It is spoken
// to screen readers, and, as the settings say, heard and shown by the system.

import type { Conversation } from '../protocol/wire';
import type { Frame } from '../store/desk';
import { isMine } from '../store/select';
import { place, type State } from '../store/state';
import { setState } from '../store/store';
import { t } from '../texts';
import { plainLabel } from '../ui/plain';
import { visitorName } from '../visitor/name';
import { chime } from './sound';

export function newsOf(before: State, after: State, frame: Frame) {
  if (frame.type === 'task' && !frame.task.done && !before.tasks[place(frame.task)]) {
    return attention(after, t('news_task', { who: visitorName(frame.task) }), '', place(frame.task));
  }
  if (frame.type !== 'conversation') return;
  const c = frame.conversation;
  const was = before.conversations[place(c)];
  const who = visitorName(c);
  if (c.state === 'waiting' && was?.state !== 'waiting') {
    attention(after, t('news_waiting', { who }), plainLabel(c.preview), place(c));
  } else if (isMine(after, c) && was && !isMine(before, was)) {
    if (before.route.id !== c.id) attention(after, t('news_given', { who }), plainLabel(c.preview), place(c));
  } else if (isMine(after, c) && isNewWord(was, c)) {
    attention(after, t('news_message', { who }), plainLabel(c.preview), place(c));
  }
}

const isNewWord = (was: Conversation | undefined, c: Conversation) =>
  c.preview_from === 'visitor' && c.last > (was?.last ?? 0);

function attention({ settings }: State, title: string, body: string, tag: string) {
  setState({ spoken: body ? `${title}: ${body}` : title });
  if (settings.sound) chime();
  if (!settings.notify || document.hasFocus() || !('Notification' in window) || Notification.permission !== 'granted')
    return;
  const shown = new Notification(title, { body, tag, icon: '/console/icon.svg' });
  shown.onclick = () => {
    window.focus();
    shown.close();
  };
}
