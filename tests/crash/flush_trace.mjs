// Looks at the server's system calls while a visitor talks: each message must be in the database's log, and the log flushed to
// the disk, before its acknowledgement is sent.
//
// usage: node tests/crash/flush_trace.mjs      needs strace; last line "N passed, N failed"
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Beckon, until } from '../browser/support/beckon.mjs';
import { fault, parse } from './calls.mjs';
import { Visitor } from './visitor.mjs';

const kMessages = 8; // the server takes 10 at once
const kCalls = 'pwrite64,fdatasync,fsync,sendmsg,sendto,writev,write';
/** As much of what is written as holds a page of the log. */
const kShownBytes = 4200;

/** Starts strace on a process; resolves when every thread is watched. */
async function trace(pid, file) {
  const tracer = spawn('strace', ['-f', '-y', '-s', String(kShownBytes), '-e', `trace=${kCalls}`, '-o', file, '-p', String(pid)]);
  tracer.said = '';
  tracer.stderr.on('data', (text) => (tracer.said += text));
  tracer.exited = new Promise((resolve, reject) => tracer.once('exit', resolve).once('error', reject));
  const attached = await until(() => /attached/.test(tracer.said), 10_000);
  if (!attached) throw new Error('strace does not watch: ' + tracer.said);
  return tracer;
}

const folder = mkdtempSync(join(tmpdir(), 'beckon-trace-'));
const beckon = await Beckon.start();
const faults = [];
try {
  const file = join(folder, 'calls');
  const tracer = await trace(beckon.process.pid, file);
  const visitor = new Visitor(beckon);
  await visitor.connect();
  const said = [];
  for (let n = 1; n <= kMessages; ++n) {
    const words = `a sentence for the trace, number ${n}.`;
    await visitor.say(words);
    said.push([words, visitor.lastId]);
  }
  visitor.close();
  tracer.kill('SIGINT');
  await tracer.exited;
  const calls = parse(readFileSync(file, 'utf8'));
  for (const [words, id] of said) faults.push(fault(calls, words, id));
} finally {
  await beckon.end();
  rmSync(folder, { recursive: true, force: true });
}
const failed = faults.filter(Boolean);
for (const each of failed) console.log(each);
console.log(`${faults.length - failed.length} passed, ${failed.length} failed`);
process.exitCode = failed.length || !faults.length ? 1 : 0;
