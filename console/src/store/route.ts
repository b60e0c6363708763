// Where the operator is, as the address bar has it: /console/FOLDER[/SITE/ID[/details]].

export const kFolders = ['waiting', 'mine', 'all', 'tasks'] as const;
export type Folder = (typeof kFolders)[number];

export interface Route {
  folder: Folder | 'operators';
  /** The conversation or, in `tasks`, the task that is open. */
  site?: string;
  id?: string;
  details?: boolean;
}

const known = (name: string | undefined): name is Route['folder'] =>
  name === 'operators' || kFolders.some((folder) => folder === name);

export function parseRoute(path: string): Route {
  const [, , folder, site, id, details] = path.split('/').map(decoded);
  const at: Route = { folder: known(folder) ? folder : 'waiting' };
  return site && id && at.folder !== 'operators' ? { ...at, site, id, details: details === 'details' } : at;
}

export function pathOf({ folder, site, id, details }: Route): string {
  const parts = ['', 'console', folder, ...(site && id ? [site, id, ...(details ? ['details'] : [])] : [])];
  return parts.map(encodeURIComponent).join('/');
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
