// The lines of the system, in words.

import type { Message } from '../protocol/wire';
import { t } from '../texts';
import { plainLabel } from '../ui/plain';

export function eventText({ event, text, ...message }: Message): string {
  const name = plainLabel(message.name);
  const by = plainLabel(message.by);
  switch (event) {
    case 'joined':
      return t('event_joined', { name });
    case 'transferred':
      return by ? t('event_transferred_by', { name, by }) : t('event_transferred', { name });
    case 'reopened':
      return t('event_reopened');
    case 'unanswered':
      return name ? t('event_unanswered_by', { name }) : t('event_unanswered');
    case 'closed':
      if (by === 'quiet') return t('event_quiet');
      if (by === 'visitor') return t('event_closed_visitor');
      return by || name ? t('event_closed_by', { name: by || name }) : t('event_closed');
    default:
      return plainLabel(text);
  }
}
