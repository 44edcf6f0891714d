// The worksheet of the debate over October: filled in before the measures are seen. No total, no key.
"use strict";

O.debate = (host) => {
  const questions = O.told.debate.map((line, i) => {
    const id = O.fresh("debate"), answer = O.el("div", { class: "answer" });
    const marks = O.el("fieldset", {}, O.el("legend", {}, O.t("debate.mark")), Object.entries(O.list("debate.marks")).map(([key, label]) => {
      const box = O.fresh("mark");
      return O.el("span", {}, O.el("input", { type: "radio", name: id, id: box, value: key }), O.el("label", { for: box }, label));
    }));
    const show = () => {
      const found = line.measures.map((told, k) => [told, O.scenarios[O.state.scenario].sheet[i][k]]);
      O.put(answer, O.el("h4", {}, O.t("debate.measured", { title: O.scenarios[O.state.scenario].title })), O.el("ul", {}, found.map(([told, value]) => O.el("li", {}, `${told}: `, O.el("strong", {}, value ?? O.t("debate.not_measured"))))),
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
