import { api } from '../protocol/api';
import { openDialog } from '../store/navigation';
import { notify } from '../store/notices';
import { t } from '../texts';
import { Dialog } from '../ui/dialog';
import { Field } from '../ui/field';
import { Problem, useSubmit } from './frame';
import { kMinPassword } from './setup';

export function PasswordDialog() {
  const close = () => openDialog(undefined);
  const { busy, error, onSubmit } = useSubmit(
    async (form) => {
      await api.password(String(form.get('old')), String(form.get('new')));
      notify(t('password_changed'));
      close();
    },
    { bad_login: 'bad_password' },
  );
  return (
    <Dialog title={t('change_password')} onClose={close}>
      <form onSubmit={onSubmit}>
        <p class="lead">{t('password_lead')}</p>
        <Field label={t('old_password')} name="old" type="password" autocomplete="current-password" required />
        <Field
          label={t('new_password')}
          name="new"
          type="password"
          hint={t('password_hint')}
          autocomplete="new-password"
          minlength={kMinPassword}
          maxlength={256}
          required
        />
        <Problem text={error} />
        <footer>
          <button type="button" onClick={close}>
            {t('cancel')}
          </button>
          <button class="primary" disabled={busy}>
            {t('change_password')}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}
