export const kFirstDelayMs = 1000;
export const kMaxDelayMs = 30_000;

/**
 * How long to wait before attempt number `attempt` (0 is the first) of coming back: anything up to a bound that doubles
 * from 1 s to 30 s. `random` is in [0, 1). Full jitter, so that visitors thrown out together do not come back together.
 */
export function backoff(attempt: number, random: number): number {
  return random * Math.min(kMaxDelayMs, kFirstDelayMs * 2 ** Math.min(attempt, 5));
}
