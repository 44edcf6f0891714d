// Minute 2: one button; the odds in a sentence; three single histories; the difference; why in four bars with words.
"use strict";

O.OTHER = "#0A7078";
O.HISTORY = "#4a463e";

// The group that a choice of place and stratum names; all strata where the place has no such people.
O.groupOf = (place, stratum) => (O.hasGroup(`${place}|${stratum}`) ? `${place}|${stratum}` : `${place}|all`);

O.groupChoices = (state, act, wholesOnly = false) => {
  const places = [...new Set(O.groups.filter((g) => !wholesOnly || g.whole).map((g) => g.place))];
  const strata = ["all", ...O.told.strata.map((s) => s.id)].filter((s) => O.hasGroup(`${state.place}|${s}`));
  const whole = (p) => O.groups.find((g) => g.place === p).whole;
  return [
    O.select(O.t("year.stratum"), strata.map((s) => ({ value: s, label: s === "all" ? O.t("year.all_strata") : O.stratum[s].label })), state.stratum, (stratum) => act({ stratum })),
    O.select(O.t("year.place"), places.map((p) => ({ value: p, label: O.placeName(p), section: wholesOnly ? "" : O.t(whole(p) ? "year.wholes" : "year.singles") })), state.place, (place) => act({ place })),
  ];
};

O.seriesChoice = (label, value, act) => O.select(label, O.told.parties.map((p) => ({ value: p.id, label: p.label })), value, act);

// In how many pairs of runs fewer or more people of a group count for a series than in history, and the difference.
O.oddsAt = (i, group, series) => {
  const s = O.scenarios[i], at = s.asked, less = O.below(i, group, series), more = O.above(i, group, series), change = O.change(i, group, series);
  return { less, more, same: s.paired.runs - less - more, low: change.low[at], middle: change.middle[at], high: change.high[at] };
};
O.oddsTold = (i, group, series) => {
  const s = O.scenarios[i], o = O.oddsAt(i, group, series);
  return [O.t("whatif.sentence", { n: o.less, runs: s.paired.runs, more: o.more, same: o.same, who: O.who(group, true), does: O.does(series), date: O.both(O.days[s.asked]), beside: O.beside(s) }),
    O.t("whatif.sentence_size", { middle: O.t("chart.points", { n: O.points(o.middle) }), low: O.points(o.low), high: O.points(o.high) })];
};

// What a chart of a what if shows, and the name of the line that it is set beside.
O.whatifSub = (s) => O.t("whatif.chart_sub", { title: s.title, solid: O.t(O.scenarios[s.base].open_since ? "whatif.solid.open" : "whatif.solid.history") });
O.baseName = (s) => O.t(O.scenarios[s.base].open_since ? "whatif.history_open" : "whatif.history");
// What was counted of a group and a series in 1917, and the same as marks of a chart.
O.counted = (group, series) => O.told.observed.filter((o) => (o.group === group && o.series.length === 1 && o.series[0] === series)
  || (group === "empire|soldier" && series === "bolshevik" && o.contest === "army_and_navy" && o.target === series));
O.countedDots = (group, series) => O.counted(group, series).map((o) => ({
  day: O.dayOf(o.date), value: o.value, label: `${o.title}: ${O.of100(o.value)}`, told: `${O.t("whatif.counted")} ${O.of100(o.value)}`, end: true, lift: -0.8,
}));

