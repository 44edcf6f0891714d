// One question under several lenses, side by side: what all of them say stands firmer.
"use strict";

O.underLenses = (host) => {
  const several = [...new Set(O.scenarios.map((s) => s.named))].filter((name) => O.scenarios.filter((s) => s.named === name).length > 1);
  if (!several.length) { host.append(O.el("p", { class: "absent" }, O.rich(O.t(O.classroom ? "lenses.none_live" : "lenses.none")))); return; }
  const members = (name) => O.scenarios.map((s, i) => i).filter((i) => O.scenarios[i].named === name);
  const whatif = (i) => O.scenarios[i].base !== i;
  const asked = { name: several.find((name) => whatif(members(name)[0])) || several[0], place: "empire", stratum: "soldier", series: "bolshevik" };
  const controls = O.el("p", { class: "choices" }), sum = O.el("p", { class: "sentence" }), grid = O.el("div", { class: "two lenses" });
  host.append(controls, sum, grid);
  const group = () => O.groupOf(asked.place, asked.stratum);

  // One scale for all panels.
  const top = () => {
    const rows = members(asked.name).flatMap((i) => [O.quantile(i, group(), asked.series, 0.9), O.quantile(O.scenarios[i].base, group(), asked.series, 0.9)]);
    return Math.min(1, Math.max(0.2, Math.ceil(Math.max(...rows.map((row) => d3.max(row))) * 10) / 10));
  };
  const spec = (i, most) => {
    const s = O.scenarios[i], party = O.party[asked.series], q = (k, level) => O.quantile(k, group(), asked.series, level);
    const band = (k, colour, label) => ({ low: q(k, 0.1), high: q(k, 0.9), colour, opacity: 0.16, firm: k !== i, label });
    const singles = d3.range(Math.min(3, O.singles(i))).map((k) => ({ id: `single${k}`, values: O.single(i, k, group(), asked.series), colour: whatif(i) ? O.OTHER : party.colour, dashes: whatif(i) ? "7 3" : "", width: 0.8, opacity: 0.6 }));
    const aria = O.t("lenses.aria", { lens: O.told.lenses[s.lens].label, who: O.who(group(), true), does: O.does(asked.series) });
    if (!whatif(i)) {
      return { aria, top: most, ratio: 0.6, tallest: 15, bands: [band(i, party.colour)],
        lines: [...singles, { id: asked.series, label: party.label, values: q(i, 0.5), colour: party.colour, ink: party.ink, width: 3 }] };
    }
    return { aria, top: most, ratio: 0.6, tallest: 15, bands: [band(s.base, O.HISTORY, O.baseName(s)), band(i, O.OTHER, O.t("whatif.other"))],
      fadeFrom: s.divergence ? O.dayOf(s.divergence) + 42 : undefined,
      lines: [...singles, { id: "history", label: O.baseName(s), values: q(s.base, 0.5), colour: O.HISTORY, width: 3, firm: true },
        { id: "other", label: O.t("whatif.other"), values: q(i, 0.5), colour: O.OTHER, dashes: "12 5", width: 3 }] };
  };
  function panel(i, most) {
    const s = O.scenarios[i], lens = O.told.lenses[s.lens], draw = () => spec(i, most);
    const figure = O.figure(O.t("lenses.chart", { lens: lens.label, title: s.plain }), O.t("lenses.chart_sub", { who: O.who(group()), what: O.seriesName(asked.series) }), () => O.lineRows(draw));
    figure.node.dataset.lens = s.lens;
    figure.node.append(whatif(i) ? O.el("p", { class: "odds" }, s.paired ? O.oddsTold(i, group(), asked.series).join(" ") : O.t(`whatif.unpaired.${s.unpaired}`)) : "",
      O.el("details", {}, O.el("summary", {}, O.t("lenses.holds", { lens: lens.label })), O.el("p", {}, O.el("span", { class: "kind" }, O.t(`lenses.camp.${lens.camp}`)), " ", lens.text), O.el("p", { class: "quiet" }, lens.sources.join("; "))));
    requestAnimationFrame(() => O.chart(figure.room, draw));
    return figure.node;
  }
  // In how many lenses more than half of the runs point the same way.
  function verdict(those) {
    const paired = those.filter((i) => O.scenarios[i].paired), points = (key) => paired.filter((i) => O.oddsAt(i, group(), asked.series)[key] * 2 > O.scenarios[i].paired.runs).length;
    const less = paired.length ? points("less") : 0, more = paired.length ? points("more") : 0;
    return paired.length ? O.t("lenses.verdict", { who: O.who(group(), true), does: O.does(asked.series), less, more, neither: paired.length - less - more, all: paired.length }) : "";
  }
  function draw() {
    const those = members(asked.name), most = top();
    O.put(controls, several.length > 1 ? O.select(O.t("lenses.question"), several.map((name) => ({ value: name, label: O.scenarios[members(name)[0]].plain })), asked.name, (name) => { asked.name = name; draw(); }) : null,
      O.groupChoices(asked, (change) => { Object.assign(asked, change); draw(); }, true), O.seriesChoice(O.t("whatif.what"), asked.series, (series) => { asked.series = series; draw(); }));
    sum.textContent = verdict(those.filter(whatif));
    O.put(grid, those.map((i) => panel(i, most)));
  }
  draw();
};
