import { signIn } from '../store/session';
import { useStore } from '../store/store';
import { t } from '../texts';
import { Field } from '../ui/field';
import { Door, Problem, useSubmit } from './frame';

export function Login() {
  const ended = useStore((state) => state.ended);
  const { busy, error, onSubmit } = useSubmit(
    (form) => signIn(String(form.get('login')).trim().toLowerCase(), String(form.get('password'))),
    { bad_login: 'bad_login' },
  );
  return (
    <Door title={t('sign_in')} lead={t(ended ? 'session_over' : 'sign_in_lead')}>
      <form onSubmit={onSubmit}>
        <Field
          label={t('login')}
          name="login"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          required
          autofocus
        />
        <Field label={t('password')} name="password" type="password" autocomplete="current-password" required />
        <Problem text={error} />
        <button class="primary" disabled={busy}>
          {t(busy ? 'signing_in' : 'sign_in')}
        </button>
      </form>
    </Door>
  );
}
