import { kSignedOut } from '../protocol/connection';
import { retryNow } from '../store/desk';
import { useStore } from '../store/store';
import { t } from '../texts';
import { Icon } from '../ui/icons';
import { useNow } from '../ui/time';

/** Shown while there is no connection: when the next try is, and that nothing is lost. */
export function Banner() {
  const status = useStore((state) => state.status);
  const welcomed = useStore((state) => state.welcomed);
  const waiting = useStore(({ outbox }) => outbox.length);
  const now = useNow(500);
  if (status.state === 'open') return null;
  if (status.state === 'stopped') {
    return status.code === kSignedOut ? null : <Stopped why={status.reason || String(status.code)} />;
  }
  if (!welcomed && status.state === 'connecting' && status.attempt === 0) return null;
  const seconds = status.state === 'lost' ? Math.ceil((status.at - now) / 1000) : 0;
  return (
    <div class="banner">
      <Icon name="warning" />
      <p role="status">
        <strong>{t('disconnected')}</strong>{' '}
        {t(waiting === 0 ? 'disconnected_text' : waiting === 1 ? 'disconnected_one' : 'disconnected_many', {
          n: waiting,
        })}
      </p>
      <span class="hint">{seconds > 0 ? t('again_in', { n: seconds }) : t('connecting')}</span>
      <button type="button" disabled={status.state === 'connecting'} onClick={retryNow}>
        {t('try_now')}
      </button>
    </div>
  );
}

/** The server wants no more of this page: a fresh one may fare better. */
function Stopped({ why }: { why: string }) {
  return (
    <div class="banner">
      <Icon name="warning" />
      <p role="alert">
        <strong>{t('stopped', { why })}</strong> {t('stopped_text')}
      </p>
      <button type="button" onClick={() => location.reload()}>
        {t('load_again')}
      </button>
    </div>
  );
}
