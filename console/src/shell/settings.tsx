import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { openDialog } from '../store/navigation';
import { keepSettings, type Settings } from '../store/settings';
import { getState, setState, useStore } from '../store/store';
import { t, type TextKey } from '../texts';
import { Dialog } from '../ui/dialog';
import { chime } from './sound';

function change(fields: Partial<Settings>) {
  const settings = { ...getState().settings, ...fields };
  keepSettings(settings);
  setState({ settings });
}

export function SettingsDialog() {
  const settings = useStore((state) => state.settings);
  const blocked = 'Notification' in window && Notification.permission === 'denied';
  const notify = async (on: boolean) => {
    const granted = on && 'Notification' in window && (await Notification.requestPermission()) === 'granted';
    change({ notify: granted });
  };
  return (
    <Dialog title={t('settings')} onClose={() => openDialog(undefined)}>
      <Choice
        name="theme"
        options={['system', 'light', 'dark']}
        value={settings.theme}
        onPick={(theme) => change({ theme })}
      />
      <Choice
        name="language"
        options={['auto', 'en', 'fr']}
        value={settings.language}
        onPick={(language) => change({ language })}
      />
      <Switch
        on={settings.sound}
        label={t('sound')}
        hint={t('sound_hint')}
        onChange={(sound) => (change({ sound }), sound && chime())}
      />
      <Switch
        on={settings.notify}
        label={t('notify')}
        hint={t(blocked ? 'notify_blocked' : 'notify_hint')}
        onChange={(on) => void notify(on)}
      />
      <Switch on={settings.keys} label={t('keys')} hint={t('keys_hint')} onChange={(keys) => change({ keys })} />
    </Dialog>
  );
}

interface ChoiceProperties<T extends string> {
  name: 'theme' | 'language';
  options: T[];
  value: T;
  onPick(value: T): void;
}

function Choice<T extends string>({ name, options, value, onPick }: ChoiceProperties<T>) {
  return (
    <fieldset class="segments">
      <legend>{t(name)}</legend>
      {options.map((option) => (
        <label key={option}>
          <input type="radio" name={name} checked={option === value} onChange={() => onPick(option)} />
          <span>{t(`${name}_${option}` as TextKey)}</span>
        </label>
      ))}
    </fieldset>
  );
}

interface SwitchProperties {
  on: boolean;
  label: string;
  hint: ComponentChildren;
  onChange(on: boolean): void;
}

function Switch({ on, label, hint, onChange }: SwitchProperties) {
  const id = useId();
  return (
    <div class="switch">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="checkbox"
        role="switch"
        checked={on}
        aria-describedby={id + 'h'}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <p class="hint" id={id + 'h'}>
        {hint}
      </p>
    </div>
  );
}
