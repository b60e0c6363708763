import { Icon, type IconName } from './icons';

/** Nothing to show, said kindly. */
export function Empty({ icon, title, text }: { icon: IconName; title: string; text?: string }) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <p class="empty-title">{title}</p>
      {text && <p>{text}</p>}
    </div>
  );
}
