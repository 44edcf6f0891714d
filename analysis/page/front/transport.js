// The bar at the foot of the page: play, pause, step, speed, drag, keys. It alone moves the day.
"use strict";

O.transport = (bar) => {
  const speeds = [4, 12, 30, 60];
  const events = O.told.history.filter((e) => !e.alternative), days = events.map((e) => O.dayOf(e.date));
  const inRange = days.map((d, i) => [d, i]).filter(([d]) => d >= 0 && d <= O.last);
  const icon = (d) => O.svg("svg", { viewBox: "0 0 24 24", width: 22, height: 22, "aria-hidden": "true" }, O.svg("path", { d, fill: "currentColor" }));
  const shapes = { play: "M7 4.5v15l12-7.5z", pause: "M6 4.5h4v15H6zM14 4.5h4v15h-4z", back: "M18 5v14l-9-7zM6 5h2.4v14H6z", forward: "M6 5v14l9-7zM15.6 5H18v14h-2.4z" };
  const button = (key, act, d) => O.el("button", { type: "button", class: `key ${key}`, "data-key": key, "aria-label": O.t(`transport.${key}`), title: O.t(`transport.${key}`), onclick: act }, icon(d));
  const stop = () => O.set({ playing: false });
  const go = (day) => O.set({ day: Math.min(O.last, Math.max(0, day)) });
  O.go = go;

  const play = button("play", () => toggle(), shapes.play);
  const date = O.el("output", { class: "date", "aria-live": "off" });
  const range = O.el("input", {
    type: "range", min: 0, max: O.last, step: 1, value: 0, "aria-label": O.t("transport.scrub"), title: O.t("transport.ready"),
    oninput: (event) => { stop(); go(Number(event.target.value)); },
  });
  const ticks = O.svg("svg", { class: "ticks", viewBox: "0 0 1000 10", preserveAspectRatio: "none", "aria-hidden": "true" },
    inRange.map(([d, i]) => O.svg("rect", { x: (1000 * d) / O.last - 0.6, y: events[i].weight > 12 ? 0 : events[i].weight > 5 ? 3 : 6, width: 1.3, height: 10, fill: "currentColor", "fill-opacity": events[i].weight > 12 ? 0.85 : 0.4 })));
  const speed = O.el("select", { "aria-label": O.t("transport.speed"), onchange: (event) => O.set({ speed: Number(event.target.value) }) },
    speeds.map((n) => O.el("option", { value: n, selected: n === O.state.speed }, O.t("transport.speed_of", { n }))));
  O.put(bar, O.el("div", { class: "keys" }, button("back", () => { stop(); go(O.state.day - 7); }, shapes.back), play, button("forward", () => { stop(); go(O.state.day + 7); }, shapes.forward)),
    date, O.el("div", { class: "track" }, ticks, range), O.el("span", { class: "speed" }, speed));

  function toggle() {
    if (!O.state.playing && O.state.day >= O.last) go(0);
    O.set({ playing: !O.state.playing });
  }
  O.toggle = toggle;
  O.nextEvent = (step) => {
    stop();
    const day = Math.round(O.state.day), on = inRange.map(([d]) => d).filter((d) => (step > 0 ? d > day : d < day));
    if (on.length) go(step > 0 ? Math.min(...on) : Math.max(...on));
  };

  let before = 0, shownDay = -1;
  const frame = (now) => {
    if (!O.state.playing) return;
    const passed = Math.min(100, now - before);
    before = now;
    const until = O.state.until ?? O.last, day = Math.min(until, O.state.day + (passed / 1000) * O.state.speed);
    O.set({ day });
    if (day >= until) O.set({ playing: false, until: undefined });
    else requestAnimationFrame(frame);
  };
  O.on("playing", (state) => {
    const key = state.playing ? "pause" : "play";
    play.setAttribute("aria-label", O.t(`transport.${key}`));
    play.title = O.t(`transport.${key}`);
    play.querySelector("path").setAttribute("d", shapes[key]);
    document.body.classList.toggle("playing", state.playing);
    if (state.playing) { before = performance.now(); requestAnimationFrame(frame); }
  });
  const told = (state) => {
    const day = Math.round(state.day);
    if (day === shownDay) return;
    shownDay = day;
    range.value = day;
    range.setAttribute("aria-valuetext", O.both(day));
    date.replaceChildren(O.el("strong", {}, O.long(day)), O.el("span", {}, O.t("date.new", { date: O.brief(day, 13) })));
  };
  O.on("day", told);
  told(O.state);

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    const busy = event.target.closest("input, select, textarea, [role=slider], summary, .table, a, button");
    if (event.key === " " && !busy) { event.preventDefault(); toggle(); return; }
    if (busy) return;
    const acts = {
      ArrowRight: () => { stop(); go(O.state.day + (event.shiftKey ? 7 : 1)); },
      ArrowLeft: () => { stop(); go(O.state.day - (event.shiftKey ? 7 : 1)); },
      Home: () => { stop(); go(0); }, End: () => { stop(); go(O.last); },
      n: () => O.nextEvent(1), p: () => O.nextEvent(-1),
      "+": () => faster(1), "=": () => faster(1), "-": () => faster(-1), "−": () => faster(-1),
    };
    if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
  });
  function faster(step) {
    const at = Math.min(speeds.length - 1, Math.max(0, speeds.indexOf(O.state.speed) + step));
    speed.value = speeds[at];
    O.set({ speed: speeds[at] });
  }
};
