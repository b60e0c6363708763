// The judge of the trace: it must see what is wrong, else it could not say that all is well.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fault, parse } from './calls.mjs';

const kWrite = '7 pwrite64(9</d/beckon.db-wal>, "\\0page Hello there\\0", 4096, 32) = 4096';
const kFlush = '7 fdatasync(9</d/beckon.db-wal>) = 0';
const kAcknowledge = '8 sendmsg(20<socket:[1]>, {msg_iov=[{iov_base="\\201\\23{\\"type\\":\\"ack\\",\\"id\\":3}", iov_len=21}]}, 0) = 21';
const judge = (...lines) => fault(parse(lines.join('\n')), 'Hello there', 3);

test('written, flushed, acknowledged: well', () => assert.equal(judge(kWrite, kFlush, kAcknowledge), undefined));
test('acknowledged before the flush', () => assert.match(judge(kWrite, kAcknowledge, kFlush), /before the flush/));
test('a flush of before does not count', () => assert.match(judge(kFlush, kWrite, kAcknowledge), /before the flush/));
test('a flush that failed does not count', () =>
  assert.match(judge(kWrite, kFlush.replace('= 0', '= -1 EIO'), kAcknowledge), /before the flush/));
test('a flush of another file does not count', () =>
  assert.match(judge(kWrite, kFlush.replace('beckon.db-wal', 'beckon.db'), kAcknowledge), /before the flush/));
test('a flush that is not over when it is acknowledged does not count', () =>
  assert.match(
    judge(kWrite, '7 fdatasync(9</d/beckon.db-wal> <unfinished ...>', kAcknowledge, '7 <... fdatasync resumed>) = 0'),
    /before the flush/,
  ));
test('a flush between whose ends other calls stand', () =>
  assert.equal(
    judge(kWrite, '7 fdatasync(9</d/beckon.db-wal> <unfinished ...>', '8 write(1, "x", 1) = 1', '7 <... fdatasync resumed>) = 0', kAcknowledge),
    undefined,
  ));
test('never written, or never acknowledged', () => {
  assert.match(judge(kFlush, kAcknowledge), /not seen in the log/);
  assert.match(judge(kWrite, kFlush), /no acknowledgement/);
});
