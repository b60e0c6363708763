import { setUp } from '../store/session';
import { setState } from '../store/store';
import { t } from '../texts';
import { Field } from '../ui/field';
import { Door, Problem, useSubmit } from './frame';

export const kMinPassword = 10;

/** The first administrator, by the link that the server printed at its first start. */
export function Setup() {
  const { busy, error, onSubmit } = useSubmit(
    (form) =>
      setUp(
        String(form.get('login')).trim().toLowerCase(),
        String(form.get('name')).trim(),
        String(form.get('password')),
      ),
    { forbidden: 'bad_setup' },
  );
  return (
    <Door title={t('setup')} lead={t('setup_lead')}>
      <form onSubmit={onSubmit}>
        <Field
          label={t('your_name')}
          name="name"
          hint={t('name_hint')}
          autocomplete="name"
          maxlength={64}
          required
          autofocus
        />
        <Field
          label={t('login')}
          name="login"
          autocomplete="username"
          autocapitalize="none"
          spellcheck={false}
          maxlength={64}
          required
        />
        <Field
          label={t('password')}
          name="password"
          type="password"
          hint={t('password_hint')}
          autocomplete="new-password"
          minlength={kMinPassword}
          maxlength={256}
          required
        />
        <Problem text={error} />
        <button class="primary" disabled={busy}>
          {t('create_account')}
        </button>
        <button type="button" class="quiet" onClick={() => setState({ stage: 'login', secret: '' })}>
          {t('have_account')}
        </button>
      </form>
    </Door>
  );
}
