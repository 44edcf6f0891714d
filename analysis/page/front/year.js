// The whole year, everything bound to the day: curves by party and stratum, policy and party, events, seats, two maps.
"use strict";

O.year = (host) => {
  const state = O.state;
  const controls = O.el("p", { class: "choices" });
  const group = () => O.groupOf(state.place, state.stratum);
  const card = O.el("section", { class: "card", "aria-live": "off" });
  const top = (...rows) => Math.min(1, Math.max(0.2, Math.ceil(Math.max(...rows.map((r) => d3.max(r))) * 10 + 0.3) / 10));

  const partySpec = () => {
    const lines = O.told.parties.filter((p) => p.id !== "soviet_power").map((p) => ({ p, values: O.quantile(state.scenario, group(), p.id, 0.5) }))
      .filter((l) => d3.max(l.values) > 0.06).map(({ p, values }) => ({ id: p.id, label: p.label, values, colour: p.colour, ink: p.ink, dashes: p.dashes, width: 2.8 }));
    return { aria: O.t("year.by_party"), lines, top: top(...lines.map((l) => l.values)), ratio: 0.62, tallest: 23 };
  };
  const byParty = O.figure(O.t("year.by_party"), "", () => O.lineRows(partySpec));
  const stratumSpec = () => {
    const lines = O.told.strata.filter((s) => O.hasGroup(`${state.place}|${s.id}`)).map((s) => ({ id: s.id, label: s.label, values: O.quantile(state.scenario, `${state.place}|${s.id}`, state.party, 0.5), colour: s.colour, ink: s.ink, dashes: s.dashes, width: 2.8 }));
    return { aria: O.t("year.by_stratum"), lines, top: top(...lines.map((l) => l.values)), ratio: 0.62, tallest: 20 };
  };
  const byStratum = O.figure(O.t("year.by_stratum"), "", () => O.lineRows(stratumSpec));
  const policySpec = () => {
    const one = (id) => ({ id, label: O.party[id].label, values: O.quantile(state.scenario, group(), id, 0.5), colour: O.party[id].colour, ink: O.party[id].ink, width: 3 });
    const band = (id) => ({ low: O.quantile(state.scenario, group(), id, 0.1), high: O.quantile(state.scenario, group(), id, 0.9), colour: O.party[id].colour, opacity: 0.16, label: O.party[id].label });
    return { aria: O.t("year.policy"), lines: [one("soviet_power"), one("bolshevik")], bands: [...["soviet_power", "bolshevik"].flatMap((id) => O.pale(state.scenario, group(), id, O.party[id].colour)), band("soviet_power"), band("bolshevik")], top: 1, ratio: 0.62, tallest: 20 };
  };
  const policy = O.figure(O.t("year.policy"), "", () => O.lineRows(policySpec));
  const house = O.house(), capital = O.map("capital"), country = O.map("country");
  host.append(controls, O.el("div", { class: "year" }, O.el("div", { class: "main-chart" }, byParty.node), card, byStratum.node, policy.node, house.node, capital.node, O.el("div", { class: "full" }, country.node)), O.el("p", { class: "quiet" }, O.t("year.toll")));
  const charts = [O.chart(byParty.room, partySpec), O.chart(byStratum.room, stratumSpec), O.chart(policy.room, policySpec)];

  function draw() {
    O.put(controls,
      O.shown.length > 1 ? O.select(O.t("year.scenario"), O.shown.map((i) => ({ value: String(i), label: O.scenarios[i].title })), String(state.scenario), (v) => O.set({ scenario: Number(v) })) : null,
      O.groupChoices(state, (change) => O.set(change)), O.seriesChoice(O.t("year.party"), state.party, (party) => O.set({ party })));
    const who = O.who(group());
    byParty.says(O.t("year.by_party"), O.t("year.by_party_sub", { who }));
    byStratum.says(O.t("year.by_stratum"), O.t("year.by_stratum_sub", { party: O.seriesName(state.party), place: O.placeName(state.place) }));
    policy.says(O.t("year.policy"), O.t("year.policy_sub", { who }) + O.ownError(state.scenario));
    charts.forEach((chart) => chart.redraw());
  }

  let history = [], days = [], states = [], shown = null;
  const gather = () => {
    const all = O.told.history.map((e) => [e, O.happens(state.scenario, e)]).filter(([, h]) => h.here).sort((a, b) => a[1].day - b[1].day);
    [history, states, days] = [all.map(([e]) => e), all.map(([, h]) => h), all.map(([, h]) => h.day)];
    shown = null;
  };
  const seen = O.seen(card);
  seen.wake = event;
  // The weightiest of the week's events that have begun; on its own day the day's own.
  function event() {
    const day = Math.round(O.state.day);
    let best = -1;
    history.forEach((e, i) => {
      if (days[i] > day || days[i] < 0) return;
      const score = (i) => history[i].weight - 4 * Math.max(0, day - days[i]);
      if (best < 0 || days[i] === day && days[best] < day || days[i] >= day - 7 && score(i) >= score(best)) best = i;
    });
    const key = `${best}/${O.state.scenario}`;
    if (key === shown) return;
    shown = key;
    if (best < 0) { O.put(card, O.el("h3", {}, O.t("year.event")), O.el("p", { class: "quiet" }, O.t("year.event_none"))); return; }
    const e = history[best], h = states[best], gone = h.gone, s = O.scenarios[O.state.scenario];
    O.put(card, O.el("p", { class: "day" }, h.moved ? O.both(h.day) : O.when(e)), O.el("h3", { class: gone ? "gone" : "" }, e.title),
      gone ? O.el("p", { class: "label" }, O.t("year.event_gone")) : h.runs < s.runs.length || h.moved ? O.el("p", { class: "label" }, O.t("year.event_some", { n: h.runs, runs: s.runs.length, date: O.both(O.dayOf(e.date)) })) : null, O.el("p", { class: "text" }, e.text),
      O.el("p", { class: "quiet" }, O.t("year.event_sources", { sources: e.sources.join("; ") })),
      O.el("div", { class: "row" }, O.el("button", { type: "button", "data-event": "back", onclick: () => O.nextEvent(-1) }, O.t("transport.previous_event")), O.el("button", { type: "button", "data-event": "next", onclick: () => O.nextEvent(1) }, O.t("transport.next_event"))));
  }
  O.on("day", () => { if (seen.visible) event(); });
  O.on("scenario", () => { gather(); event(); });
  O.on("scenario place stratum party", draw);
  draw();
  gather();
  event();
};

