import type { Conversation } from '../protocol/wire';
import { place } from '../store/state';
import { getState, setState, useStore } from '../store/store';
import { t } from '../texts';
import { Icon } from '../ui/icons';
import { plainLabel } from '../ui/plain';

/** Somebody else was quicker: said plainly, and what was written is still there. */
export function Conflict({ of: c }: { of: Conversation }) {
  const holder = useStore(({ conflicts }) => conflicts[place(c)]);
  if (!holder) return null;
  const dismiss = () => {
    const { [place(c)]: _, ...conflicts } = getState().conflicts;
    setState({ conflicts });
  };
  return (
    <div class="conflict" role="alert">
      <Icon name="warning" />
      <p>
        <strong>
          <bdi>{t('taken_by', { who: plainLabel(holder) })}</bdi>
        </strong>{' '}
        {t('taken_text')}
      </p>
      <button type="button" class="quiet square" aria-label={t('dismiss')} onClick={dismiss}>
        <Icon name="close" />
      </button>
    </div>
  );
}
