// Kills the server at random under load, again and again, and looks whether every acknowledged message is there, once and in
// order, and whether what was not acknowledged arrives once when it is sent again.
//
// usage: node tests/crash/kill.mjs [--cycles 50] [--seed N]        50, or 1,000 with BECKON_LONG set
// Last lines: what was seen, and "N passed, N failed", a cycle each.
import { parseArgs } from 'node:util';
import { Beckon } from '../browser/support/beckon.mjs';
import { Visitor } from './visitor.mjs';

const kVisitors = 16; // of each cycle
const kMessages = 8; // of each visitor; the server takes 10 at once
const kLongestLifeMs = 400; // of the server, from the first message on
const kPauseMs = 25; // at most, between two messages of one visitor
const kEveryoneAgain = 10; // after so many cycles all visitors there ever were are looked at again

const { values } = parseArgs({ options: { cycles: { type: 'string', default: process.env.BECKON_LONG ? '1000' : '50' }, seed: { type: 'string', default: String(Date.now() % 1e9) } } });
const cycles = Number(values.cycles);
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Mulberry32: the same seed, the same moments. */
function randomFrom(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
const random = randomFrom(Number(values.seed));

async function talk(visitor) {
  const said = [];
  for (let n = 1; n <= kMessages; ++n) {
    said.push(visitor.say(`${visitor.tab} ${n}`));
    await pause(random() * kPauseMs);
  }
  await Promise.all(said);
}

/** One life of the server. Returns what is wrong afterwards. */
async function cycle(beckon, seen) {
  const visitors = Array.from({ length: kVisitors }, () => new Visitor(beckon));
  await Promise.all(visitors.map((visitor) => visitor.comeBack()));
  const talks = Promise.all(visitors.map(talk));
  talks.catch(() => {});
  await pause(random() * kLongestLifeMs);

  beckon.process.kill('SIGKILL');
  await beckon.exited;
  const before = visitors.flatMap(({ said }) => said);
  seen.acknowledged += before.filter(({ acknowledged }) => acknowledged).length;
  seen.open += before.filter(({ acknowledged }) => !acknowledged).length;
  await Promise.all(visitors.map(({ gone }) => gone));
  const started = performance.now();
  await beckon.run();
  seen.ready.push(performance.now() - started);

  await Promise.all(visitors.map((visitor) => visitor.comeBack()));
  await talks;
  const faults = (await Promise.all(visitors.map((visitor) => visitor.faults()))).flat();
  for (const visitor of visitors) visitor.close();
  return { visitors, faults };
}

async function lookAgain(visitors) {
  const faults = [];
  for (const visitor of visitors) {
    await visitor.comeBack();
    faults.push(...(await visitor.faults()));
    visitor.close();
    await visitor.gone;
  }
  return faults;
}

const beckon = await Beckon.start();
const seen = { acknowledged: 0, open: 0, ready: [] };
const everyone = [];
let failed = 0;
try {
  for (let n = 1; n <= cycles; ++n) {
    const { visitors, faults } = await cycle(beckon, seen);
    everyone.push(...visitors);
    if (n % kEveryoneAgain === 0 || n === cycles) faults.push(...(await lookAgain(everyone)));
    if (faults.length) {
      ++failed;
      console.log(`cycle ${n} (seed ${values.seed}):`);
      for (const fault of faults.slice(0, 10)) console.log('  ' + fault);
    }
  }
} finally {
  await beckon.end();
}
const ready = seen.ready.sort((a, b) => a - b);
console.log(
  `${cycles} kills; ${seen.acknowledged} messages acknowledged before one, ${seen.open} under way; ` +
    `ready again after ${Math.round(ready[ready.length >> 1])} ms (median), ${Math.round(ready.at(-1))} ms (most)`,
);
console.log(`${cycles - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
