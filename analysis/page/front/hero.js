// Minute 0: one sentence and one curve that is already playing.
"use strict";

O.hero = (host) => {
  const group = "petrograd|worker", party = O.party.soviet_power, runs = O.scenarios[0].runs.length;
  // The whole chart fits above the bar on a small screen too, where it is not too low to read.
  const fitting = () => {
    const unit = parseFloat(getComputedStyle(document.documentElement).fontSize), over = figure.room.getBoundingClientRect().top + scrollY;
    return Math.min(20, Math.max(13, (innerHeight - over) / unit - 5));
  };
  const spec = () => ({
    aria: O.t("hero.chart"), reveal: true, ratio: 0.4, tallest: fitting(), top: 1,
    bands: [...O.pale(0, group, "soviet_power", party.colour), { low: O.quantile(0, group, "soviet_power", 0.1), high: O.quantile(0, group, "soviet_power", 0.9), colour: party.colour, opacity: 0.14 }],
    lines: [
      ...Array.from({ length: O.singles(0) }, (_, k) => ({ id: `run${k}`, values: O.single(0, k, group, "soviet_power"), colour: party.colour, width: 0.8, opacity: 0.35 })),
      { id: "middle", label: O.t("hero.label"), values: O.quantile(0, group, "soviet_power", 0.5), colour: party.colour, ink: party.ink, width: 4 },
    ],
  });
  const figure = O.figure(O.t("hero.chart"), O.t("hero.chart_sub", { runs, singles: O.singles(0) }) + O.ownError(0), () => O.lineRows(spec), { class: "wide" });
  host.append(figure.node);
  O.chart(figure.room, spec);
};
