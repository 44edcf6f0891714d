// A chart of the year: lines, bands and dots over the days, labels beside the lines, a cursor for the day.
"use strict";

O.ink = "#1d1b18";
O.grey = "#5c574d";
O.rule = "#ded9cc";
O.sans = "'Source Sans 3', 'Segoe UI', 'Helvetica Neue', 'Noto Sans', 'DejaVu Sans', Arial, sans-serif";

// Positions as near to the wanted ones as can be, at least a gap apart, between low and high; the order is kept.
O.apart = (wanted, gap, low, high) => {
  const order = wanted.map((y, i) => i).sort((a, b) => wanted[a] - wanted[b]);
  const room = Math.min(gap, (high - low) / Math.max(1, wanted.length - 1)), blocks = [];
  order.forEach((i, rank) => {
    let mean = wanted[i] - rank * room, size = 1;
    while (blocks.length && blocks[blocks.length - 1].mean > mean) {
      const before = blocks.pop();
      mean = (before.mean * before.size + mean * size) / (before.size + size);
      size += before.size;
    }
    blocks.push({ mean, size });
  });
  const level = blocks.flatMap((b) => Array(b.size).fill(b.mean)), out = [];
  order.forEach((i, rank) => { out[i] = Math.min(Math.max(level[rank], low), high - (wanted.length - 1) * room) + rank * room; });
  return out;
};

const textSize = () => parseFloat(getComputedStyle(document.documentElement).fontSize);

const pen = document.createElement("canvas").getContext("2d");
// The width of bold words in a chart, in pixels.
O.measure = (words, size) => {
  pen.font = `600 ${size}px ${O.sans}`;
  return pen.measureText(words).width;
};

function monthTicks(from, to) {
  const ticks = [];
  for (let year = 1917, month = 1; ; month += 1) {
    if (month === 12) { month = 0; year += 1; }
    const day = Math.round((Date.UTC(year, month, 1) - Date.UTC(1917, 1, 23)) / 86400000);
    if (day > to) return ticks;
    if (day >= from) ticks.push({ day, label: O.words.date.short[month] });
  }
}

