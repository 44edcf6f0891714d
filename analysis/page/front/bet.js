// Minute 1: the reader draws a curve; what was counted comes first, then the model; a proper score in words.
"use strict";

O.bets = { kept: [], odds: {} };

O.bet = (host) => {
  const group = "empire|soldier", series = "bolshevik", party = O.party[series];
  const months = ["1917-03-01", "1917-04-01", "1917-05-01", "1917-06-01", "1917-07-01", "1917-08-01", "1917-09-01", "1917-10-01", "1917-11-01", "1917-12-01", "1918-01-01"].filter((month) => O.dayOf(month) <= O.last);
  const days = months.map(O.dayOf), values = days.map(() => 0.3);
  const whole = ["first_congress", "second_congress", "army_and_navy"];
  const counted = O.told.observed.filter((o) => o.target === series);
  const dots = counted.filter((o) => whole.includes(o.contest));
  const parts = counted.filter((o) => ["front", "garrison"].includes(o.kind) && o.contest !== "army_and_navy");
  let stage = 0, margin = 0.1, classShown = false;

  const dot = (o) => {
    const above = o.contest === "second_congress";
    return { day: O.dayOf(o.date), value: o.value, label: `${o.title}: ${O.of100(o.value)}`, told: `${o.title} ${O.of100(o.value)}`, shape: o.form === "seats" ? "square" : "circle", end: true, lift: above ? -0.7 : 1.1 };
  };
  const spec = () => {
    const lines = [{ id: "yours", label: O.t("bet.yours"), values, days, colour: O.ink, width: 3.2, cursor: false }];
    const bands = [];
    if (classShown) {
      O.bets.kept.forEach((bet, i) => lines.push({ id: `class${i}`, values: bet.curve, days, colour: "#6a6456", width: 1, opacity: 0.5 }));
      lines.push({ id: "class", label: O.t("bet.class_label"), values: days.map((d, i) => d3.median(O.bets.kept, (b) => b.curve[i])), days, colour: "#6a6456", dashes: "2 3", width: 3 });
    }
    if (stage > 1) {
      bands.push(...O.pale(0, group, series, party.colour), { low: O.quantile(0, group, series, 0.1), high: O.quantile(0, group, series, 0.9), colour: party.colour, opacity: 0.25, label: O.t("bet.model") });
      for (let k = 0; k < Math.min(6, O.singles(0)); k += 1) lines.push({ id: `run${k}`, values: O.single(0, k, group, series), colour: party.colour, width: 0.8, opacity: 0.55 });
      lines.push({ id: "model", label: O.t("bet.model"), values: O.quantile(0, group, series, 0.5), colour: party.colour, ink: party.ink, width: 3 });
    }
    return {
      role: "group", aria: O.t("bet.chart"), cursor: false, read: "end", from: 0, to: O.last, ratio: 0.46, tallest: 24, lines, bands,
      dots: stage ? [...parts.map((o) => ({ day: O.dayOf(o.date), value: o.value, label: `${o.title}: ${O.of100(o.value)}`, small: true })), ...dots.map(dot)] : [],
      extra: handles,
    };
  };

  // Eleven handles that are sliders to the keyboard, and a surface to draw on.
  function handles(svg, scale) {
    const set = (i, value) => { values[i] = Math.min(1, Math.max(0, Math.round(100 * value) / 100)); };
    const surface = O.svg("rect", { x: scale.left, y: 0, width: scale.width - scale.left - scale.right, height: scale.height - scale.foot, fill: "#ffffff", "fill-opacity": 0, class: "surface", "data-screen": "" });
    let last = null;
    const draw = (event) => {
      const box = svg.getBoundingClientRect();
      const at = scale.inverse(((event.clientX - box.left) * scale.width) / box.width, ((event.clientY - box.top) * scale.height) / box.height);
      const from = last || at, [a, b] = from.day < at.day ? [from, at] : [at, from];
      const near = d3.minIndex(days, (d) => Math.abs(d - at.day));
      set(near, at.value);
      days.forEach((d, i) => { if (d > a.day && d < b.day) set(i, a.value + ((b.value - a.value) * (d - a.day)) / (b.day - a.day)); });
      last = at;
      refresh(svg, scale);
    };
    surface.addEventListener("pointerdown", (event) => { event.preventDefault(); surface.setPointerCapture(event.pointerId); last = null; draw(event); });
    surface.addEventListener("pointermove", (event) => { if (surface.hasPointerCapture(event.pointerId)) draw(event); });
    surface.addEventListener("pointerup", () => { last = null; told(); });
    svg.append(surface);
    days.forEach((d, i) => {
      const name = O.t("bet.handle", { date: O.brief(d) });
      const knob = O.svg("circle", { cx: scale.x(d), r: 6.5 * (scale.unit / 18), fill: "#ffffff", stroke: O.ink, "stroke-width": 2.4, tabindex: 0, role: "slider", class: "knob", "aria-label": name, "aria-valuemin": 0, "aria-valuemax": 100, "data-handle": i, "data-screen": "" });
      knob.addEventListener("keydown", (event) => {
        const steps = { ArrowUp: 0.01, ArrowRight: 0.01, ArrowDown: -0.01, ArrowLeft: -0.01, PageUp: 0.1, PageDown: -0.1 };
        const next = event.key in steps ? values[i] + steps[event.key] : event.key === "Home" ? 0 : event.key === "End" ? 1 : null;
        if (next === null) return;
        event.preventDefault();
        set(i, next);
        refresh(svg, scale);
        told();
      });
      svg.append(knob);
    });
    refresh(svg, scale);
  }
  function refresh(svg, scale) {
    svg.querySelectorAll(".knob").forEach((knob, i) => {
      knob.setAttribute("cy", scale.y(values[i]));
      knob.setAttribute("aria-valuenow", Math.round(100 * values[i]));
      knob.setAttribute("aria-valuetext", O.t("bet.handle_value", { n: O.of100(values[i]) }));
    });
    const line = svg.querySelector("[data-line=yours]");
    line.setAttribute("d", d3.line().x((v, i) => scale.x(days[i])).y((v) => scale.y(v)).curve(d3.curveMonotoneX)(values));
    if (chart) chart.at(O.state.day, true);
  }

  let chart = null;
  const figure = O.figure(O.t("bet.chart"), O.t("bet.chart_sub"), () => O.lineRows(spec), { class: "wide bet" });
  const text = O.el("div", { class: "told", "aria-live": "polite" });
  const show = O.el("button", { type: "button", class: "main", "data-bet": "show", onclick: () => next() }, O.t("bet.show_dots"));
  const again = O.el("button", { type: "button", "data-bet": "again", hidden: true, onclick: () => { stage = 0; next(0); } }, O.t("bet.again"));
  const sure = O.el("fieldset", { class: "sure" }, O.el("legend", {}, O.t("bet.sure")), [5, 10, 20].map((n) => {
    const id = O.fresh("sure");
    return O.el("span", {}, O.el("input", { type: "radio", name: "sure", id, value: n, checked: n === 10, onchange: () => { margin = n / 100; told(); } }), O.el("label", { for: id }, O.t(`bet.sure_${n}`)));
  }));
  const count = O.el("p", { class: "quiet", "data-bet": "count" });
  const loader = O.el("input", { type: "file", accept: "application/json,.json", hidden: true, "aria-label": O.t("bet.class_load"), "data-bet": "file", onchange: async (event) => { await load(event.target.files[0]); event.target.value = ""; } });
  const kept = O.el("details", { class: "class" }, O.el("summary", {}, O.t("bet.class_title")), O.el("div", { class: "row" },
    O.el("button", { type: "button", "data-bet": "keep", onclick: () => { O.bets.kept.push({ curve: [...values], margin, odds: { ...O.bets.odds } }); classShown = stage > 0; counts(); chart.redraw(); } }, O.t("bet.class_add")),
    O.el("button", { type: "button", "data-bet": "save", onclick: () => O.download(O.t("bet.file"), JSON.stringify({ lesson: "october-1917", days: months, bets: O.bets.kept }, null, 1), "application/json") }, O.t("bet.class_save")),
    O.el("button", { type: "button", onclick: () => loader.click() }, O.t("bet.class_load")), loader), count);
  host.append(figure.node, O.el("div", { class: "row" }, show, again, sure), text, kept);

  function next(to) {
    stage = to ?? Math.min(2, stage + 1);
    show.textContent = O.t(stage === 0 ? "bet.show_dots" : "bet.show_model");
    show.hidden = stage > 1;
    again.hidden = stage === 0;
    classShown = stage > 0 && O.bets.kept.length > 0;
    chart.redraw();
    told();
  }
  function told() {
    const low = d3.min(parts, (o) => o.value), high = d3.max(parts, (o) => o.value);
    const answers = dots.filter((o) => o.model).map((o) => O.t("bet.answer", { model: O.of100(o.model[1]), title: o.title, value: O.of100(o.value) })).join(", ");
    O.put(text, stage === 0 ? O.el("p", { class: "quiet" }, O.t("bet.before")) : null,
      stage > 0 && dots.length ? O.el("p", {}, parts.length ? O.t("bet.dots_told", { n: dots.length, low: O.of100(low), high: O.of100(high) }) : O.t("bet.dots_told_one", { n: dots.length })) : null,
      stage > 0 && !dots.length ? O.el("p", {}, O.t("bet.score_none")) : null,
      stage > 1 ? O.el("p", {}, O.t("bet.model_told", { answers }) + O.ownError(0)) : null,
      stage > 1 && dots.some((o) => o.model) ? O.el("p", { class: "score", "data-bet": "score" }, score()) : null);
  }
  // The interval score (Gneiting and Raftery, 2007): the width of the margin and ten times any miss beyond it, for 80 per cent.
  function interval(low, high, value) {
    return high - low + 10 * Math.max(0, low - value) + 10 * Math.max(0, value - high);
  }
  function score() {
    const scored = dots.filter((o) => o.model), at = (o) => O.atOf({ values, days }, O.dayOf(o.date));
    const mean = (of) => Math.round(100 * d3.mean(scored, of));
    return O.t("bet.score", {
      margin: Math.round(100 * margin), you: mean((o) => interval(Math.max(0, at(o) - margin), Math.min(1, at(o) + margin), o.value)),
      model: mean((o) => interval(o.model[0], o.model[2], o.value)), flat: mean((o) => interval(0, 0.2, o.value)),
    });
  }
  function counts() {
    const n = O.bets.kept.length;
    count.textContent = n ? O.t("bet.class_count", { n }) : O.t("bet.class_none");
    const odds = O.bets.kept.map((b) => b.odds).filter(Boolean);
    [...new Set(odds.flatMap(Object.keys))].forEach((question) => {
      const [name, of, what] = question.split(/\/(.+)\//), s = O.scenarios.find((one) => one.name === name), said = odds.map((o) => o[question]).filter((v) => v !== undefined);
      if (!s || !O.hasGroup(of) || !O.party[what]) return;
      count.append(` ${O.t("bet.class_odds", { title: s.title, who: O.who(of, true), does: O.does(what), low: d3.min(said), high: d3.max(said), middle: Math.round(d3.median(said)) })}`);
    });
  }
  async function load(file) {
    if (!file) return;
    const right = (bet) => bet && Array.isArray(bet.curve) && bet.curve.length === days.length && bet.curve.every((v) => typeof v === "number" && v >= 0 && v <= 1);
    try {
      const found = JSON.parse(await file.text());
      if (found.lesson !== "october-1917" || !Array.isArray(found.bets) || !found.bets.every(right)) throw new Error("shape");
      const odds = (bet) => Object.fromEntries(Object.entries(bet.odds || {}).filter(([, v]) => typeof v === "number"));
      O.bets.kept.push(...found.bets.slice(0, 500).map((bet) => ({ curve: bet.curve, margin: Number(bet.margin) || 0.1, odds: odds(bet) })));
      classShown = stage > 0;
      chart.redraw();
      counts();
      count.prepend(`${O.t("bet.class_loaded", { n: found.bets.length })} `);
    } catch (error) {
      count.textContent = O.t("bet.class_wrong");
    }
  }
  O.oddsSet = counts;
  chart = O.chart(figure.room, spec);
  told();
  counts();
};
