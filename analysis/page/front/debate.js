// 'Coup or revolution': a sheet to fill in before the measures are seen. No total, no key.
"use strict";

O.debate = (host) => {
  const s = () => O.scenarios[O.state.scenario];
  const measure = (m) => {
    const values = (s().outcomes[m.outcome] || []).filter((v) => v !== null);
    if (!values.length) return null;
    const sorted = [...values].sort((a, b) => a - b), q = (p) => d3.quantileSorted(sorted, p);
    const say = (v) => (m.form === "share" ? O.t("chart.percent", { n: O.of100(v) }) : m.form === "date" ? O.brief(v) : Math.round(v / (m.round || 1)) * (m.round || 1));
    const told = (v) => say(v).toLocaleString("en");
    const low = told(q(0.1)), middle = told(q(0.5)), high = told(q(0.9));
    return O.el("li", {}, `${m.label}: `, O.el("strong", {}, low === high ? middle : O.t("debate.range", { low, middle, high })));
  };
  const questions = O.list("debate.questions").map((question, i) => {
    const id = O.fresh("debate"), answer = O.el("div", { class: "answer" });
    const marks = O.el("fieldset", {}, O.el("legend", {}, O.t("debate.mark")), Object.entries(O.list("debate.marks")).map(([key, label]) => {
      const box = O.fresh("mark");
      return O.el("span", {}, O.el("input", { type: "radio", name: id, id: box, value: key }), O.el("label", { for: box }, label));
    }));
    const show = () => {
      const found = question.measures.map(measure).filter(Boolean);
      O.put(answer, O.el("h4", {}, O.t("debate.measured")), found.length ? O.el("ul", {}, found) : O.el("p", { class: "quiet" }, O.t("debate.not_measured")),
        O.el("div", { class: "two" }, O.el("div", {}, O.el("h4", {}, O.t("debate.against")), O.el("p", {}, question.few)), O.el("div", {}, O.el("h4", {}, O.t("debate.for")), O.el("p", {}, question.many))),
        O.el("p", { class: "quiet" }, O.t("year.event_sources", { sources: question.sources })));
      look.hidden = true;
    };
    const look = O.el("button", { type: "button", "data-debate": i, onclick: show }, O.t("debate.reveal"));
    const node = O.el("li", {}, O.el("h3", {}, question.ask), O.el("div", { class: "fill" }, O.el("div", {}, O.el("label", { for: `${id}-text` }, O.t("debate.expect")), O.el("textarea", { id: `${id}-text`, rows: 2 })), marks, look), answer);
    return { node, show };
  });
  host.append(O.el("ol", { class: "debate" }, questions.map((q) => q.node)), O.el("button", { type: "button", "data-debate": "all", onclick: () => questions.forEach((q) => q.show()) }, O.t("debate.reveal_all")));
};
