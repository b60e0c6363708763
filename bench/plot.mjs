// The plot of docs/performance.md: nanoseconds an event against rules, both logarithmic, one line an engine. SVG as text.

const kWidth = 800,
  kHeight = 500;
const kPlot = { left: 76, right: 566, top: 72, bottom: 436 };
const kInk = "#1b2430",
  kSoft = "#5c6773",
  kGrid = "#e4e8ec";
const kLines = {
  beckon: { label: "Beckon", color: "#0b5fff", width: 3.5 },
  scan: { label: "plain scan, C++", color: "#3f4a56", width: 1.75, dash: "6 4" },
  clips: { label: "CLIPS 6.30", color: "#0f8a6a", width: 1.75 },
  "clips-reordered": { label: "CLIPS, reordered", color: "#0f8a6a", width: 1.75, dash: "5 3" },
  "@growthbook/growthbook": { label: "GrowthBook", color: "#8a5cc2", width: 1.75 },
  "json-logic-js": { label: "json-logic-js", color: "#c27a00", width: 1.75, dash: "2 3" },
  "json-rules-engine": { label: "json-rules-engine", color: "#c0392b", width: 1.75 },
};
const kUnits = [
  [1e9, "s"],
  [1e6, "ms"],
  [1e3, "µs"],
  [1, "ns"],
];

export const duration = (ns) => {
  const [size, unit] = kUnits.find(([least]) => ns >= least) ?? kUnits.at(-1);
  const value = ns / size;
  return `${value >= 100 ? Math.round(value) : Number(value.toPrecision(3))} ${unit}`;
};

const escape = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
const text = (x, y, words, attributes = "") =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${attributes}>${escape(words)}</text>`;
const decades = (least, most) => {
  const found = [];
  for (let power = Math.floor(Math.log10(least)); power <= Math.ceil(Math.log10(most)); power++)
    found.push(10 ** power);
  return found;
};

// Labels at least `gap` apart, as near as can be to where they belong.
function spread(labels, gap) {
  labels.sort((a, b) => a.y - b.y);
  for (let round = 0; round < 50; round++) {
    for (let i = 1; i < labels.length; i++) {
      const lack = gap - (labels[i].y - labels[i - 1].y);
      if (lack <= 0) continue;
      labels[i - 1].y -= lack / 2;
      labels[i].y += lack / 2;
    }
  }
  return labels;
}

export function enginePlot(engine) {
  const sizes = engine.sizes.map((size) => size.rules);
  const series = Object.keys(kLines)
    .map((name) => ({
      ...kLines[name],
      points: engine.sizes
        .map((size) => [size.rules, size.engines.find((one) => one.name === name)?.ns])
        .filter(([, ns]) => ns !== undefined),
    }))
    .filter((one) => one.points.length > 0);
  const all = series.flatMap((one) => one.points.map(([, ns]) => ns));
  const steps = decades(Math.min(...all), Math.max(...all));
  const along = (value, from, to, begin, end) =>
    begin + ((Math.log10(value) - Math.log10(from)) / (Math.log10(to) - Math.log10(from))) * (end - begin);
  const x = (rules) => along(rules, sizes[0], sizes.at(-1), kPlot.left, kPlot.right);
  const y = (ns) => along(ns, steps[0], steps.at(-1), kPlot.bottom, kPlot.top);

  const out = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${kWidth} ${kHeight}" width="${kWidth}" height="${kHeight}" role="img"` +
      ` aria-labelledby="title" font-family="system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif" font-size="13" fill="${kSoft}">`,
    `<title id="title">CPU time of one event against the number of rules, of Beckon and its peers, both axes logarithmic</title>`,
    `<rect width="${kWidth}" height="${kHeight}" rx="8" fill="#fff"/>`,
    text(20, 30, "CPU time of one event, by number of rules", `font-size="17" font-weight="600" fill="${kInk}"`),
    text(20, 50, "LC-RULES-1, median of interleaved passes, one thread; both axes logarithmic, lower is better"),
  ];
  for (const step of steps) {
    out.push(`<path d="M${kPlot.left} ${y(step).toFixed(1)}H${kPlot.right}" stroke="${kGrid}"/>`);
    out.push(text(kPlot.left - 10, y(step) + 4.5, duration(step), `text-anchor="end"`));
  }
  for (const size of sizes) {
    out.push(`<path d="M${x(size).toFixed(1)} ${kPlot.bottom}v5" stroke="${kSoft}"/>`);
    out.push(text(x(size), kPlot.bottom + 22, size.toLocaleString("en"), `text-anchor="middle"`));
  }
  out.push(`<path d="M${kPlot.left} ${kPlot.bottom}H${kPlot.right}" stroke="${kSoft}"/>`);
  out.push(text((kPlot.left + kPlot.right) / 2, kPlot.bottom + 46, "rules", `text-anchor="middle"`));

  const labels = [];
  for (const one of [...series].reverse()) {
    // Beckon last, on top
    const path = one.points
      .map(([rules, ns], i) => `${i ? "L" : "M"}${x(rules).toFixed(1)} ${y(ns).toFixed(1)}`)
      .join("");
    out.push(
      `<path d="${path}" fill="none" stroke="${one.color}" stroke-width="${one.width}" stroke-linejoin="round"` +
        `${one.dash ? ` stroke-dasharray="${one.dash}"` : ""}/>`,
    );
    for (const [rules, ns] of one.points) {
      out.push(
        `<circle cx="${x(rules).toFixed(1)}" cy="${y(ns).toFixed(1)}" r="${one.width > 2 ? 4.5 : 3}" fill="${one.color}"/>`,
      );
    }
    const [rules, ns] = one.points.at(-1);
    labels.push({ one, ns, from: [x(rules), y(ns)], y: y(ns) });
  }
  for (const { one, ns, from, y: at } of spread(labels, 19)) {
    const start = kPlot.right + 26;
    out.push(
      `<path d="M${(from[0] + 7).toFixed(1)} ${from[1].toFixed(1)}L${start - 5} ${at.toFixed(1)}" stroke="${one.color}" stroke-opacity=".5"/>`,
    );
    const weight = one.width > 2 ? ` font-weight="700"` : "";
    out.push(
      `<text x="${start}" y="${(at + 4.5).toFixed(1)}" fill="${one.color}"${weight}>${escape(one.label)}` +
        `<tspan fill="${kSoft}" font-weight="400" dx="7">${duration(ns)}</tspan></text>`,
    );
  }
  return out.join("\n") + "\n</svg>\n";
}