// Half-circles of dots: the seats of the chosen body.
O.house = () => {
  let body = "petrograd_soviet", shown = "", height = 0;
  const figure = O.figure(O.t("year.house"), "", rows), note = O.el("p", { class: "quiet" }), seen = O.seen(figure.node);
  const choice = O.el("p", { class: "choices" });
  figure.node.insertBefore(choice, figure.room);
  figure.node.append(note);
  const houses = () => O.scenarios[O.state.scenario].houses;
  const position = (house) => Math.max(0, d3.bisectRight(house.dates.map(O.dayOf), Math.round(O.state.day)) - 1);
  function rows() {
    const house = houses()[body], parties = O.told.parties.slice(0, -1);
    return { head: [O.t("chart.date"), ...parties.map((p) => p.label)], rows: house.dates.map((d, i) => [d, ...house.seats[i]]) };
  }
  // The order of seating: the usual one of drawings of the time's camps, without meaning.
  const order = ["bolshevik", "left_sr", "anarchist", "menshevik_internationalist", "menshevik", "sr", "national_socialist", "national", "unaligned", "kadet", "right"];
  function draw(force) {
    const known = houses();
    if (!known[body]) body = Object.keys(known)[0];
    const house = known[body], at = position(house), key = `${O.state.scenario}/${body}/${at}/${O.state.day < O.dayOf(house.dates[0])}`;
    if (!force && key === shown) return;
    shown = key;
    const day = O.dayOf(house.dates[at]), early = O.state.day < O.dayOf(house.dates[0]), seats = house.seats[at], total = d3.sum(seats), per = Math.max(1, Math.ceil(total / 220));
    figure.says(house.title, early ? O.t("year.house_not_yet", { date: O.brief(day) }) : O.t("year.house_sub", { total, date: O.brief(day), runs: house.runs[at] }));
    note.textContent = O.t("year.house_note", { per });
    const ids = O.told.parties.map((p) => p.id), dots = order.flatMap((id) => Array(Math.round((early ? 0 : seats[ids.indexOf(id)]) / per)).fill(id));
    picture.dots = dots;
    picture.seats = order.map((id) => [id, seats[ids.indexOf(id)]]).filter(([, n]) => n && !early);
    paint.draw();
  }
  const picture = { dots: [], seats: [] };
  const paint = O.plain(figure.room, (width, unit) => {
    const size = Math.min(width, unit * 24), outer = size * 0.47, rings = Math.max(3, Math.round(Math.sqrt(picture.dots.length / 3))), spots = [];
    for (let ring = 0; ring < rings; ring += 1) {
      const radius = outer * (0.42 + (0.58 * ring) / (rings - 1 || 1)), weight = radius;
      spots.push({ radius, weight });
    }
    const all = d3.sum(spots, (s) => s.weight), count = picture.dots.length;
    let left = count;
    const places = spots.flatMap((s, i) => {
      const n = i === rings - 1 ? left : Math.min(left, Math.round((count * s.weight) / all));
      left -= n;
      return d3.range(n).map((k) => ({ radius: s.radius, angle: n > 1 ? Math.PI * (1 - k / (n - 1)) : Math.PI / 2 }));
    }).sort((a, b) => b.angle - a.angle || a.radius - b.radius);
    const r = Math.min(unit * 0.36, (outer * 0.58) / rings / 2.3, (Math.PI * outer * 0.42) / Math.max(6, count / rings) / 1.7), legend = picture.seats.filter(([, n]) => n > 0);
    const widest = Math.max(0, ...legend.map(([id, n]) => O.measure(`${O.party[id].label} ${n}`, unit * 0.72))) + unit * 1.7;
    const columns = Math.max(1, Math.min(3, Math.floor(width / widest))), lines = Math.ceil(legend.length / columns), tall = outer + r * 2 + unit * 0.8;
    height = Math.max(tall + lines * unit * 1.15 + unit * 0.5, unit * 15);
    const svg = O.svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": figure.heading.textContent });
    places.forEach((p, i) => {
      const party = O.party[picture.dots[i]], x = width / 2 + p.radius * Math.cos(p.angle), y = outer + r + unit * 0.2 - p.radius * Math.sin(p.angle);
      const hollow = party.dashes ? { fill: "#ffffff", stroke: party.colour, "stroke-width": r * 0.62, r: r * 0.68 } : { fill: party.colour, r };
      svg.append(O.svg("circle", { cx: x.toFixed(1), cy: y.toFixed(1), ...hollow }));
    });
    // The name of a large party stands on its seats, so that no colour has to be matched.
    picture.seats.filter(([id]) => picture.dots.filter((d) => d === id).length >= 0.09 * count).forEach(([id]) => {
      const own = places.filter((p, i) => picture.dots[i] === id), angle = d3.mean(own, (p) => p.angle), radius = outer * 0.72, words = O.party[id].label, half = O.measure(words, unit * 0.8) / 2 + 2;
      svg.append(O.svg("text", { x: Math.min(width - half, Math.max(half, width / 2 + radius * Math.cos(angle))).toFixed(1), y: (outer + r + unit * 0.45 - radius * Math.sin(angle)).toFixed(1), "text-anchor": "middle", "font-family": O.sans, "font-size": unit * 0.8, "font-weight": 700, fill: O.ink, stroke: "#ffffff", "stroke-width": unit * 0.26, "paint-order": "stroke", "stroke-linejoin": "round", "data-camp": id }, words));
    });
    legend.forEach(([id, n], i) => {
      const party = O.party[id], x = (i % columns) * (width / columns) + unit * 0.6, y = tall + Math.floor(i / columns) * unit * 1.15 + unit * 0.7, q = unit * 0.3;
      svg.append(O.svg("circle", party.dashes ? { cx: x, cy: y - q, r: q * 0.75, fill: "#ffffff", stroke: party.colour, "stroke-width": q * 0.6 } : { cx: x, cy: y - q, r: q, fill: party.colour }),
        O.svg("text", { x: x + unit * 0.5, y, "font-family": O.sans, "font-size": unit * 0.72, "font-weight": 600, fill: party.ink }, `${party.label} ${n}`));
    });
    return svg;
  });
  function choose() {
    O.put(choice, O.select(O.t("year.house_choose"), Object.entries(houses()).map(([id, h]) => ({ value: id, label: h.title })), body, (v) => { body = v; draw(true); }));
    draw(true);
  }
  seen.wake = () => draw();
  O.on("day", () => { if (seen.visible) draw(); });
  O.on("scenario", choose);
  choose();
  return { node: figure.node };
};
