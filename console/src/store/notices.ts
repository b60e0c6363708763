// Short news that go by themselves.

import type { Notice } from './state';
import { getState, setState } from './store';

const kShownMs = 6000;
const kMaxNotices = 4;
let last = 0;

export function notify(text: string, kind: Notice['kind'] = 'info') {
  const id = ++last;
  setState({ notices: [...getState().notices, { id, text, kind }].slice(-kMaxNotices) });
  setTimeout(() => dismissNotice(id), kShownMs);
}

export const dismissNotice = (id: number) =>
  setState({ notices: getState().notices.filter((notice) => notice.id !== id) });
