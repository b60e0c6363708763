// The real server, as a person would start it: `beckon serve --demo` with a data directory of its own.
import { spawn, execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
const kReadyWithin = 15_000;
const kStopWithin = 5_000;  // what the server promises

export function binary() {
  const path = process.env.BECKON_BIN || join(root, 'build/release/server/cli/beckon');
  if (!existsSync(path)) throw new Error(`${path} is not there: build first (scripts/run --build-only), or set BECKON_BIN`);
  return path;
}

const freePort = () =>
  new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });

export class Beckon {
  // `folder`: where it is started. A demo that finds examples/shop/rules.json there takes its rules from it. `config`: what
  // beckon.json says, for a server without the demo.
  static async start({ folder = root, config } = {}) {
    const beckon = new Beckon();
    beckon.folder = folder;
    beckon.data = mkdtempSync(join(tmpdir(), 'beckon-browser-'));
    beckon.what = ['--demo'];
    if (config) {
      const file = join(beckon.data, 'beckon.json');
      writeFileSync(file, JSON.stringify(config));
      beckon.what = ['--config', file];
    }
    beckon.port = await freePort();
    beckon.url = `http://127.0.0.1:${beckon.port}`;
    await beckon.run();
    return beckon;
  }

  async run() {
    this.log = '';
    const serve = ['serve', ...this.what, '--listen', `127.0.0.1:${this.port}`, '--data', this.data];
    this.process = spawn(binary(), serve, { cwd: this.folder, stdio: ['ignore', 'pipe', 'pipe'] });
    this.exited = new Promise((resolve) => this.process.once('exit', (code, signal) => resolve(signal ?? code)));
    for (const stream of [this.process.stdout, this.process.stderr]) stream.on('data', (text) => (this.log += text));
    const ready = async () => (await fetch(`${this.url}/readyz`).catch(() => null))?.ok;
    if (!(await until(ready, kReadyWithin))) throw new Error(`the server is not ready:\n${this.log}`);
  }

  // Asks it to stop, as a service manager does; gives its exit code, or throws when it takes longer than it promises.
  async stop() {
    this.process.kill('SIGTERM');
    const late = new Promise((_, reject) => {
      setTimeout(() => reject(new Error(`still running ${kStopWithin} ms after SIGTERM:\n${this.log}`)), kStopWithin).unref();
    });
    return Promise.race([this.exited, late]);
  }

  async end() {
    if (this.process.exitCode === null && this.process.signalCode === null) {
      await this.stop().catch(() => this.process.kill('SIGKILL'));
      await this.exited;
    }
    rmSync(this.data, { recursive: true, force: true });
  }

  // `beckon report` as data, while the server runs.
  async report() {
    const { stdout } = await promisify(execFile)(binary(), ['report', '--data', this.data, '--format', 'json']);
    return JSON.parse(stdout);
  }
}

// Waits until `check` gives something true, and gives that; undefined after `within` milliseconds.
export async function until(check, within) {
  const end = Date.now() + within;
  do {
    const found = await check();
    if (found) return found;
    await sleep(50);
  } while (Date.now() < end);
  return undefined;
}

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
