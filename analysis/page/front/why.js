// Why a group changed: the change over a span, split by channel; the parts add up to the whole.
"use strict";

// Bars by channel of the change between two dates (positions); the scenario less its base where `less` is asked.
// Null where the page holds no such split.
O.whySplit = (scenario, group, series, from, to, less) => {
  const told = O.told.why, base = O.scenarios[scenario].base;
  if (!told || !O.told.blocks[`${scenario}/why`] || (less && (!O.told.blocks[`${base}/why`] || O.scenarios[scenario].unpaired))) return null;
  const g = told.groups.indexOf(group), s = told.series.indexOf(series);
  if (g < 0 || s < 0) return null;
  const days = told.days || (told.days = told.dates.map(O.dayOf)), spot = (p) => Math.max(0, d3.bisectRight(days, O.days[p]) - 1);
  const part = (sc, c) => {
    const block = O.block(`${sc}/why`), [, S, C, D] = block.shape, at = ((g * S + s) * C + c) * D;
    return block.values[at + spot(to)] - block.values[at + spot(from)];
  };
  return told.channels.map((channel, c) => ({ channel, value: part(scenario, c) - (less ? part(base, c) : 0) }));
};

O.barsOf = (parts, label) => {
  const reach = Math.max(0.001, ...parts.map((p) => Math.abs(p.value)));
  return O.el("ol", { class: "bars", "aria-label": label }, parts.map((p) => {
    const share = (50 * Math.abs(p.value)) / reach;
    const bar = O.el("span", { class: p.value < 0 ? "bar minus" : "bar plus" });
    bar.style.width = `${share}%`;
    bar.style.marginInlineStart = p.value < 0 ? `${50 - share}%` : "50%";
    return O.el("li", {}, O.el("span", { class: "name" }, O.el("strong", {}, p.channel.label), p.channel.told ? O.el("span", { class: "quiet" }, ` ${p.channel.told}`) : null), O.el("span", { class: "rail" }, bar), O.el("span", { class: "value" }, O.points(p.value)));
  }));
};

O.whyBars = (scenario, group, series, from, to, less) => {
  const parts = O.whySplit(scenario, group, series, from, to, less);
  if (!parts) return null;
  const largest = [...parts].sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, 4);
  const span = { a: O.brief(O.days[from]), b: O.brief(O.days[to]) };
  return O.el("div", {}, O.el("p", { class: "quiet" }, O.t("whatif.why_lead", span)), O.barsOf(largest, O.t("whatif.why_title")));
};

O.why = (host) => {
  if (!O.told.why) { host.append(O.el("p", { class: "absent" }, O.rich(O.t(O.classroom ? "why.none_live" : "why.none")))); return; }
  const asked = { scenario: O.scenarios.findIndex((s, i) => O.told.blocks[`${i}/why`]), group: O.told.why.groups[0], series: "bolshevik", from: 0, to: O.days.length - 1 };
  const controls = O.el("p", { class: "choices" });
  const parts = () => O.whySplit(asked.scenario, asked.group, asked.series, asked.from, asked.to, false) || [];
  const figure = O.figure(O.t("why.chart"), "", () => ({ head: [O.t("why.channel"), O.t("chart.in_points")], rows: parts().map((p) => [p.channel.label, O.points(p.value)]) }), { class: "wide whyfull" });
  host.append(controls, figure.node, O.el("p", { class: "quiet" }, O.t("why.one_run", { run: O.t("chart.run", { n: O.told.why.run + 1 }) })));
  const dates = (key) => O.select(O.t(`why.${key}`), O.days.map((d, i) => ({ value: String(i), label: O.brief(d) })), String(asked[key]), (value) => { asked[key] = Number(value); draw(); });
  function draw() {
    if (asked.from > asked.to) [asked.from, asked.to] = [asked.to, asked.from];
    O.put(controls,
      O.scenarios.length > 1 ? O.select(O.t("why.scenario"), O.scenarios.map((s, i) => ({ value: String(i), label: s.title })).filter((o) => O.told.blocks[`${o.value}/why`]), String(asked.scenario), (v) => { asked.scenario = Number(v); draw(); }) : null,
      O.select(O.t("why.group"), O.told.why.groups.map((g) => ({ value: g, label: O.who(g) })), asked.group, (v) => { asked.group = v; draw(); }),
      O.select(O.t("why.party"), O.told.why.series.map((s) => ({ value: s, label: O.seriesName(s) })), asked.series, (v) => { asked.series = v; draw(); }), dates("from"), dates("to"));
    const found = parts(), sum = d3.sum(found, (p) => p.value);
    figure.says(O.t("why.chart"), O.t("why.chart_sub", { who: O.who(asked.group), party: O.seriesName(asked.series), span: O.t("date.from_to", { a: O.brief(O.days[asked.from]), b: O.brief(O.days[asked.to]) }), sum: O.t("why.sum", { n: O.points(sum) }) }));
    const shown = [...found].sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).filter((p) => Math.abs(p.value) >= 0.0005);
    paint.shown = shown;
    paint.draw();
  }
  const paint = O.plain(figure.room, (width, unit) => picture(paint.shown, width, unit));
  function picture(shown, width, unit) {
    // On a narrow screen a name stands over its bar, not beside it.
    const room = Math.min(width * 0.42, unit * 18), over = Math.max(0, ...shown.map((p) => O.measure(p.channel.label, unit * 0.8))) > room, name = over ? 0 : room, lift = over ? unit * 1.2 : 0;
    const step = unit * 1.75 + lift, height = step * Math.max(1, shown.length) + unit * 0.6, reach = Math.max(0.001, ...shown.map((p) => Math.abs(p.value)));
    const half = (width - name - unit * 6) / 2, zero = name + unit * 3 + half;
    const text = (attributes, words) => O.svg("text", { "font-family": O.sans, "font-size": unit * 0.8, fill: O.ink, ...attributes }, words);
    const svg = O.svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": O.t("why.chart") }, O.svg("line", { x1: zero, x2: zero, y1: 0, y2: height - unit * 0.4, stroke: "#8d877b" }));
    shown.forEach((p, i) => {
      const long = (half * Math.abs(p.value)) / reach, y = i * step + unit * 0.3 + lift;
      svg.append(text({ x: 0, y: y + (over ? -unit * 0.3 : unit * 0.95), "paint-order": "stroke", stroke: "#ffffff", "stroke-width": 3 }, p.channel.label, O.svg("title", {}, p.channel.told || p.channel.label)),
        O.svg("rect", { x: p.value < 0 ? zero - long : zero, y, width: Math.max(1, long), height: unit * 1.2, fill: p.value < 0 ? "#ffffff" : "#5b5446", stroke: "#5b5446", "stroke-width": 1.6 }),
        text({ x: p.value < 0 ? zero - long - 6 : zero + long + 6, y: y + unit * 0.95, "text-anchor": p.value < 0 ? "end" : "start", "font-weight": 600 }, O.points(p.value)));
    });
    return svg;
  }
  draw();
};
