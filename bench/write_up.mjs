// Puts the figures of build/bench/*.json into docs/performance.md, between its markers, and draws docs/images/engine-speed.svg.
// A part that has not been run keeps what the page says of it.
//
// usage: node bench/write_up.mjs
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { duration, enginePlot } from "./plot.mjs";

const root = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));
const kPage = root("docs/performance.md"),
  kPlot = root("docs/images/engine-speed.svg");

const result = (part) => {
  const file = root(`build/bench/${part}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
};

// -- how figures are written

const count = (value) => Math.round(value).toLocaleString("en");
const digits = (value, most = 3) =>
  value >= 100 ? count(value) : String(Number(value.toPrecision(value >= 10 ? most : most - 1)));
const times = (value) => `${digits(value)} ×`;
const mib = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
const spread = (ratio) => `${ratio.median.toFixed(2)} (${ratio.least.toFixed(2)} to ${ratio.most.toFixed(2)})`;
const table = (head, rows) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

// A goal is a row; `ok` is whether what was measured reaches it.
const goals = (rows) =>
  table(
    ["goal", "must", "measured", ""],
    rows.map(([goal, must, measured, ok]) => [goal, must, measured, ok ? "reached" : "**not reached**"]),
  );
const atLeast = (goal, must, value, unit = " ×", show = digits) => [
  goal,
  `≥ ${must}${unit}`,
  `${show(value)}${unit}`,
  value >= must,
];
const atMost = (goal, must, value, unit, show = digits) => [
  goal,
  `≤ ${must}${unit}`,
  `${show(value)}${unit}`,
  value <= must,
];

const circumstances = (machine, { passes, load_before, load_after }) =>
  `Of ${machine.date}` +
  (passes ? `; medians of ${passes} passes` : "") +
  `; load averages ${load_before ? `${load_before} before, ` : ""}${load_after} after, on ${machine.cores} cores.`;

// -- sections of the page, by the names of their markers

function machineSection({ cpu, cores, memory_gb, system, kernel, compiler, node, file_system }) {
  return `A virtual machine with ${cores} cores of an ${cpu}, ${memory_gb} GB, ${system}, Linux ${kernel}, ${compiler} at \`-O3\`, Node.js ${node}, ${file_system}.`;
}

const kNames = {
  beckon: "Beckon",
  scan: "plain scan",
  clips: "CLIPS",
  "clips-reordered": "CLIPS",
  "@growthbook/growthbook": "GrowthBook",
};

function engineSection(engine, machine) {
  const names = engine.sizes[0].engines.map(({ name, version }) => ({
    name,
    title: `${kNames[name] ?? name} ${version}`.trim(),
  }));
  const of = (size, name) => size.engines.find((one) => one.name === name);
  const rows = names.map(({ name, title }) => [
    title,
    ...engine.sizes.flatMap((size) => {
      const ns = of(size, name).ns;
      return [duration(ns), name === "beckon" ? "" : times(ns / of(size, "beckon").ns)];
    }),
  ]);
  return [
    circumstances(machine, engine),
    table(
      ["CPU time of an event", ...engine.sizes.flatMap(({ rules }) => [`${count(rules)} rules`, "/ Beckon"])],
      rows,
    ),
    table(
      ["rules", "compile, ms", "state of a visitor, bytes", "decisions an event", "wake-ups an event"],
      engine.sizes.map((size) => [
        count(size.rules),
        digits(size.compile_ms),
        count(size.visitor_bytes),
        size.decisions_per_event.toFixed(2),
        size.wakes_per_event.toFixed(2),
      ]),
    ),
    "Events timed in a pass (of the engines from npm: evaluations in all passes), and in brackets what was compared with the scan (decisions; of the engines from npm: events):",
    table(
      ["", ...engine.sizes.map(({ rules }) => `${count(rules)} rules`)],
      names.map(({ name, title }) => [
        title,
        ...engine.sizes.map(
          (size) => `${count(of(size, name).timed)}${name === "scan" ? "" : ` (${count(of(size, name).compared)})`}`,
        ),
      ]),
    ),
    `Moving one of a million pending timers: ${digits(engine.timers.wheel_ns)} ns with the timer wheel, ${count(engine.timers.multimap_ns)} ns with \`std::multimap\`.`,
  ].join("\n\n");
}

function engineGoals(engine) {
  const size = (rules) => engine.sizes.find((one) => one.rules === rules);
  const ns = (rules, name) => size(rules).engines.find((one) => one.name === name).ns;
  const against = (name, rules) => ns(rules, name) / ns(rules, "beckon");
  return goals([
    ...[
      ["clips", "CLIPS"],
      ["clips-reordered", "CLIPS with conditions reordered by hand"],
    ].flatMap(([name, title]) =>
      [
        [10000, 150],
        [1000, 40],
        [100, 25],
      ].map(([rules, must]) => atLeast(`against ${title}, ${count(rules)} rules`, must, against(name, rules))),
    ),
    atLeast("against the plain scan, 10,000 rules", 80, against("scan", 10000)),
    atLeast("against the plain scan, 10 rules", 0.7, against("scan", 10)),
    atMost("time at 10,000 rules over time at 100", 12, ns(10000, "beckon") / ns(100, "beckon"), " ×"),
    atMost("state of a visitor, 10,000 rules", 512, size(10000).visitor_bytes, " bytes", count),
    atMost("compile 10,000 rules", 150, size(10000).compile_ms, " ms"),
    atLeast("move a timer, against `std::multimap`", 9, engine.timers.multimap_ns / engine.timers.wheel_ns),
  ]);
}

function replaySection(replay, machine) {
  return [
    circumstances(machine, replay),
    table(
      ["traffic", "lines", "visitors", "decisions", "lines a CPU-second", "peak memory", "passes"],
      replay.replays.map((one) => [
        `${one.traffic}, ${one.times} ×${one.packing === "gzip" ? ", gzip" : ""}`,
        count(one.lines),
        count(one.visitors),
        count(one.decisions),
        count(one.lines_per_cpu_s),
        mib(one.peak_bytes),
        one.passes,
      ]),
    ),
    goals(
      replay.replays
        .filter((one) => one.times > 1)
        .map((one) =>
          atLeast(
            `lines a second, ${one.traffic}, ${one.times} ×${one.packing === "gzip" ? ", gzip" : ""}`,
            300000,
            one.lines_per_cpu_s,
            "",
            count,
          ),
        ),
    ),
  ].join("\n\n");
}

function serverSection(server, machine) {
  const { events, connects, memory, wakes } = server;
  return [
    circumstances(machine, server),
    table(
      ["connections", "window", "Beckon", "Beast echo", "ws echo", "Beckon / Beast echo", "Beckon / ws echo"],
      events.map((one) => [
        count(one.connections),
        one.window,
        count(one.beckon),
        count(one.beast),
        count(one.ws),
        spread(one.ratio_to_beast),
        spread(one.ratio_to_ws),
      ]),
    ),
    `Connections opened a CPU-second: Beckon ${count(connects.beckon)}, Beast echo ${count(connects.beast)}, ws echo ${count(connects.ws)}; Beckon / Beast echo ` +
      `${spread(connects.ratio_to_beast)}, Beckon / ws echo ${spread(connects.ratio_to_ws)}.`,
    `Memory of an idle connection, of ${count(memory.connections)}: Beckon ${count(memory.beckon)} bytes, Beast echo ${count(memory.beast)}, ws echo ${count(memory.ws)}.`,
    `Wake-ups a second: of the shard ${digits(wakes.shard_without)} without visitors and ${digits(wakes.shard_with_many)} with ${count(wakes.many)} idle ones, over ten seconds ` +
      `between pings; of all other threads together ${digits(wakes.others)} (the configuration and rule files are looked at once a second).`,
  ].join("\n\n");
}

function latencySection({ latency }) {
  const ms = (value) => `${value.toFixed(2)} ms`;
  return table(
    ["events a second", "", "p50", "p99 (least to most of the passes)", "events a CPU-second", "sent a second"],
    latency.flatMap((one) =>
      [
        ["Beckon, to the offer", one.beckon],
        ["Beast echo", one.beast],
      ].map(([name, side]) => [
        count(one.rate),
        name,
        ms(side.p50_ms),
        `${ms(side.p99_ms)} (${side.p99_least_ms.toFixed(2)} to ${side.p99_most_ms.toFixed(2)})`,
        count(side.per_cpu_s),
        count(side.sent_per_s),
      ]),
    ),
  );
}

const scaleSection = ({ known, sites }) =>
  table(
    ["", "events a CPU-second", "against", "ratio"],
    [
      [
        `${count(known.many_visitors)} visitors known`,
        count(known.many),
        `${count(known.few)} with ${count(known.few_visitors)} known`,
        spread(known.ratio_to_few),
      ],
      [
        `${count(sites.many_sites)} sites of ${sites.rules} rules, a visitor on each`,
        count(sites.many),
        `${count(sites.one)} with all on one site`,
        spread(sites.ratio_to_one),
      ],
    ],
  );

function serverGoals({ events, connects, memory, wakes, latency, known, sites }) {
  const row = (connections, window) => events.find((one) => one.connections === connections && one.window === window);
  const name = (one) => `${count(one.connections)} connections, window ${one.window}`;
  const ratio = (goal, must, value) => atLeast(goal, must, value, "", (number) => number.toFixed(2));
  return goals([
    ...[row(1000, 1), row(100, 16), row(1000, 16)].flatMap((one) => [
      ratio(`page events against the Beast echo, ${name(one)}`, 0.85, one.ratio_to_beast.median),
      ratio(`page events against the ws echo, ${name(one)}`, 1.5, one.ratio_to_ws.median),
    ]),
    atMost(`memory of an idle visitor at ${count(memory.connections)}`, 8192, memory.beckon, " bytes", count),
    ...latency.map((one) =>
      atMost(`event to offer, p99 against the echo's, ${count(one.rate)} a second`, 2, one.p99_ratio, " ×"),
    ),
    ratio(
      "connections, with hello and welcome, against the Beast echo's bare upgrade",
      0.7,
      connects.ratio_to_beast.median,
    ),
    ratio(
      `${count(known.many_visitors)} visitors known against ${count(known.few_visitors)}`,
      0.75,
      known.ratio_to_few.median,
    ),
    atMost("wake-ups of a shard a second while nothing is due", 0, wakes.shard_without, ""),
    ratio(`${count(sites.many_sites)} sites against one`, 0.8, sites.ratio_to_one.median),
  ]);
}

// -- the page

let page = readFileSync(kPage, "utf8");
function put(name, words) {
  const begin = `<!-- bench:${name} -->\n`,
    end = `<!-- /bench:${name} -->`;
  const from = page.indexOf(begin),
    to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/performance.md has no markers ${name}`);
  page = page.slice(0, from + begin.length) + words + "\n" + page.slice(to);
}

const sections = {
  engine: (result, machine) => {
    put("engine", engineSection(result, machine));
    put("engine-goals", engineGoals(result));
    writeFileSync(kPlot, enginePlot(result));
  },
  replay: (result, machine) => put("replay", replaySection(result, machine)),
  server: (result, machine) => {
    put("server", serverSection(result, machine));
    put("latency", latencySection(result));
    put("scale", scaleSection(result));
    put("server-goals", serverGoals(result));
  },
};
for (const [part, write] of Object.entries(sections)) {
  const figures = result(part),
    machine = result(`${part}-machine`);
  if (!figures || !machine) continue;
  write(figures, machine);
  put("machine", machineSection(machine));
  console.error(`— docs/performance.md has the figures of ${part}`);
}
writeFileSync(kPage, page);
