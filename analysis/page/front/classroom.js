// Only on the live page: a scenario file picked or edited here is checked and run by the server that sent the page.
"use strict";

O.classroom = (host) => {
  const text = O.el("textarea", { id: O.fresh("file"), rows: 14, spellcheck: "false", class: "code" });
  text.value = O.t("live.starter");
  const name = O.el("input", { type: "text", id: O.fresh("name"), value: "my_question", maxlength: 40, class: "name" });
  const problems = O.el("pre", { class: "problems", role: "status", tabindex: 0, hidden: true });
  const bar = O.el("progress", { max: 1, value: 0, hidden: true, "aria-label": O.t("live.running") }), told = O.el("span", { role: "status" });
  const ask = async (path, body) => {
    const answer = await fetch(`api/${path}`, body === undefined ? {} : { method: "POST", headers: { "Content-Type": "application/json", "X-October": "1" }, body: JSON.stringify(body) });
    if (!answer.ok && answer.status !== 409) throw new Error(String(answer.status));
    return answer.json();
  };
  const say = (lines) => { problems.hidden = !lines.length; problems.textContent = lines.join("\n"); };
  const lost = () => { told.textContent = O.t("live.lost"); };
  const send = async (path) => {
    told.textContent = "";
    try {
      const found = await ask(path, { name: name.value, text: text.value });
      say(found.problems);
      if (found.problems.length) return;
      if (path === "check") told.textContent = O.t("live.right");
      else watch();
    } catch (error) { lost(); }
  };
  const button = (key, act, extra = {}) => O.el("button", { type: "button", "data-live": key, onclick: act, ...extra }, O.t(`live.${key}`));
  const run = button("run", () => send("run"), { class: "main" }), check = button("check", () => send("check"));
  const cancel = button("cancel", () => ask("cancel", {}).catch(lost), { hidden: true });
  const picker = O.el("input", { type: "file", accept: ".yaml,.yml", id: O.fresh("pick"), onchange: async (event) => {
    const file = event.target.files[0];
    if (!file) return;
    text.value = await file.text();
    name.value = file.name.replace(/\.ya?ml$/, "").toLowerCase().replace(/[^a-z0-9_]/g, "_").slice(0, 40);
    event.target.value = "";
  } });
  // The page is loaded anew with what was run: the file, the bets of the class and the new question stay.
  function keep() {
    sessionStorage.setItem("october-lesson", JSON.stringify({ name: name.value, text: text.value, bets: O.bets.kept, odds: O.bets.odds }));
  }
  function restore() {
    const kept = JSON.parse(sessionStorage.getItem("october-lesson") || "null");
    sessionStorage.removeItem("october-lesson");
    if (!kept) return;
    name.value = kept.name;
    text.value = kept.text;
    O.bets.kept = kept.bets;
    O.bets.odds = kept.odds;
    O.oddsSet();
    if (O.whatifs.length) O.set({ other: O.whatifs[O.whatifs.length - 1] });
  }
  async function watch() {
    run.disabled = true;
    cancel.hidden = bar.hidden = false;
    try {
      const state = await ask("state");
      bar.value = state.asked ? state.done / state.asked : 0;
      told.textContent = state.status !== "running" ? O.t(`live.${state.status}`) : state.stage === "why" ? O.t("live.splitting") : O.t("live.progress", { done: state.done, asked: state.asked });
      if (state.status === "running") { setTimeout(watch, 400); return; }
      if (state.status === "failed") say([state.message]);
      if (state.status === "done") { keep(); location.hash = "whatif"; location.reload(); return; }
    } catch (error) { lost(); }
    run.disabled = false;
    cancel.hidden = bar.hidden = true;
  }
  host.prepend(O.el("details", { class: "live" }, O.el("summary", {}, O.t("live.title")), O.el("p", {}, O.rich(O.t("live.lead", { runs: O.scenarios[0].runs.length, agents: O.many(O.scenarios[0].agents) }))),
    O.el("div", { class: "row" }, O.el("label", { for: picker.id }, O.t("live.pick")), picker, O.el("label", { for: name.id }, O.t("live.name")), name),
    O.el("label", { for: text.id }, O.t("live.text")), text, O.el("div", { class: "row" }, check, run, cancel, bar, told), problems));
  restore();
  ask("state").then((state) => { if (state.status === "running") { host.querySelector(".live").open = true; watch(); } }).catch(lost);
};
