import { useId, useState } from 'preact/hooks';
import type { InputHTMLAttributes } from 'preact';
import { t } from '../texts';

interface Properties extends InputHTMLAttributes<HTMLInputElement> {
  label: string;
  hint?: string | undefined;
}

/** A labelled input; a password can be looked at. */
export function Field({ label, hint, type = 'text', ...rest }: Properties) {
  const id = useId();
  const [shown, setShown] = useState(false);
  const secret = type === 'password';
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="input">
        <input
          id={id}
          type={secret && shown ? 'text' : type}
          aria-describedby={hint ? id + 'h' : undefined}
          {...rest}
        />
        {secret && (
          <button type="button" class="quiet" aria-pressed={shown} onClick={() => setShown(!shown)}>
            {t(shown ? 'hide' : 'show')}
          </button>
        )}
      </div>
      {hint && (
        <p class="hint" id={id + 'h'}>
          {hint}
        </p>
      )}
    </div>
  );
}
