import type { Conversation } from '../protocol/wire';
import { openItem } from '../store/navigation';
import { isMine } from '../store/select';
import { place } from '../store/state';
import { getState, useStore } from '../store/store';
import { t } from '../texts';
import { Avatar } from '../ui/avatar';
import { Icon } from '../ui/icons';
import { plainLabel } from '../ui/plain';
import { fullTime, shortTime, useNow } from '../ui/time';
import { visitorName } from '../visitor/name';
import { WaitingTime } from './waiting_time';

/** A conversation in the list. */
export function Row({ of: c }: { of: Conversation }) {
  const here = useStore(({ route }) => route.site === c.site && route.id === c.id);
  const draft = useStore(({ drafts }) => drafts[place(c)]);
  const manySites = useStore(({ sites }) => sites.length > 1);
  const name = visitorName(c);
  const mine = useStore((state) => isMine(state, c));
  const unread = c.state !== 'closed' && !(here && mine && document.hasFocus()) ? c.unread : 0;
  return (
    <li>
      <button
        type="button"
        class="row"
        data-place={place(c)}
        aria-current={here ? 'true' : undefined}
        data-unread={unread > 0 ? '' : undefined}
        onClick={() => openItem(c.site, c.id)}
      >
        <Avatar name={name} seed={c.visitor} state={c.online ? 'online' : 'offline'} />
        <span class="row-name">
          <bdi>{name}</bdi>
        </span>
        <When of={c} />
        <Preview of={c} draft={draft} />
        {unread > 0 && (
          <span class="count" aria-label={t('unread', { n: unread })}>
            {unread > 99 ? '99+' : unread}
          </span>
        )}
        <span class="row-tags">
          <Holder of={c} />
          {c.rule && (
            <span class="tag" title={t('brought_by')}>
              <Icon name="rule" />
              <bdi>{plainLabel(c.rule)}</bdi>
            </span>
          )}
          {c.group && (
            <span class="tag">
              <bdi>{plainLabel(c.group)}</bdi>
            </span>
          )}
          {c.skill && (
            <span class="tag">
              <bdi>{plainLabel(c.skill)}</bdi>
            </span>
          )}
          {manySites && <span class="tag">{c.site}</span>}
        </span>
      </button>
    </li>
  );
}

function When({ of: c }: { of: Conversation }) {
  const now = useNow(60_000);
  if (c.state === 'waiting') return <WaitingTime since={c.waiting_since} />;
  return (
    <time class="row-time" dateTime={new Date(c.at).toISOString()} title={fullTime(c.at)}>
      {shortTime(c.at, now)}
    </time>
  );
}

function Preview({ of: c, draft }: { of: Conversation; draft: string | undefined }) {
  const from = c.preview_from === 'operator' ? (isMine(getState(), c) ? t('you') : c.operator?.name) : undefined;
  return (
    <span class="row-preview">
      {draft ? (
        <>
          <span class="draft-mark">{t('draft')}</span> <bdi>{plainLabel(draft)}</bdi>
        </>
      ) : (
        <>
          {from && <>{plainLabel(from)}: </>}
          <bdi>{plainLabel(c.preview) || t('no_preview')}</bdi>
        </>
      )}
    </span>
  );
}

function Holder({ of: c }: { of: Conversation }) {
  const mine = useStore((state) => isMine(state, c));
  const folder = useStore(({ route }) => route.folder);
  // In these folders it goes without saying.
  if ((folder === 'waiting' && c.state === 'waiting') || (folder === 'mine' && mine)) return null;
  if (c.state === 'closed') return <span class="tag">{t('closed')}</span>;
  if (c.state === 'waiting')
    return (
      <span class="tag" data-kind="waiting">
        {t('waiting')}
      </span>
    );
  return (
    <span class="tag" data-kind={mine ? 'mine' : undefined}>
      <bdi>{mine ? t('you') : plainLabel(c.operator?.name)}</bdi>
    </span>
  );
}
