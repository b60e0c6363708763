import { setPresence } from '../store/actions';
import { self } from '../store/select';
import { useStore } from '../store/store';
import { t } from '../texts';

/** Online or away: a switch that also tells how many chats one has of how many. */
export function PresenceSwitch() {
  const me = useStore(self);
  const wanted = useStore((state) => state.wanted);
  const offline = useStore(({ status }) => status.state !== 'open');
  const state = offline ? 'offline' : (me?.state ?? 'offline');
  const byItself = !offline && state === 'away' && wanted === 'online';
  return (
    <div class="presence">
      <button
        type="button"
        role="switch"
        class="presence-switch"
        aria-checked={state === 'online'}
        aria-label={t('presence_label')}
        title={t(byItself ? 'auto_away' : 'presence_label')}
        disabled={offline}
        onClick={() => void setPresence(state === 'online' ? 'away' : 'online')}
      >
        <span class="dot" data-state={state} />
        {t(byItself ? 'away_by_itself' : offline ? 'not_connected' : state)}
      </button>
      {me && (
        <span class="load" title={t('capacity_label')}>
          {me.chats}/{me.capacity}
        </span>
      )}
    </div>
  );
}
