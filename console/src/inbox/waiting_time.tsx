import { t } from '../texts';
import { elapsed, useNow } from '../ui/time';

const kLongMs = 60_000;
const kTooLongMs = 180_000;

/** A clock that runs since `since`, and gets more urgent. */
export function WaitingTime({ since }: { since: number }) {
  const waited = useNow(1000) - since;
  const urgency = waited >= kTooLongMs ? 'high' : waited >= kLongMs ? 'raised' : 'low';
  return (
    <span class="waiting-time" data-urgency={urgency} title={t('waits_since')}>
      {elapsed(waited)}
    </span>
  );
}
