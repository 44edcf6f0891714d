// Contingency, evidence, words and people.
"use strict";

O.contingency = (host) => {
  const told = O.told.contingency;
  if (!told || !told.length) { host.append(O.el("p", { class: "absent" }, O.rich(O.t(O.classroom ? "contingency.none_live" : "contingency.none")))); return; }
  told.forEach((curve) => {
    const days = curve.points.map((p) => O.dayOf(p.date));
    const spec = () => ({
      aria: O.t("contingency.chart", { measure: curve.measure }), top: 1, ratio: 0.42, tallest: 20, cursor: false, read: "end",
      bands: [{ low: curve.points.map((p) => p.low), high: curve.points.map((p) => p.high), days, colour: O.OTHER, opacity: 0.22, curve: d3.curveLinear, label: O.t("contingency.label") }],
      lines: [{ id: "odds", label: O.t("contingency.label"), values: curve.points.map((p) => p.odds), days, colour: O.OTHER, width: 3, curve: d3.curveLinear }],
      dots: curve.points.map((p) => ({ day: O.dayOf(p.date), value: p.odds, label: `${O.brief(O.dayOf(p.date))}: ${O.of100(p.odds)}`, small: true })),
    });
    const rows = () => ({ head: [O.t("chart.date"), O.t("contingency.label"), O.t("chart.low"), O.t("chart.high")], rows: curve.points.map((p) => [p.date, O.of100(p.odds), O.of100(p.low), O.of100(p.high)]) });
    const figure = O.figure(O.t("contingency.chart", { measure: curve.measure }), O.t("contingency.chart_sub", { runs: curve.runs }), rows, { class: "wide" });
    host.append(figure.node);
    O.chart(figure.room, spec);
  });
};

