// Pictures and files on their way up.

import type { Conversation } from '../protocol/wire';
import { ApiError, upload } from '../protocol/api';
import { say } from '../store/actions';
import { addressOf, place, type Upload } from '../store/state';
import { getState, setState, useStore } from '../store/store';
import { t, type TextKey } from '../texts';
import { Icon } from '../ui/icons';
import { plainLabel } from '../ui/plain';

const kMaxFileBytes = 5 * 1024 * 1024;
const kFailures: Record<number, TextKey> = {
  0: 'upload_offline',
  413: 'upload_large',
  415: 'upload_type',
  429: 'upload_many',
};
let last = 0;

const change = (id: number, fields: Partial<Upload>) =>
  setState({ uploads: getState().uploads.map((one) => (one.id === id ? { ...one, ...fields } : one)) });

const drop = (id: number) => setState({ uploads: getState().uploads.filter((one) => one.id !== id) });

async function start(c: Conversation, { id, file }: Upload) {
  change(id, { part: 0, failed: '' });
  if (file.size > kMaxFileBytes) return change(id, { failed: t('upload_large'), again: false });
  try {
    const info = await upload(c.site, file, (part) => change(id, { part }));
    drop(id);
    say(addressOf(c), { file: info });
  } catch (error) {
    const status = error instanceof ApiError ? error.status : -1;
    change(id, { failed: t(kFailures[status] ?? 'upload_failed'), again: ![413, 415].includes(status) });
  }
}

/** Whether this conversation takes files of this operator, and how. */
export function useUploads(c: Conversation) {
  const allowed = useStore(
    ({ sites, me }) =>
      !!sites.find(({ id }) => id === c.site)?.uploads &&
      (c.state === 'waiting' || (c.state === 'assigned' && c.operator?.id === me?.id)),
  );
  const add = (files: Iterable<File> | ArrayLike<File>) => {
    const fresh = Array.from(files).map((file): Upload => ({ id: ++last, place: place(c), file, part: 0 }));
    setState({ uploads: [...getState().uploads, ...fresh] });
    for (const one of fresh) void start(c, one);
  };
  return { allowed, add };
}

export function Attachments({ of: c }: { of: Conversation }) {
  const all = useStore((state) => state.uploads);
  const uploads = all.filter((one) => one.place === place(c));
  if (uploads.length === 0) return null;
  return (
    <ul class="uploads">
      {uploads.map((one) => (
        <li key={one.id} data-failed={one.failed ? '' : undefined}>
          <Icon name="file" />
          <bdi>{plainLabel(one.file.name)}</bdi>
          {one.failed ? (
            <>
              <span role="alert">{one.failed}</span>
              {one.again && (
                <button type="button" onClick={() => void start(c, one)}>
                  {t('retry')}
                </button>
              )}
              <button type="button" class="quiet square" aria-label={t('discard')} onClick={() => drop(one.id)}>
                <Icon name="close" />
              </button>
            </>
          ) : (
            <progress value={one.part} aria-label={t('uploading', { name: plainLabel(one.file.name) })} />
          )}
        </li>
      ))}
    </ul>
  );
}
