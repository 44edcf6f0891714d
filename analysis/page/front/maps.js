// Two schematic maps of tiles: Petrograd by district, the country with its fronts and fleets. Depth of colour is a share.
"use strict";

O.map = (name) => {
  const tiles = O.told.maps[name].flatMap((spot) => {
    if (O.hasGroup(`${spot.place}|all`) && (name === "capital" || !O.hasGroup(`${spot.place}/towns|all`))) return [{ ...spot, group: `${spot.place}|all` }];
    return ["towns", "garrisons", "villages"].filter((kind) => O.hasGroup(`${spot.place}/${kind}|all`)).map((kind, i) => ({ ...spot, column: spot.column + i, kind, region: spot.place, group: `${spot.place}/${kind}|all` }));
  });
  const share = (tile, day) => O.at(O.quantile(O.state.scenario, tile.group, O.state.party, 0.5), day);
  const figure = O.figure(O.t(`year.${name}`), "", () => ({ head: [O.t("chart.place"), O.t("chart.date"), O.seriesName(O.state.party)], rows: tiles.map((t) => [O.placeName(t.group.split("|")[0]), O.iso(O.state.day), O.of100(share(t, O.state.day))]) }), { class: "map" });
  figure.node.append(O.el("p", { class: "quiet" }, O.t("year.map_note")));
  const short = (place) => O.words.year.short[place] || O.placeName(place);
  let nodes = [], shownDay = null;
  // A shade between white and the party's colour; its ink is white or black, whichever reads.
  const blend = (share) => {
    const rgb = [1, 3, 5].map((i) => parseInt(O.party[O.state.party].colour.slice(i, i + 2), 16)), part = Math.min(1, 0.04 + share * 1.05);
    const mixed = rgb.map((c) => Math.round(250 + (c - 250) * part)), linear = mixed.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    const light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    return { fill: `rgb(${mixed.join(",")})`, ink: light > 0.18 ? "#14120f" : "#ffffff" };
  };
  const paint = O.plain(figure.room, (room, unit) => {
    const across = Math.max(...tiles.map((t) => t.column)) + 1, width = Math.max(room, across * unit * 3.3), down = Math.max(...tiles.map((t) => t.row)) + 1;
    const w = Math.min(width / across, unit * 7.2), h = name === "capital" ? Math.min(w * 0.78, unit * 4.6) : Math.max(Math.min(w * 0.95, unit * 3.6), unit * 2.9), pad = 2.5;
    const height = down * h + unit * 1.2, offset = (width - across * w) / 2, lift = name === "capital" ? 4 : unit * 1.0;
    const svg = O.svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": figure.heading.textContent });
    // A map wider than its room is moved sideways, by keys too.
    if (width > room) figure.room.tabIndex = 0;
    else figure.room.removeAttribute("tabindex");
    if (name === "capital") svg.append(neva(offset, w, h, unit, lift));
    const regions = new Set();
    nodes = tiles.map((tile) => {
      const x = offset + tile.column * w, y = lift + tile.row * h, label = tile.kind ? O.words.year.kinds[tile.kind] : short(tile.place);
      const box = O.svg("rect", { x: x + pad, y: y + pad, width: w - 2 * pad, height: h - 2 * pad, rx: 3, stroke: "#8d877b", "stroke-width": 1 });
      // A label too long for its tile is broken at a space.
      const words = label.split(" "), broken = words.length > 1 && O.measure(label, unit * 0.64) > w - 8;
      const lines = broken ? [words.slice(0, Math.ceil(words.length / 2)).join(" "), words.slice(Math.ceil(words.length / 2)).join(" ")] : [label];
      const size = Math.min(unit * 0.64, (unit * 0.64 * (w - 2 * pad)) / Math.max(...lines.map((l) => O.measure(l, unit * 0.64))));
      const value = O.svg("text", { x: x + w / 2, y: y + h * (broken ? 0.44 : 0.52), "text-anchor": "middle", "font-family": O.sans, "font-size": Math.min(unit * 1.1, w * 0.4), "font-weight": 700 }, "");
      const text = O.svg("text", { "text-anchor": "middle", "font-family": O.sans, "font-size": size },
        lines.map((line, k) => O.svg("tspan", { x: x + w / 2, y: y + h - pad - unit * 0.32 - (lines.length - 1 - k) * size * 1.05 }, line)));
      const title = O.svg("title", {}, "");
      svg.append(O.svg("g", {}, title, box, value, text));
      if (tile.region && !regions.has(tile.region)) {
        regions.add(tile.region);
        svg.append(O.svg("text", { x: x + pad, y: y - 3, "font-family": O.sans, "font-size": unit * 0.68, "font-weight": 600, fill: O.ink }, short(tile.region)));
      }
      return { tile, box, value, text, title, last: "" };
    });
    shownDay = null;
    requestAnimationFrame(colour);
    colour();
    return svg;
  });
  function neva(offset, w, h, unit, lift) {
    const p = (c, r) => `${(offset + c * w).toFixed(1)},${(lift + r * h).toFixed(1)}`;
    const line = (d) => O.svg("path", { d, fill: "none", stroke: "#b9cdd6", "stroke-width": unit * 0.55, "stroke-linecap": "round", "stroke-linejoin": "round" });
    return O.svg("g", {}, line(`M${p(4.95, 3.3)} L${p(4.85, 1.4)} L${p(4.3, 1.12)} L${p(2.2, 1.12)} L${p(1.9, 2.12)} L${p(0.1, 2.12)}`), line(`M${p(2.2, 1.12)} L${p(1.85, 0.95)} L${p(0.5, 0.93)}`),
      O.svg("text", { x: offset + 4.58 * w, y: lift + 1.0 * h, "font-family": O.sans, "font-style": "italic", "font-size": unit * 0.7, fill: "#43636f", "text-anchor": "end" }, O.t("year.neva")));
  }
  function colour() {
    const day = Math.round(O.state.day);
    if (day === shownDay) return;
    shownDay = day;
    for (const node of nodes) {
      const value = share(node.tile, day), told = O.of100(value);
      if (told === node.last) continue;
      node.last = told;
      const look = blend(value);
      node.box.setAttribute("fill", look.fill);
      node.value.setAttribute("fill", look.ink);
      node.text.setAttribute("fill", look.ink);
      node.value.textContent = told;
      node.title.textContent = O.t("year.tile", { place: O.placeName(node.tile.group.split("|")[0]), n: told });
    }
  }
  const told = () => figure.says(O.t(`year.${name}`), O.t("year.map_sub", { party: O.seriesName(O.state.party), date: O.brief(O.state.day) }));
  const seen = O.seen(figure.node);
  let toldDay = null;
  const move = () => {
    colour();
    const day = Math.round(O.state.day);
    if (day !== toldDay) { toldDay = day; figure.node.querySelector(".sub").textContent = O.t("year.map_sub", { party: O.seriesName(O.state.party), date: O.brief(day) }); }
  };
  seen.wake = move;
  O.on("day", () => { if (seen.visible) move(); });
  O.on("party scenario", () => { shownDay = null; nodes.forEach((n) => { n.last = ""; }); told(); colour(); });
  told();
  paint.draw();
  return { node: figure.node };
};