// Draws in a room (a div) and keeps itself as wide as the room. spec() gives what to draw:
// { lines: [{ id, label, values, days, colour, ink, dashes, width, opacity, cursor, firm }], bands: [{ low, high, colour, opacity, days, curve, firm }],
//   dots: [{ day, value, label, small, shape }], top, bottom, from, to, format, fadeFrom, marks, reveal, ratio, extra(svg, scale) }
O.chart = (room, spec) => {
  const chart = { room, spec };
  const clip = O.fresh("clip");
  let scale = null, cursor = null, seenWidth = 0, rect = null, readings = [];

  chart.draw = () => {
    const s = spec(), width = s.width || Math.max(260, room.clientWidth), unit = s.unit || textSize();
    if (!s.width && !room.clientWidth) return;
    seenWidth = room.clientWidth;
    const small = unit * 0.72, tick = unit * 0.68;
    const from = s.from ?? 0, to = s.to ?? O.last;
    const labels = s.lines.filter((l) => l.label);
    const longest = Math.max(0, ...labels.map((l) => O.measure(`${l.label}${l.bare ? "" : s.format ? " −00.0" : " 100"}`, small)));
    const right = labels.length ? (s.reveal ? unit * 1.4 : longest + 14) : 16;
    const left = unit * 2.1, headroom = unit * 0.9, foot = unit * 2.0;
    const height = Math.round(Math.min(Math.max(width * (s.ratio || 0.48), unit * 12), unit * (s.tallest || 26)));
    const bottom = s.bottom ?? 0, top = s.top ?? 1;
    const x = (day) => left + ((day - from) / (to - from)) * (width - left - right);
    const y = (value) => height - foot - ((value - bottom) / (top - bottom)) * (height - foot - headroom);
    const inverse = (px, py) => ({
      day: from + ((px - left) / (width - left - right)) * (to - from),
      value: bottom + ((height - foot - py) / (height - foot - headroom)) * (top - bottom),
    });
    scale = { x, y, width, height, left, right, headroom, foot, from, to, unit, small, inverse };
    const format = s.format || ((v) => O.of100(v));
    const text = (attributes, words) => O.svg("text", { "font-family": O.sans, "font-size": small, fill: O.grey, ...attributes }, words);
    const svg = O.svg("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: s.role || "img", "aria-label": s.aria || "" });
    svg.append(O.svg("defs", {}, O.svg("clipPath", { id: clip }, rect = O.svg("rect", { x: 0, y: 0, width: width, height }))));

    const values = d3.ticks(bottom, top, height > unit * 14 ? 6 : 4);
    values.forEach((v) => svg.append(
      O.svg("line", { x1: left, x2: width - right, y1: y(v), y2: y(v), stroke: v === 0 ? "#8d877b" : O.rule, "stroke-width": 1 }),
      text({ x: left - 7, y: y(v) + tick * 0.34, "text-anchor": "end", "font-size": tick }, format(v))));
    const months = monthTicks(from, to), roomy = (width - left - right) / months.length > unit * 2.1;
    months.forEach((m, i) => {
      svg.append(O.svg("line", { x1: x(m.day), x2: x(m.day), y1: height - foot, y2: height - foot + 5, stroke: "#8d877b" }));
      if (roomy || i % 2 === 0) {
        svg.append(text({ x: x(m.day) + 3, y: height - foot + tick * 1.15, "font-size": tick }, m.label));
      }
    });
    (s.marks || []).forEach((mark) => svg.append(
      O.svg("line", { x1: x(mark.day), x2: x(mark.day), y1: headroom, y2: height - foot, stroke: O.ink, "stroke-dasharray": "2 3", "stroke-width": 1.2 }),
      text({ x: x(mark.day) + 5, y: headroom - tick * 0.3, fill: O.ink, "font-size": tick }, mark.label)));

    const inside = O.svg("g", { "clip-path": `url(#${clip})` });
    const area = (band) => d3.area().x((v, i) => x((band.days || O.days)[i])).y0((v, i) => y(band.low[i])).y1((v, i) => y(band.high[i])).curve(band.curve || d3.curveMonotoneX);
    const path = (line) => d3.line().x((v, i) => x((line.days || O.days)[i])).y((v) => y(v)).curve(line.curve || d3.curveMonotoneX);
    const paintBand = (band) => inside.append(O.svg("path", { d: area(band)(Array.from(band.low)), fill: band.colour, "fill-opacity": band.opacity ?? 0.18 }));
    const paintLine = (line) => inside.append(O.svg("path", {
      d: path(line)(Array.from(line.values)), fill: "none", stroke: line.colour, "stroke-width": (line.width ?? 2.6) * (unit / 18),
      "stroke-dasharray": line.dashes || null, "stroke-opacity": line.opacity ?? 1, "stroke-linejoin": "round", "data-line": line.id,
    }));
    // What is firm, such as history beside a what if, is drawn last: it does not fade.
    const bands = s.bands || [];
    bands.filter((b) => !b.firm).forEach(paintBand);
    s.lines.filter((l) => !l.firm).forEach(paintLine);
    if (s.fadeFrom !== undefined && s.fadeFrom < to) {
      const shade = O.fresh("fade");
      svg.querySelector("defs").append(O.svg("linearGradient", { id: shade },
        O.svg("stop", { offset: 0, "stop-color": "#ffffff", "stop-opacity": 0 }), O.svg("stop", { offset: 1, "stop-color": "#ffffff", "stop-opacity": 0.62 })));
      inside.append(O.svg("rect", { x: x(s.fadeFrom), y: headroom, width: x(to) - x(s.fadeFrom), height: height - foot - headroom, fill: `url(#${shade})` }));
      // Under the top line where a mark's own words reach so far.
      const tag = O.t("whatif.faded_tag"), clash = (s.marks || []).some((m) => x(m.day) + O.measure(m.label, tick) + 9 > x(to) - O.measure(tag, tick));
      svg.append(text({ x: x(to) - 4, y: headroom + tick * (clash ? 0.9 : -0.3), "text-anchor": "end", "font-style": "italic", "font-size": tick, "paint-order": "stroke", stroke: "#ffffff", "stroke-width": 4 }, tag));
    }
    bands.filter((b) => b.firm).forEach(paintBand);
    s.lines.filter((l) => l.firm).forEach(paintLine);
    svg.append(inside);
    if (s.extra) s.extra(svg, scale);
    (s.dots || []).forEach((dot) => {
      const size = (dot.small ? 3.6 : 6.2) * (unit / 18), cx = x(dot.day), cy = y(dot.value);
      const look = { stroke: O.ink, "stroke-width": dot.small ? 1.3 : 2.2, fill: dot.small ? "none" : "#ffffff", "data-dot": dot.label };
      const title = O.svg("title", {}, dot.label);
      svg.append(dot.shape === "square" ? O.svg("rect", { x: cx - size, y: cy - size, width: 2 * size, height: 2 * size, ...look }, title)
        : O.svg("circle", { cx, cy, r: size, ...look }, title));
      // Left of its mark, or from the edge of the picture on where there is no room.
      const room = !dot.told || !dot.end || O.measure(dot.told, small) < cx - size - 7;
      if (dot.told) svg.append(text({ x: room ? cx + (dot.end ? -size - 5 : size + 5) : 2, y: cy + small * (dot.lift ?? 0.35), fill: O.ink, "text-anchor": dot.end && room ? "end" : "start", "font-weight": 600, "paint-order": "stroke", stroke: "#ffffff", "stroke-width": 3.5 }, dot.told));
    });

    readings = labels.map((line) => ({ line, node: text({ x: width - right + 8, fill: line.ink || line.colour, "font-weight": 600, "paint-order": "stroke", stroke: "#ffffff", "stroke-width": 3 }, line.label), tick: O.svg("line", { stroke: line.colour, "stroke-opacity": 0.6 }), long: O.measure(`${line.label} 000`, small) }));
    readings.forEach((r) => svg.append(r.tick, r.node));
    cursor = O.svg("line", { y1: headroom * 0.4, y2: height - foot, stroke: O.ink, "stroke-width": 1.3, "data-screen": "" });
    svg.append(cursor);
    room.replaceChildren(svg);
    chart.svg = svg;
    chart.scale = scale;
    chart.at(O.state.day, true);
  };

  // Moves the cursor to a day, uncovers the lines up to it where the chart reveals, and sets the labels beside their lines.
  let settled = -1;
  chart.at = (day, anew = false) => {
    if (!scale || !cursor) return;
    const s = chart.now || (chart.now = spec());
    if (anew) chart.now = s;
    const shown = s.cursor === false ? scale.to : Math.min(Math.max(day, scale.from), scale.to);
    const px = scale.x(shown);
    cursor.setAttribute("visibility", s.cursor === false ? "hidden" : "visible");
    cursor.setAttribute("transform", `translate(${px.toFixed(1)} 0)`);
    if (s.reveal) rect.setAttribute("width", Math.max(0, px).toFixed(1));
    const reading = Math.round(s.read === "end" ? scale.to : shown);
    if (!anew && reading === settled) return;
    settled = reading;
    const levels = readings.map((r) => O.atOf(r.line, reading));
    // Beside the end of their lines; where lines are uncovered as the year plays, beside the cursor.
    const moving = s.reveal && shown < scale.to, spots = moving ? levels : readings.map((r) => O.atOf(r.line, scale.to));
    const placed = O.apart(spots.map((v) => scale.y(v)), scale.small * 1.18, scale.headroom + scale.small * 0.4, scale.height - scale.foot - 2);
    readings.forEach((r, i) => {
      const value = r.line.bare ? r.line.label : `${r.line.label} ${(s.format || O.of100)(levels[i])}`;
      if (r.node.textContent !== value) r.node.firstChild.data = value;
      if (!anew && !s.reveal) return;
      const room = scale.width - px > r.long + 14, x = s.reveal ? px + (room ? 9 : -9) : scale.width - scale.right + 8;
      r.node.setAttribute("x", x.toFixed(1));
      r.node.setAttribute("text-anchor", s.reveal && !room ? "end" : "start");
      r.node.setAttribute("y", (placed[i] + scale.small * (s.reveal && !room ? -0.6 : 0.35)).toFixed(1));
      r.tick.setAttribute("visibility", s.reveal ? "hidden" : "visible");
      r.tick.setAttribute("x1", scale.width - scale.right + 1);
      r.tick.setAttribute("x2", scale.width - scale.right + 6);
      r.tick.setAttribute("y1", scale.y(spots[i]).toFixed(1));
      r.tick.setAttribute("y2", placed[i].toFixed(1));
    });
  };
  chart.redraw = () => { chart.now = null; chart.draw(); };

  const seen = O.seen(room);
  seen.wake = () => chart.at(O.state.day);
  O.on("day", () => { if (seen.visible) chart.at(O.state.day); });
  new ResizeObserver(() => { if (room.clientWidth !== seenWidth) chart.redraw(); }).observe(room);
  addEventListener("textsize", chart.redraw);
  return chart;
};

O.atOf = (line, day) => {
  if (!line.days) return O.at(line.values, day);
  const p = Math.max(0, d3.bisectRight(line.days, day) - 1), next = line.days[p + 1];
  return next === undefined ? line.values[p] : line.values[p] + ((line.values[p + 1] - line.values[p]) * Math.max(0, day - line.days[p])) / (next - line.days[p]);
};

// Numbers of lines and bands as a table: a row a date, a column a line.
O.lineRows = (spec) => {
  const s = spec(), lines = s.lines.filter((l) => l.named || l.label);
  const head = [O.t("chart.date"), ...lines.map((l) => l.named || l.label),
    ...(s.bands || []).flatMap((b) => [`${b.label || O.t("chart.band")}: ${O.t("chart.low")}`, `${b.label || O.t("chart.band")}: ${O.t("chart.high")}`])];
  const number = (v) => (v === undefined ? "" : (100 * v).toFixed(1));
  const rows = O.days.map((day, i) => [O.iso(day), ...lines.map((l) => (l.days ? number(O.atOf(l, day)) : number(l.values[i]))), ...(s.bands || []).flatMap((b) => [number(b.low[i]), number(b.high[i])])]);
  const counted = (s.dots || []).map((d) => [O.iso(d.day), ...lines.map(() => ""), ...(s.bands || []).flatMap(() => ["", ""]), `${d.label}: ${(100 * d.value).toFixed(1)}`]);
  return { head: counted.length ? [...head, O.t("chart.observed")] : head, rows: counted.length ? [...rows.map((r) => [...r, ""]), ...counted] : rows };
};
