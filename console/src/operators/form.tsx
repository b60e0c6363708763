import { api, type NewOperator } from '../protocol/api';
import type { OperatorRecord, Role } from '../protocol/wire';
import { Problem, useSubmit } from '../session/frame';
import { kMinPassword } from '../session/setup';
import { notify } from '../store/notices';
import { useStore } from '../store/store';
import { t } from '../texts';
import { Dialog } from '../ui/dialog';
import { Field } from '../ui/field';
import { plainLabel } from '../ui/plain';

const kMaxCapacity = 50;
const kDefaultCapacity = 4;

interface Properties {
  /** Undefined: a new one. */
  of: OperatorRecord | undefined;
  onClose(): void;
  onSaved(): void;
}

export function OperatorForm({ of: record, onClose, onSaved }: Properties) {
  const self = useStore((state) => state.me?.id) === record?.id;
  const { busy, error, onSubmit } = useSubmit(
    async (form) => {
      await save(record, form);
      notify(t('saved'));
      onSaved();
    },
    { conflict: 'login_taken' },
  );
  return (
    <Dialog title={record ? plainLabel(record.name) : t('add_operator')} onClose={onClose}>
      <form onSubmit={onSubmit} autocomplete="off">
        <div class="two">
          <Field label={t('name')} name="name" defaultValue={record?.name ?? ''} maxlength={64} required autofocus />
          <Field
            label={t('login')}
            name="login"
            defaultValue={record?.login ?? ''}
            disabled={!!record}
            maxlength={64}
            autocapitalize="none"
            spellcheck={false}
            required
          />
        </div>
        <div class="two">
          <div class="field">
            <label for="role">{t('role')}</label>
            <select id="role" name="role" disabled={self}>
              {(['operator', 'admin'] as const).map((role) => (
                <option value={role} selected={role === (record?.role ?? 'operator')}>
                  {t(role)}
                </option>
              ))}
            </select>
          </div>
          <Field
            label={t('capacity')}
            name="capacity"
            type="number"
            min={1}
            max={kMaxCapacity}
            defaultValue={String(record?.capacity ?? kDefaultCapacity)}
            required
          />
        </div>
        <Field label={t('groups')} name="groups" hint={t('list_hint')} defaultValue={record?.groups.join(', ') ?? ''} />
        <Field label={t('skills')} name="skills" hint={t('list_hint')} defaultValue={record?.skills.join(', ') ?? ''} />
        <Field label={t('sites')} name="sites" hint={t('sites_hint')} defaultValue={record?.sites.join(', ') ?? ''} />
        <Field
          label={t('picture_address')}
          name="picture"
          hint={t('picture_hint')}
          defaultValue={record?.picture ?? ''}
          spellcheck={false}
        />
        <Field
          label={t(record ? 'new_password' : 'password')}
          name="password"
          type="password"
          hint={t(record ? 'reset_hint' : 'password_hint')}
          autocomplete="new-password"
          minlength={kMinPassword}
          maxlength={256}
          required={!record}
        />
        {record && !self && (
          <label class="check">
            <input type="checkbox" name="disabled" defaultChecked={!!record.disabled} />
            <span>
              {t('disable')}
              <small>{t('disable_hint')}</small>
            </span>
          </label>
        )}
        <Problem text={error} />
        <footer>
          <button type="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button class="primary" disabled={busy}>
            {t('save')}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

const words = (value: FormDataEntryValue | null) =>
  String(value ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean);

async function save(record: OperatorRecord | undefined, form: FormData) {
  const text = (name: string) => String(form.get(name) ?? '').trim();
  const password = String(form.get('password') ?? '');
  const fields = {
    name: text('name'),
    ...(text('picture') !== (record?.picture ?? '') ? { picture: text('picture') } : {}),
    capacity: Number(text('capacity')),
    groups: words(form.get('groups')),
    skills: words(form.get('skills')),
    sites: words(form.get('sites')),
    ...(form.has('role') ? { role: text('role') as Role } : {}),
    ...(password ? { password } : {}),
  };
  if (!record) return void (await api.addOperator({ ...fields, login: text('login').toLowerCase() } as NewOperator));
  const disabled = form.has('role') ? { disabled: form.has('disabled') } : {};
  await api.changeOperator(record.id, { ...fields, ...disabled });
}