// Every contest: a mark for the count, a bar for the model's answer to the same question.
O.evidence = (host) => {
  let target = "bolshevik";
  const rows = () => O.told.observed.filter((o) => o.target === target && o.model);
  const controls = O.el("p", { class: "choices" }), miss = O.el("p", {});
  const per = (v) => O.of100(v);
  const figure = O.figure(O.t("evidence.chart"), "", () => ({
    head: [O.t("chart.date"), O.t("chart.place"), O.t("chart.observed"), O.t("chart.low"), O.t("chart.middle"), O.t("chart.high"), O.t("evidence.split"), O.t("evidence.source")],
    rows: rows().map((o) => [o.date, o.title, per(o.value), ...o.model.map(per), O.t(`evidence.splits.${o.split}`), o.sources.join("; ")]),
  }), { class: "wide" });
  host.append(controls, figure.node, miss);
  const paint = O.plain(figure.room, (width, unit) => {
    const found = rows(), two = width > unit * 46 && found.length > 12, columns = two ? 2 : 1, tall = Math.ceil(found.length / columns), step = unit * 1.32, height = tall * step + unit * 3.4;
    const top = Math.min(1, Math.ceil(Math.max(0.1, ...found.map((o) => Math.max(o.value, o.model[2]))) * 10) / 10), each = width / columns, name = Math.min(each * 0.55, unit * 17.5);
    const text = (attributes, words) => O.svg("text", { "font-family": O.sans, "font-size": unit * 0.7, fill: O.ink, ...attributes }, words);
    const svg = O.svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": O.t("evidence.chart") });
    const party = target === "for" ? O.party.soviet_power : O.party[target === "right" ? "right" : target], colour = party.colour;
    // A title too long is set smaller, then cut; its date never is.
    // Names are set in plain letters, narrower than those that are measured.
    const wide = (words, size) => 0.93 * O.measure(words, size), fitting = (words, room) => unit * Math.max(0.56, Math.min(0.7, (0.7 * room) / wide(words, unit * 0.7)));
    const clip = (words, date, room) => {
      let kept = words;
      const size = fitting(words + date, room), most = room + 1;
      while (kept.length > 8 && wide(kept === words ? words + date : `${kept}…${date}`, size) > most) kept = kept.slice(0, -1).trimEnd();
      return { words: kept === words ? words + date : `${kept}…${date}`, size };
    };
    d3.range(columns).forEach((c) => {
      const left = c * each + name + 10, right = (c + 1) * each - unit * 1.4, x = (v) => left + (v / top) * (right - left);
      d3.ticks(0, top, 5).forEach((v) => svg.append(O.svg("line", { x1: x(v), x2: x(v), y1: unit * 0.2, y2: tall * step, stroke: O.rule }), text({ x: x(v), y: tall * step + unit * 0.9, "text-anchor": "middle", fill: O.grey, "font-size": unit * 0.65 }, per(v))));
      found.slice(c * tall, (c + 1) * tall).forEach((o, i) => {
        const y = i * step + step * 0.55, r = unit * 0.27;
        const told = clip(o.title, `, ${O.tiny(O.dayOf(o.date))}`, name - unit * 0.3);
        svg.append(text({ x: c * each + name, y: y + unit * 0.24, "text-anchor": "end", "font-size": told.size, "data-contest": o.contest }, told.words, O.svg("title", {}, `${o.title}, ${O.both(O.dayOf(o.date))}`)),
          O.svg("line", { x1: x(o.model[0]), x2: x(o.model[2]), y1: y, y2: y, stroke: colour, "stroke-width": unit * 0.38, "stroke-opacity": 0.4 }),
          O.svg("line", { x1: x(o.model[1]), x2: x(o.model[1]), y1: y - unit * 0.4, y2: y + unit * 0.4, stroke: colour, "stroke-width": unit * 0.17 }));
        const look = { stroke: O.ink, "stroke-width": unit * 0.09 };
        svg.append(o.split === "context" ? O.svg("path", { d: `M${x(o.value)} ${y - r * 1.25}l${r * 1.25} ${r * 1.25}l${-r * 1.25} ${r * 1.25}l${-r * 1.25} ${-r * 1.25}z`, fill: "#b8b2a4", ...look }) : O.svg("circle", { cx: x(o.value), cy: y, r, fill: o.split === "validate" ? O.ink : "#ffffff", ...look }));
      });
    });
    const y = height - unit * 0.8;
    ["calibrate", "validate", "context"].forEach((split, i) => {
      const x = unit * 0.6 + i * unit * 8.4, r = unit * 0.27, look = { stroke: O.ink, "stroke-width": unit * 0.09 };
      svg.append(split === "context" ? O.svg("path", { d: `M${x} ${y - r * 1.25}l${r * 1.25} ${r * 1.25}l${-r * 1.25} ${r * 1.25}l${-r * 1.25} ${-r * 1.25}z`, fill: "#b8b2a4", ...look }) : O.svg("circle", { cx: x, cy: y, r, fill: split === "validate" ? O.ink : "#ffffff", ...look }), text({ x: x + unit * 0.6, y: y + unit * 0.24, fill: O.grey }, O.t(`evidence.splits.${split}`)));
    });
    return svg;
  });
  function draw() {
    const known = Object.entries(O.list("evidence.targets")).filter(([id]) => O.told.observed.some((o) => o.target === id && o.model));
    O.put(controls, O.select(O.t("evidence.target"), known.map(([value, label]) => ({ value, label })), target, (v) => { target = v; draw(); }));
    figure.says(O.t("evidence.chart"), O.t("evidence.chart_sub", { target: O.t(`evidence.targets.${target}`) }));
    const found = rows();
    miss.textContent = found.length ? O.t("evidence.miss", { n: Math.round(100 * d3.median(found, (o) => Math.abs(o.model[1] - o.value))), count: found.length }) : "";
    paint.draw();
  }
  draw();
  host.append(O.el("h3", {}, O.t("evidence.what_not")), O.el("ul", {}, O.list("general_cannot").map((line) => O.el("li", {}, line))),
    O.el("h3", {}, O.t("evidence.scenarios")), O.el("div", { class: "cards" }, O.shown.map((i) => O.scenarios[i]).map((s) => O.el("article", {}, O.el("h4", {}, s.title), O.el("p", {}, O.kindTag(s)), O.el("p", {}, s.question || ""), O.el("p", { class: "quiet" }, `${O.t("card.confidence")}: ${O.t(`card.confidence_told.${s.kind || "minimal_rewrite"}`)}`), O.doors(s)))),
    O.el("details", {}, O.el("summary", {}, O.t("glossary_title")), O.el("dl", {}, O.list("glossary").map(([word, told]) => [O.el("dt", {}, word), O.el("dd", {}, told)]))),
    O.el("details", {}, O.el("summary", {}, O.t("who_title")), O.el("dl", {}, O.list("who").map(([name, told]) => [O.el("dt", {}, name), O.el("dd", {}, told)]))));
};

// Words of the glossary, explained where they first stand in the running text of a part: on hover, focus or tap.
O.explain = (root) => {
  const told = new Map(O.list("glossary")), words = [...told.keys()].sort((a, b) => b.length - a.length), done = new Set();
  const find = new RegExp(`(?<!\\p{L})(?:${words.map((w) => w.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|")})(?!\\p{L})`, "u");
  root.querySelectorAll("p.lead").forEach((p) => {
    let node = p.firstChild;
    while (node) {
      const next = node.nextSibling;
      if (node.nodeType === Node.TEXT_NODE) {
        const found = node.data.match(find);
        if (found && !done.has(found[0])) {
          done.add(found[0]);
          const after = node.splitText(found.index), rest = after.splitText(found[0].length), id = O.fresh("word");
          after.replaceWith(O.el("span", { class: "word", tabindex: 0, role: "button", "aria-describedby": id }, found[0], O.el("span", { class: "tip", role: "tooltip", id }, told.get(found[0]))));
          node = rest;
          continue;
        }
      }
      node = next;
    }
  });
};
