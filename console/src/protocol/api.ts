// The console's HTTP side: sessions, passwords, operators, files.

import type { FileInfo, Me, OperatorRecord } from './wire';

const kApi = '/console/api/';

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Of 429: seconds. */
    readonly retryAfter = 0,
  ) {
    super(message);
  }
}

async function call<T>(path: string, init: RequestInit = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(kApi + path, { credentials: 'same-origin', cache: 'no-store', ...init });
  } catch {
    throw new ApiError(0, 'unreachable', '');
  }
  const body = response.status === 204 ? {} : await response.json().catch(() => ({}));
  if (response.ok) return body as T;
  const { code = `http_${response.status}`, message = '' } = body.error ?? {};
  throw new ApiError(response.status, code, message, Number(response.headers.get('retry-after')) || 0);
}

const post = <T>(path: string, body: object) =>
  call<T>(path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

export type NewOperator = Omit<OperatorRecord, 'id'> & { password: string };
export type OperatorChange = Partial<NewOperator>;

export const api = {
  /** Undefined: nobody is signed in. */
  async session(): Promise<Me | undefined> {
    try {
      return (await call<{ operator: Me }>('session')).operator;
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return undefined;
      throw error;
    }
  },
  login: (login: string, password: string) => post<{ operator: Me }>('login', { login, password }),
  setup: (body: { secret: string; login: string; name: string; password: string }) =>
    post<{ operator: Me }>('setup', body),
  logout: () => post('logout', {}),
  password: (old: string, fresh: string) => post('password', { old, new: fresh }),
  operators: async () => (await call<{ operators: OperatorRecord[] }>('operators')).operators,
  addOperator: (operator: NewOperator) => post('operators', operator),
  changeOperator: (id: string, change: OperatorChange) => post(`operators/${encodeURIComponent(id)}`, change),
};

/** Sends a file, telling how much of it has gone: 0 to 1. */
export function upload(site: string, file: File, progress: (part: number) => void): Promise<FileInfo> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${kApi}files?${new URLSearchParams({ site, name: file.name || 'picture.png' })}`);
    request.upload.onprogress = ({ loaded, total }) => progress(total ? loaded / total : 0);
    request.onerror = () => reject(new ApiError(0, 'unreachable', ''));
    request.onload = () => {
      const body = parsed(request.responseText);
      if (request.status === 200 || request.status === 201) {
        const { file: id, ...rest } = body as FileInfo & { file: string };
        resolve({ ...rest, id });
      } else {
        reject(new ApiError(request.status, body.error?.code ?? 'failed', body.error?.message ?? ''));
      }
    };
    request.send(file);
  });
}

function parsed(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
