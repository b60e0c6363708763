// On what and when benchmarks run, as JSON, for bench/write_up.mjs.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import os from "node:os";

const read = (file) => readFileSync(file, "utf8");
const run = (...command) => execFileSync(command[0], command.slice(1), { encoding: "utf8" }).trim();

console.log(
  JSON.stringify({
    date: new Date().toISOString().slice(0, 10),
    cpu: os.cpus()[0].model.trim(),
    cores: os.cpus().length,
    memory_gb: Math.round(os.totalmem() / 2 ** 30),
    system: /^PRETTY_NAME="(.*)"$/m.exec(read("/etc/os-release"))?.[1] ?? "",
    kernel: os.release().split("-")[0],
    compiler: `g++ ${run("g++", "-dumpfullversion")}`,
    node: process.versions.node,
    file_system: run("stat", "-f", "-c", "%T", os.tmpdir()),
  }),
);
