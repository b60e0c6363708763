import { dismissNotice } from '../store/notices';
import { useStore } from '../store/store';
import { t } from '../texts';
import { Icon } from '../ui/icons';

export function Notices() {
  const notices = useStore((state) => state.notices);
  return (
    <ul class="notices" aria-live="polite" aria-label={t('notices')}>
      {notices.map(({ id, text, kind }) => (
        <li key={id} data-kind={kind}>
          <bdi>{text}</bdi>
          <button type="button" class="quiet square" aria-label={t('dismiss')} onClick={() => dismissNotice(id)}>
            <Icon name="close" />
          </button>
        </li>
      ))}
    </ul>
  );
}

/** What screen readers are told: new messages and visitors. */
export function Spoken() {
  const spoken = useStore((state) => state.spoken);
  return (
    <p class="unseen" role="log" aria-live="polite">
      {spoken}
    </p>
  );
}
