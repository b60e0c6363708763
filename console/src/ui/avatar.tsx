import type { Presence } from '../protocol/wire';
import { plainLabel } from './plain';

const kTints = 6;

/** The initials of a name on a tint of its own; with `state`, a dot that tells it. */
export function Avatar({ name, seed = name, state }: { name: string; seed?: string; state?: Presence | undefined }) {
  let hash = 0;
  for (const character of seed) hash = (hash * 31 + character.codePointAt(0)!) >>> 0;
  return (
    <span class="avatar" data-tint={hash % kTints} aria-hidden="true">
      <bdi>{initials(name)}</bdi>
      {state && <span class="dot" data-state={state} />}
    </span>
  );
}

function initials(name: string): string {
  const words = plainLabel(name)
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => word?.match(/[\p{L}\p{N}]/u)?.[0] ?? '',
  );
  return letters.join('').toUpperCase() || '·';
}
