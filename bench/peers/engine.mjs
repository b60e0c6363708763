// A rules engine from npm under measurement, driven line by line by beckon_engine_bench.
//
// usage: node engine.mjs PEER WORKLOAD
//   check   evaluates the first samples and compares which rules hold with what the plain scan found
//           → {"compared": 200} or {"differs": "…"}
//   time    evaluates samples, going on where it last ended, for about two seconds → {"evaluations": 120, "cpu_ns": 1.9e9}
// CPU time is that of the whole process, its collector of garbage and its compiler included.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { peers } from "./rules_in_forms.mjs";

const kBudgetUs = 2_000_000,
  kMostCompared = 200,
  kLeast = 5;

const [peer, file] = process.argv.slice(2);
const { rules, samples } = JSON.parse(readFileSync(file, "utf8"));
const evaluate = peers[peer](rules);

const cpuUs = () => {
  const { user, system } = process.cpuUsage();
  return user + system;
};

// Whether a loop that began at `start` and has done `count` may go on.
const goesOn = (start, count) => count < kLeast || cpuUs() - start < kBudgetUs;

async function check() {
  const start = cpuUs();
  let compared = 0;
  for (; compared < Math.min(samples.length, kMostCompared) && goesOn(start, compared); compared++) {
    const { facts, holds } = samples[compared];
    const found = await evaluate(facts);
    if (found.length !== holds.length || found.some((number, i) => number !== holds[i])) {
      return {
        differs: `sample ${compared}: the scan holds ${JSON.stringify(holds)}, ${peer} ${JSON.stringify(found)}`,
      };
    }
  }
  return { compared };
}

let next = 0;
async function time() {
  const kAtOnce = rules.length >= 1000 ? 1 : 20; // evaluations between looks at the clock
  const start = cpuUs();
  let evaluations = 0;
  for (; goesOn(start, evaluations); evaluations += kAtOnce) {
    for (let i = 0; i < kAtOnce; i++) {
      const result = evaluate(samples[next++ % samples.length].facts);
      if (result.then) await result;
    }
  }
  return { evaluations, cpu_ns: (cpuUs() - start) * 1000 };
}

const { version } = createRequire(import.meta.url)(`./node_modules/${peer}/package.json`);
console.log(JSON.stringify({ peer, version }));
for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(line === "check" ? await check() : await time()));
}
