import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { ApiError } from '../protocol/api';
import { t, type TextKey } from '../texts';

/** The page of who is not signed in. */
export function Door({ title, lead, children }: { title: string; lead?: string; children?: ComponentChildren }) {
  return (
    <main class="door">
      <div class="door-card">
        <p class="brand">
          <img src="/console/icon.svg" alt="" width="28" height="28" />
          Beckon
        </p>
        <h1>{title}</h1>
        {lead && <p class="lead">{lead}</p>}
        {children}
      </div>
    </main>
  );
}

/** A form's submission: whether it is on its way, what went wrong, and the handler. */
export function useSubmit(send: (form: FormData) => Promise<void>, own: Record<string, TextKey> = {}) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const onSubmit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setError('');
    try {
      await send(new FormData(event.target as HTMLFormElement));
    } catch (problem) {
      setError(inWords(problem, own));
    }
    setBusy(false);
  };
  return { busy, error, onSubmit };
}

/** What any of them may be answered. */
const kEverywhere: Record<string, TextKey> = { signed_out: 'session_over', unavailable: 'unavailable' };

function inWords(problem: unknown, own: Record<string, TextKey>): string {
  if (!(problem instanceof ApiError)) throw problem;
  const key = own[problem.code] ?? kEverywhere[problem.code];
  if (key) return t(key);
  if (problem.status === 0) return t('unreachable');
  if (problem.status === 429) return t('too_many_tries', { n: Math.max(1, Math.ceil(problem.retryAfter / 60)) });
  return problem.message || t('refused', { why: problem.code });
}

export function Problem({ text }: { text: string }) {
  return (
    <p class="problem" role="alert">
      {text}
    </p>
  );
}
