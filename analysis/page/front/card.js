// The card of a scenario, one tap away: what was assumed, what it can't say, who had what at stake.
"use strict";

O.dialog = (title, ...content) => {
  const label = O.fresh("dialog");
  const node = O.el("dialog", { "aria-labelledby": label }, O.el("div", { class: "sheet" }, O.el("h2", { id: label, tabindex: -1, autofocus: true }, title), content,
    O.el("button", { type: "button", class: "main", onclick: () => node.close() }, O.t("page.close"))));
  const before = document.activeElement;
  node.addEventListener("close", () => { node.remove(); if (before) before.focus(); });
  node.addEventListener("click", (event) => { if (event.target === node) node.close(); });
  document.body.append(node);
  node.showModal();
};

const part = (key, words) => O.el("section", {}, O.el("h3", {}, O.t(`card.${key}`)), O.el("p", {}, words || O.t("card.none")));
const told = (s) => [O.t("card.runs", { runs: s.runs.length, agents: O.many(s.agents), seed: s.seed }), " ", O.drawn(s)];
// Whether the spread of the runs holds doubt about parameters.
O.drawn = (s) => O.t(s.provisional ? "card.provisional" : s.drawn ? "card.drawn" : "card.declared");

O.kindTag = (s) => O.el("span", { class: "kind", title: O.t(`whatif.kind_told.${s.kind || "minimal_rewrite"}`) }, O.t(`whatif.kind.${s.kind || "minimal_rewrite"}`));

O.assumed = (s) => O.dialog(O.t("whatif.assumed"), O.el("p", { class: "lead" }, O.kindTag(s), " ", O.t(`whatif.kind_told.${s.kind || "minimal_rewrite"}`)),
  ["changed", "held_fixed", "why_possible", "settle_by"].map((key) => part(key, s.card[key])),
  part("confidence", O.t(`card.confidence_told.${s.kind || "minimal_rewrite"}`)),
  O.el("section", {}, O.el("h3", {}, O.t("card.sources")), O.el("ul", {}, s.sources.map((source) => O.el("li", {}, source)))), O.el("p", { class: "quiet" }, told(s)));

O.cannot = (s) => O.dialog(O.t("whatif.cannot"), O.el("p", { class: "lead" }, s.card.cannot_say || O.t("card.none")),
  O.el("h3", {}, O.t("evidence.what_not")), O.el("ul", {}, O.list("general_cannot").map((line) => O.el("li", {}, line))));

O.voices = (s) => O.el("div", { class: "voices" }, Object.entries(s.voices).map(([who, words]) =>
  O.el("blockquote", {}, O.el("p", {}, words), O.el("footer", {}, O.t(`voices.${who}`)))));

O.doors = (s) => O.el("div", { class: "row doors" },
  O.el("button", { type: "button", "data-door": "assumed", onclick: () => O.assumed(s) }, O.t("whatif.assumed")),
  O.el("button", { type: "button", "data-door": "cannot", onclick: () => O.cannot(s) }, O.t("whatif.cannot")));
