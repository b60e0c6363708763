import type { Conversation } from '../protocol/wire';
import { close, take } from '../store/actions';
import { back, openDialog, toggleDetails } from '../store/navigation';
import { isMine } from '../store/select';
import { useStore } from '../store/store';
import { t } from '../texts';
import { Icon } from '../ui/icons';
import { plainLabel } from '../ui/plain';
import { visitorName } from '../visitor/name';
import { WaitingTime } from '../inbox/waiting_time';

/** Whose conversation it is, how it stands, and what can be done with it. */
export function Header({ of: c }: { of: Conversation }) {
  const mine = useStore((state) => isMine(state, c));
  const details = useStore((state) => !!state.route.details);
  return (
    <header class="pane-header">
      <button type="button" class="quiet square narrow-only" aria-label={t('back')} onClick={back}>
        <Icon name="back" />
      </button>
      <div class="who">
        <h2 id="conversation-title" tabIndex={-1}>
          <bdi>{visitorName(c)}</bdi>
        </h2>
        <p class="standing">
          <span class="dot" data-state={c.online ? 'online' : 'offline'} />
          {t(c.online ? 'visitor_online' : 'visitor_gone')}
          <span aria-hidden="true"> · </span>
          <Standing of={c} mine={mine} />
        </p>
      </div>
      {c.state === 'waiting' && (
        <button type="button" class="primary" onClick={() => void take(c)}>
          {t('take')}
        </button>
      )}
      {c.state === 'closed' && (
        <button type="button" onClick={() => void take(c)}>
          {t('reopen')}
        </button>
      )}
      {(mine || c.state === 'waiting') && (
        <>
          <button type="button" class="collapses" title={t('transfer')} onClick={() => openDialog('transfer')}>
            <Icon name="transfer" />
            <span>{t('transfer')}</span>
          </button>
          <button type="button" class="collapses" title={t('close')} onClick={() => void close(c)}>
            <Icon name="check" />
            <span>{t('close')}</span>
          </button>
        </>
      )}
      <button
        type="button"
        class="quiet square details-toggle"
        aria-pressed={details}
        aria-label={t('details')}
        title={t('details')}
        onClick={toggleDetails}
      >
        <Icon name="details" />
      </button>
    </header>
  );
}

function Standing({ of: c, mine }: { of: Conversation; mine: boolean }) {
  if (c.state === 'closed') return <>{t('closed')}</>;
  if (c.state === 'waiting') {
    return (
      <>
        {t('waiting')} <WaitingTime since={c.waiting_since} />
      </>
    );
  }
  return mine ? <>{t('with_you')}</> : <bdi>{t('with', { who: plainLabel(c.operator?.name) })}</bdi>;
}
