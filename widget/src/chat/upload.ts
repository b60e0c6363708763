// A file on its way to the server. What it is, the server finds out by itself.

import type { PanelHost } from '../launcher';
import type { FileInfo } from './messages';

export const kMaxFileBytes = 5 * 1024 * 1024;

export type UploadTrouble = 'too_large' | 'bad_file' | 'failed';

/** The file as the server keeps it; rejects with an UploadTrouble. */
export async function upload(file: File, { config, identity }: PanelHost): Promise<FileInfo> {
  const trouble = (why: UploadTrouble) => Promise.reject(why);
  if (file.size > kMaxFileBytes) return trouble('too_large');
  const query = new URLSearchParams({ site: config.site, name: file.name.slice(0, 120) });
  const headers = { authorization: 'Bearer ' + identity.token };
  const response = await fetch(`${config.server}files?${query}`, {
    method: 'POST',
    headers,
    body: file,
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
  }).catch(() => undefined);
  if (response?.status === 413) return trouble('too_large');
  if (response?.status === 415) return trouble('bad_file');
  if (!response?.ok) return trouble('failed');
  const { file: id, ...rest } = await response.json();
  return { id, ...rest };
}