O.whatif = (host) => {
  if (!O.whatifs.length) { host.append(O.el("p", { class: "absent" }, O.rich(O.t(O.classroom ? "whatif.none_live" : O.scenarios.length > 1 ? "whatif.none_lenses" : "whatif.none")))); return; }
  const asked = { place: "empire", stratum: "soldier", series: "bolshevik", shown: {}, single: -1 };
  const dayOf = (s) => O.days[s.asked];
  const room = O.el("div", {}), tabs = O.el("div", { class: "tabs", role: "group", "aria-label": O.t("whatif.choose") });
  host.append(tabs, room);
  const other = () => O.scenarios[O.state.other];
  const group = () => O.groupOf(asked.place, asked.stratum);
  // Odds are of one question: a scenario, a group and a party.
  const question = (s) => `${s.name}/${group()}/${asked.series}`;
  let charts = [];

  function draw() {
    const s = other(), i = O.state.other;
    O.put(tabs, O.whatifs.length > 1 ? O.whatifs.map((k) => O.el("button", { type: "button", class: "tab", "data-scenario": O.scenarios[k].name, "aria-pressed": String(k === i), onclick: () => O.set({ other: k }) }, O.scenarios[k].title)) : null);
    charts = [];
    O.put(room, O.el("h3", { class: "question" }, O.words.whatif.asks[s.named] || s.question || s.title),
      O.el("p", { class: "labels" }, O.kindTag(s), " ", O.el("span", {}, O.t(`whatif.kind_told.${s.kind || "minimal_rewrite"}`))),
      O.doors(s), asked.shown[s.name] ? result(s, i) : ask(s));
  }

  // The odds are set before anything is seen.
  function ask(s) {
    const id = O.fresh("odds"), said = O.el("output", { for: id, class: "big" }, "50");
    const range = O.el("input", { type: "range", id, min: 0, max: 100, step: 1, value: 50, "data-odds": "", oninput: () => { said.textContent = range.value; } });
    return O.el("div", { class: "ask" },
      O.el("p", { class: "choices" }, O.groupChoices(asked, (change) => { Object.assign(asked, change); draw(); }, true), O.seriesChoice(O.t("whatif.what"), asked.series, (series) => { asked.series = series; draw(); })),
      O.el("p", { class: "asked" }, O.t("whatif.odds_ask", { does: O.does(asked.series), who: O.who(group(), true), date: O.both(dayOf(s)), beside: O.beside(s) })),
      O.el("div", { class: "row" }, O.el("label", { for: id }, O.t("whatif.odds_label")), range, said,
        O.el("button", { type: "button", class: "main", "data-look": s.name, onclick: () => {
          O.bets.odds[question(s)] = Number(range.value);
          asked.shown[s.name] = true;
          O.oddsSet();
          draw();
          room.querySelector(".sentence").focus();
        } }, O.t("whatif.look"))));
  }

  function result(s, i) {
    return [O.el("p", { class: "choices" }, O.groupChoices(asked, (change) => { Object.assign(asked, change); draw(); }, true), O.seriesChoice(O.t("whatif.what"), asked.series, (series) => { asked.series = series; draw(); })),
      s.paired ? sentence(s, i) : O.el("p", { class: "sentence absent", tabindex: "-1" }, O.t(`whatif.unpaired.${s.unpaired}`)),
      histories(s, i), s.paired ? O.el("div", { class: "two" }, dots(s, i), change(s, i)) : null,
      O.el("div", { class: "two" }, bars(s, i), differs(s)), apart(s), O.el("h3", {}, O.t("whatif.voices")), O.voices(s)];
  }

  function sentence(s, i) {
    const o = O.oddsAt(i, group(), asked.series), lines = O.oddsTold(i, group(), asked.series), said = O.bets.odds[question(s)];
    const was = Math.round((100 * o.less) / s.paired.runs);
    // Brier score of the odds over the runs, in hundredths: the mean of (odds - 1 or 0)^2.
    const brier = (p) => Math.round((o.less * (1 - p / 100) ** 2 + (s.paired.runs - o.less) * (p / 100) ** 2) * (100 / s.paired.runs));
    return O.el("div", { class: "odds" }, O.el("p", { class: "sentence", tabindex: "-1" }, lines[0]), O.el("p", {}, `${lines[1]} ${O.t(s.drawn ? "whatif.drawn" : "whatif.chance_only")}`), O.uneven(s) ? O.el("p", { class: "uneven" }, O.t("whatif.uneven", { date: O.both(O.dayOf(s.open_since)) })) : null,
      said === undefined ? null : O.el("p", { class: "score", "data-odds-score": "" }, O.t("whatif.score", { said, was, score: brier(said) })));
  }

  const fade = (s) => (s.divergence && s.kind !== "historical" ? O.dayOf(s.divergence) + 42 : undefined);
  const marks = (s) => (s.divergence ? [{ day: O.dayOf(s.divergence), label: O.brief(O.dayOf(s.divergence)) }] : []);
  function peak(...rows) {
    const most = Math.max(...rows.map((row) => d3.max(row)));
    return Math.min(1, Math.max(0.1, Math.ceil(most * 10 + 0.4) / 10));
  }

  // Three things, each its own look: counted points, the model's history (solid), what if (dashed).
  function histories(s, i) {
    const k = Math.min(O.singles(i), O.singles(s.base)), spec = () => {
      const g = group(), series = asked.series, q = (sc, level) => O.quantile(sc, g, series, level);
      const chosen = asked.single === -1 ? d3.range(Math.min(3, k)) : asked.single === -2 ? d3.range(k) : [asked.single];
      const one = (sc, n, colour, dashes) => ({ id: `${sc}-${n}`, named: `${O.t("chart.run", { n: n + 1 })}, ${sc === i ? O.t("whatif.other") : O.baseName(s)}`, values: O.single(sc, n, g, series), colour, dashes, firm: sc !== i, width: chosen.length === 1 ? 2 : 1.1, opacity: chosen.length > 3 ? 0.45 : 0.8 });
      return {
        aria: O.t("whatif.chart", { who: O.who(g, true), does: O.does(series) }), ratio: 0.44, tallest: 24, reveal: asked.replay,
        top: peak(q(s.base, 0.9), q(i, 0.9), ...O.counted(g, series).map((o) => [o.value])), fadeFrom: fade(s), marks: marks(s),
        bands: [{ low: q(s.base, 0.1), high: q(s.base, 0.9), colour: O.HISTORY, opacity: 0.13, firm: true, label: O.baseName(s) }, { low: q(i, 0.1), high: q(i, 0.9), colour: O.OTHER, opacity: 0.13, label: O.t("whatif.other") }],
        lines: [...chosen.map((n) => one(s.base, n, O.HISTORY, "")), ...chosen.map((n) => one(i, n, O.OTHER, "7 3")),
          { id: "history", label: O.baseName(s), values: q(s.base, 0.5), colour: O.HISTORY, width: 3.4, firm: true },
          { id: "other", label: O.t("whatif.other"), values: q(i, 0.5), colour: O.OTHER, dashes: "12 5", width: 3.4 }],
        dots: O.countedDots(g, series),
      };
    };
    const figure = O.figure(O.t("whatif.chart", { who: O.who(group(), true), does: O.does(asked.series) }), O.whatifSub(s), () => O.lineRows(spec), { class: "wide" });
    const chart = O.chart(figure.room, spec);
    const choose = (n) => { asked.single = n; pick.querySelectorAll("button").forEach((b) => b.setAttribute("aria-pressed", String(Number(b.dataset.single) === n))); chart.redraw(); };
    const playOne = (n) => {
      choose(n);
      const from = Math.max(0, O.dayOf(s.divergence || "1917-02-23") - 10);
      asked.replay = true;
      chart.redraw();
      O.set({ playing: false });
      O.go(from);
      if (O.still.matches) O.go(O.last);
      else O.set({ playing: true });
    };
    const pick = O.el("div", { class: "row singles", role: "group", "aria-label": O.t("whatif.singles") },
      [[-1, O.t("whatif.single_all", { n: Math.min(3, k) })], ...d3.range(k).map((n) => [n, O.t("whatif.single", { n: n + 1 })]), [-2, O.t("whatif.nine", { n: k })]].map(([n, label]) =>
        O.el("button", { type: "button", class: "tab", "data-single": n, "aria-pressed": String(asked.single === n), onclick: () => playOne(n) }, label)));
    O.on("playing", (state) => { if (!state.playing && asked.replay) { asked.replay = false; if (chart.svg && chart.svg.isConnected) chart.redraw(); } });
    charts.push(chart);
    const late = fade(s);
    return O.el("div", {}, figure.node, O.el("p", { class: "quiet" }, O.t("whatif.singles_lead"), " ", late ? O.t("whatif.fade", { date: O.brief(late) }) : ""), pick);
  }

  // Twenty dots, each one run in twenty.
  function dots(s, i) {
    const found = () => O.dots(i, group(), asked.series);
    const figure = O.figure(O.t("whatif.dots"), O.t("whatif.dots_sub", { date: O.brief(dayOf(s)) }), () => ({ head: ["", O.t("chart.in_points")], rows: found().map((v, n) => [n + 1, O.points(v)]) }));
    O.plain(figure.room, (width, unit) => {
      const values = found(), reach = Math.max(0.02, ...values.map(Math.abs)) * 1.15, height = unit * 10.5, ground = height - unit * 2.2;
      const x = (v) => width / 2 + (v / reach) * (width / 2 - unit * 1.4);
      const tallest = (size) => d3.max(d3.rollup(values, (v) => v.length, (v) => Math.round(x(v) / (2.15 * size))).values());
      let r = Math.min(unit * 0.42, width / 46);
      while (tallest(r) * 2.15 * r > ground - unit * 1.4) r *= 0.93;
      const columns = new Map();
      const text = (attributes, words) => O.svg("text", { "font-family": O.sans, "font-size": unit * 0.7, fill: O.grey, ...attributes }, words);
      const svg = O.svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": O.t("whatif.dots") },
        O.svg("line", { x1: unit, x2: width - unit, y1: ground + r, y2: ground + r, stroke: "#8d877b" }),
        O.svg("line", { x1: x(0), x2: x(0), y1: unit, y2: ground + r, stroke: O.ink, "stroke-dasharray": "2 3" }),
        text({ x: x(0), y: unit * 0.75, "text-anchor": "middle" }, O.t("whatif.dots_zero")),
        text({ x: unit, y: height - unit * 0.4 }, `← ${O.t("whatif.dots_left")} ${O.points(-reach)}`), text({ x: width - unit, y: height - unit * 0.4, "text-anchor": "end" }, `${O.points(reach)} ${O.t("whatif.dots_right")} →`));
      values.forEach((v) => {
        const column = Math.round(x(v) / (2.15 * r)), level = columns.get(column) || 0;
        columns.set(column, level + 1);
        svg.append(O.svg("circle", { cx: column * 2.15 * r, cy: ground - level * 2.15 * r, r, fill: Math.abs(v) <= O.told.same ? "#ffffff" : O.OTHER, stroke: O.OTHER, "stroke-width": 1.6 }, O.svg("title", {}, O.points(v))));
      });
      return svg;
    });
    return figure.node;
  }

  function change(s, i) {
    const spec = () => {
      const c = O.change(i, group(), asked.series), reach = Math.max(0.05, Math.ceil(Math.max(d3.max(c.high), -d3.min(c.low)) * 20 + 0.3) / 20);
      return { aria: O.t("whatif.change"), ratio: 0.6, tallest: 15, top: reach, bottom: -reach, format: O.points, fadeFrom: fade(s), marks: marks(s), reveal: asked.replay,
        bands: [{ low: c.low, high: c.high, colour: O.OTHER, opacity: 0.25 }], lines: [{ id: "change", label: O.t("whatif.other"), values: c.middle, colour: O.OTHER, width: 3 }] };
    };
    const figure = O.figure(O.t("whatif.change"), O.t("whatif.change_sub"), () => O.lineRows(spec));
    const chart = O.chart(figure.room, spec);
    charts.push(chart);
    figure.node.append(O.el("div", { class: "row" }, O.el("button", { type: "button", "data-replay": "", onclick: () => {
      asked.replay = true;
      charts.forEach((c) => c.redraw());
      O.set({ playing: false });
      O.go(Math.max(0, O.dayOf(s.divergence || "1917-02-23") - 7));
      if (O.still.matches) O.go(O.last);
      else O.set({ playing: true });
    } }, O.t("whatif.replay"))));
    O.on("playing", (state) => { if (!state.playing && chart.svg && chart.svg.isConnected) chart.redraw(); });
    return figure.node;
  }

  function bars(s, i) {
    const why = O.whyBars(i, group(), asked.series, s.divergence ? O.position(O.dayOf(s.divergence)) : 0, s.asked, true);
    const box = O.el("div", { class: "why4" }, O.el("h3", {}, O.t("whatif.why_title")));
    return fillBox(box, why || O.el("p", { class: "absent" }, O.t("whatif.why_none")));
  }
  const fillBox = (box, node) => { box.append(node); return box; };

  // What came otherwise, event by event, up to the day.
  function differs(s) {
    const index = O.scenarios.indexOf(s), all = O.told.history.filter((e) => s.events[e.id]).map((e) => [e, O.happens(index, e)]);
    const other = all.filter(([e, h]) => h.here && (h.gone || h.moved || e.alternative || h.runs < s.runs.length)).sort((a, b) => a[1].day - b[1].day);
    // The ten weightiest at once, the rest behind a fold, each in the order of the year.
    const heavy = new Set([...other].sort((a, b) => b[0].weight - a[0].weight).slice(0, 10));
    const item = ([e, h]) => {
      const key = h.gone ? "did_not" : e.alternative ? "came" : h.moved ? "moved" : "some", n = h.gone ? s.runs.length - h.runs : h.runs;
      return O.el("li", { "data-day": h.day, class: h.gone ? "gone" : "" }, O.el("span", { class: "day" }, h.moved ? O.both(h.day) : O.when(e)), " ", O.el("span", { class: "what" }, e.title), " ",
        O.el("em", {}, O.t(`whatif.${key}`, { runs: O.t("whatif.runs_of", { n, runs: s.runs.length }), date: O.brief(O.dayOf(e.date)) })));
    };
    const first = other.filter((o) => heavy.has(o)).map(item), rest = other.filter((o) => !heavy.has(o)).map(item);
    return O.el("div", { class: "differs" }, O.el("h3", {}, O.t("whatif.changed_events")), first.length ? O.el("ol", { class: "events" }, first) : O.el("p", { class: "quiet" }, O.t("whatif.changed_none")),
      rest.length ? O.el("details", {}, O.el("summary", {}, O.t("whatif.changed_more", { n: rest.length })), O.el("ol", { class: "events" }, rest)) : null);
  }

  function apart(s) {
    const line = ([verb, what, days]) => O.el("li", {}, O.t(`whatif.verbs.${verb}`, { what: verb === "freed" ? O.both(O.dayOf(what)) : what, days }));
    const column = (key, none, lines) => O.el("section", { class: key }, O.el("h3", {}, O.t(`whatif.${key}`)), lines.length ? O.el("ul", {}, lines.map(line)) : O.el("p", { class: "quiet" }, O.t(`whatif.${none}`)));
    return O.el("div", { class: "two apart" }, column("decisions", "no_decisions", s.decided), column("assumptions", "no_assumptions", s.assumed));
  }

  O.on("other", draw);
  O.chosenSeries = () => ({ group: group(), series: asked.series, fade: fade(other()), marks: marks(other()), peak });
  draw();
};

// A picture without a time axis, drawn again when its room changes.
O.plain = (room, picture) => {
  let wide = 0;
  const draw = () => {
    if (!room.clientWidth) return;
    wide = room.clientWidth;
    room.replaceChildren(picture(wide, parseFloat(getComputedStyle(document.documentElement).fontSize)));
  };
  new ResizeObserver(() => { if (room.clientWidth !== wide) draw(); }).observe(room);
  addEventListener("textsize", draw);
  return { draw };
};
