// Puts the parts together. The first curve is drawn and playing before the rest is made.
"use strict";

(() => {
  O.state.day = 0;
  O.live = (host) => { if (O.classroom) O.classroom(host); };
  O.transport(O.id("transport"));
  O.hero(O.id("hero-chart"));
  const big = O.id("size");
  big.addEventListener("click", () => {
    const on = document.documentElement.classList.toggle("large");
    big.textContent = O.t(on ? "page.size_off" : "page.size_on");
    big.setAttribute("aria-pressed", String(on));
    dispatchEvent(new Event("textsize"));
  });
  const parts = [["bet-room", O.bet], ["whatif-room", O.whatif], ["whatif-room", O.live], ["why-room", O.why], ["year-room", O.year], ["debate-room", O.debate], ["contingency-room", O.contingency], ["lenses-room", O.underLenses], ["evidence-room", O.evidence]];
  // One part a turn, so that the first curve moves at once.
  const next = () => {
    const part = parts.shift();
    if (part) {
      part[1](O.id(part[0]));
      setTimeout(next, 0);
      return;
    }
    O.printout(O.id("print-room"), O.id("sheet"));
    O.id("made").textContent = O.t("foot.made", { version: O.told.version, scenarios: O.shown.length, runs: O.scenarios[0].runs.length, seed: O.scenarios[0].seed });
    O.explain(document.body);
    document.documentElement.dataset.ready = "yes";
  };
  if (O.still.matches) O.set({ day: O.last });
  else requestAnimationFrame(() => O.set({ playing: true }));
  setTimeout(next, 60);
})();
