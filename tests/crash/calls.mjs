// System calls as strace writes them down, and what they say of a message: is it on the disk before it is acknowledged?

/** The calls in the order in which they ended, "unfinished" ones put together with their ends; {began, ended} are line numbers. */
export function parse(text) {
  const open = new Map();
  const calls = [];
  text.split('\n').forEach((line, at) => {
    const [, thread, rest] = /^(\d+)\s+(.*)$/.exec(line) || [];
    if (!rest) return;
    if (rest.endsWith('<unfinished ...>')) {
      open.set(thread, { began: at, text: rest });
    } else if (rest.startsWith('<...')) {
      const call = open.get(thread);
      if (call) calls.push({ ...call, text: call.text + rest, ended: at });
      open.delete(thread);
    } else {
      calls.push({ began: at, ended: at, text: rest });
    }
  });
  return calls;
}

/** What is wrong for the message with these words, acknowledged by frame `id`; undefined: nothing. */
export function fault(calls, words, id) {
  const acknowledged = calls.find(({ text }) => /^(sendmsg|sendto|writev|write)\(/.test(text) && text.includes(`{\\"type\\":\\"ack\\",\\"id\\":${id}}`));
  if (!acknowledged) return `no acknowledgement of "${words}" was seen`;
  const written = calls.find(({ text }) => /^pwrite64\(\d+<[^>]*-wal>/.test(text) && text.includes(words));
  if (!written) return `"${words}" was not seen in the log`;
  const flushed = calls.find(
    ({ text, began, ended }) => /^f(data)?sync\(\d+<[^>]*-wal>/.test(text) && /= 0$/.test(text) && began > written.ended && ended < acknowledged.began,
  );
  return flushed ? undefined : `"${words}" was acknowledged (line ${acknowledged.began + 1}) before the flush that follows its line ${written.ended + 1}`;
}
