import type { Conversation } from '../protocol/wire';
import { place } from '../store/state';
import { useStore } from '../store/store';
import { t } from '../texts';
import { useNow } from '../ui/time';

/** Without being told again, somebody who types is taken to have stopped. */
const kTypingMs = 7000;

export function Typing({ of: c, name }: { of: Conversation; name: string }) {
  const typing = useStore(({ threads }) => threads[place(c)]?.typing);
  const now = useNow(1000);
  return (
    <p class="typing" aria-live="off">
      {typing && now - typing.at < kTypingMs && (
        <>
          <span class="dots" aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <bdi>{t('types', { name })}</bdi>
        </>
      )}
    </p>
  );
}
