// Minute 4: one page on paper. It is put together when it is asked for.
"use strict";

O.printout = (host, sheet) => {
  const questions = (key) => O.el("ol", {}, O.list(`print.${key}`).map((q) => O.el("li", {}, q)));
  const make = () => {
    const i = O.state.other, s = O.scenarios[i], room = O.el("div", { class: "room" });
    const chosen = O.chosenSeries ? O.chosenSeries() : { group: "empire|soldier", series: "bolshevik" };
    const base = (level) => O.quantile(s.base, chosen.group, chosen.series, level), other = (level) => O.quantile(i, chosen.group, chosen.series, level);
    O.put(sheet, O.el("header", {}, O.el("p", { class: "kicker" }, O.t("page.brand")), O.el("h2", {}, s.base === i ? O.t("print.sheet_history") : O.t("print.sheet", { title: s.title })), O.el("p", {}, O.kindTag(s), " ", s.question || "")),
      s.paired ? O.el("p", { class: "sentence" }, O.oddsTold(i, chosen.group, chosen.series).join(" "), O.uneven(s) ? ` ${O.t("whatif.uneven", { date: O.both(O.dayOf(s.open_since)) })}` : "") : null,
      O.el("p", { class: "caption" }, O.t("whatif.chart", { who: O.who(chosen.group, true), does: O.does(chosen.series) })),
      O.el("p", { class: "sub" }, s.base === i ? O.t("print.history_sub") : O.whatifSub(s)), room,
      O.el("div", { class: "two" }, O.el("section", {}, O.el("h3", {}, O.t("print.assumed")), O.el("p", {}, s.card.changed || O.t("card.none")), O.el("p", {}, s.card.held_fixed || "")), O.el("section", {}, O.el("h3", {}, O.t("print.cannot")), O.el("p", {}, s.card.cannot_say || O.t("card.none")))),
      O.el("div", { class: "two" }, O.el("section", {}, O.el("h3", {}, O.t("print.level_a")), questions("questions_a")), O.el("section", {}, O.el("h3", {}, O.t("print.level_b")), questions("questions_b"))),
      O.el("section", { class: "stakes" }, O.el("h3", {}, O.t("print.voices")), O.voices(s)),
      O.el("footer", {}, O.t("print.made", { version: O.told.version, runs: s.runs.length, agents: O.many(s.agents), seed: s.seed }), " ", O.drawn(s), " ", s.sources.join("; "), " ", O.t("date.note")));
    const spec = () => ({
      aria: O.t("whatif.chart", { who: O.who(chosen.group, true), does: O.does(chosen.series) }), width: 703, unit: 11, cursor: false, read: "end", ratio: 0.34, tallest: 21, fadeFrom: i ? chosen.fade : undefined, marks: i ? chosen.marks : [],
      top: Math.min(1, Math.ceil(Math.max(d3.max(base(0.9)), d3.max(other(0.9)), ...O.counted(chosen.group, chosen.series).map((o) => o.value)) * 10 + 0.4) / 10),
      dots: O.countedDots(chosen.group, chosen.series),
      bands: [{ low: base(0.1), high: base(0.9), colour: O.HISTORY, opacity: 0.14, firm: true }],
      lines: [{ id: "history", label: O.baseName(s), values: base(0.5), colour: O.HISTORY, width: 3, firm: true },
        ...(i ? [...d3.range(Math.min(3, O.singles(i))).map((k) => ({ id: `single${k}`, values: O.single(i, k, chosen.group, chosen.series), colour: O.OTHER, dashes: "7 3", width: 0.9, opacity: 0.7 })), { id: "other", label: O.t("whatif.other"), values: other(0.5), colour: O.OTHER, dashes: "12 5", width: 3 }] : [])],
    });
    O.chart(room, spec).draw();
    fit();
  };
  // The letters of the sheet, px: the largest with which it stays on one page (270 mm of an A4).
  function fit() {
    const root = document.documentElement, before = root.style.fontSize, room = 270 * (96 / 25.4);
    sheet.classList.add("measured");
    for (const size of [11, 10.5, 10, 9.5, 9]) {
      root.style.fontSize = `${size}px`;
      root.style.setProperty("--sheet-text", `${size}px`);
      if (sheet.offsetHeight <= room) break;
    }
    root.style.fontSize = before;
    sheet.classList.remove("measured");
  }
  host.append(O.el("button", { type: "button", class: "main", "data-print": "", onclick: () => { make(); print(); } }, O.t("print.button")));
  addEventListener("beforeprint", make);
  O.makePrint = make;
};
