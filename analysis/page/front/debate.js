// The worksheet of the debate over October: filled in before the measures are seen. No total, no key.
"use strict";

// A quantity in words: its middle, and where eight runs in ten lie.
O.measured = (found, form, runs) => {
  if (!found) return O.t("debate.not_measured");
  if (!found.runs) return O.t("debate.in_no_run");
  const write = {
    persons: (v) => (v < 1000 ? Math.round(v) : Math.round(v / 100) * 100).toLocaleString(O.words.lang), date: (v) => O.long(v),
    number: (v) => v.toLocaleString(O.words.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 }), change: (v) => O.t("chart.points", { n: O.points(v) }),
    share: (v) => O.t("chart.percent", { n: O.of100(v) }),
  };
  write.level = write.number;
  const [low, middle, high] = found.spread.map((v) => write[form](v)), some = found.runs < runs ? O.t("debate.in_some", { n: found.runs, runs }) : "";
  return (runs > 1 && low !== high ? O.t("debate.spread", { low, middle, high }) : middle) + some;
};

O.debate = (host) => {
  const questions = O.told.debate.map((line, i) => {
    const id = O.fresh("debate"), answer = O.el("div", { class: "answer" });
    const marks = O.el("fieldset", {}, O.el("legend", {}, O.t("debate.mark")), Object.entries(O.list("debate.marks")).map(([key, label]) => {
      const box = O.fresh("mark");
      return O.el("span", {}, O.el("input", { type: "radio", name: id, id: box, value: key }), O.el("label", { for: box }, label));
    }));
    const show = () => {
      const s = O.scenarios[O.state.scenario], found = line.measures.map(([told, form], k) => [told, O.measured(s.sheet[i][k], form, s.runs.length)]);
      O.put(answer, O.el("h4", {}, O.t("debate.measured", { title: s.title })), O.el("ul", {}, found.map(([told, value]) => O.el("li", {}, `${told}: `, O.el("strong", {}, value)))), s.rose < s.runs.length ? O.el("p", { class: "quiet" }, O.t("debate.no_rising", { came: s.rose, runs: s.runs.length })) : null,
        O.el("div", { class: "two" }, O.el("div", {}, O.el("h4", {}, O.t("debate.few")), O.el("p", {}, line.few)), O.el("div", {}, O.el("h4", {}, O.t("debate.many")), O.el("p", {}, line.many))),
        O.el("p", { class: "quiet" }, O.t("debate.source", { source: line.source })));
      look.hidden = true;
    };
    const look = O.el("button", { type: "button", "data-debate": i, onclick: show }, O.t("debate.reveal"));
    const node = O.el("li", {}, O.el("h3", {}, line.question), O.el("div", { class: "fill" }, O.el("div", {}, O.el("label", { for: `${id}-text` }, O.t("debate.expect")), O.el("textarea", { id: `${id}-text`, rows: 2 })), marks, look), answer);
    return { node, show, shown: () => look.hidden };
  });
  host.append(O.el("ol", { class: "debate" }, questions.map((q) => q.node)), O.el("button", { type: "button", "data-debate": "all", onclick: () => questions.forEach((q) => q.show()) }, O.t("debate.reveal_all")),
    O.el("p", { class: "quiet" }, O.t("debate.note")));
  O.on("scenario", () => questions.filter((q) => q.shown()).forEach((q) => q.show()));
};
