// Taking a chart away: its numbers as CSV, its picture as PNG, its table under it.
"use strict";

O.download = (name, content, type) => {
  const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
  const link = O.el("a", { href: url, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 4000);
};

O.slug = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "").slice(0, 60);

O.csv = ({ head, rows }) => {
  const plain = (value) => String(value instanceof Number ? Number(value) : value ?? "");
  const cell = (value) => (/[",\n;]/.test(plain(value)) ? `"${plain(value).replace(/"/g, '""')}"` : plain(value));
  // The mark at the start tells spreadsheets that it is Unicode.
  return `\ufeff${[head, ...rows].map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`;
};

O.tableOf = ({ head, rows }, title) => O.el("div", { class: "table", tabindex: "0", role: "region", "aria-label": title },
  O.el("table", {}, O.el("caption", {}, title),
    O.el("thead", {}, O.el("tr", {}, head.map((h) => O.el("th", { scope: "col" }, h)))),
    O.el("tbody", {}, rows.map((line) => O.el("tr", {}, line.map((c, i) => O.el(i ? "td" : "th", i ? {} : { scope: "row" }, c ?? "")))))));

// The picture of a chart with its title, twice as fine as on screen.
O.png = (svg, title, note) => new Promise((done, fail) => {
  const box = svg.viewBox.baseVal, width = box.width, height = box.height, head = 64, foot = note ? 26 : 8, fine = 2;
  const copy = svg.cloneNode(true);
  copy.querySelectorAll("[data-screen]").forEach((node) => node.remove());
  copy.setAttribute("x", 0);
  copy.setAttribute("y", head);
  copy.setAttribute("width", width);
  copy.setAttribute("height", height);
  const text = (y, size, words, weight) => O.svg("text", { x: 14, y, "font-family": "Georgia, serif", "font-size": size, "font-weight": weight, fill: "#1d1b18" }, words);
  const whole = O.svg("svg", { xmlns: "http://www.w3.org/2000/svg", width, height: height + head + foot, viewBox: `0 0 ${width} ${height + head + foot}` },
    O.svg("rect", { width, height: height + head + foot, fill: "#ffffff" }), text(32, 21, title, 700),
    note ? text(height + head + 16, 12, note, 400) : null, copy);
  const image = new Image();
  image.onload = () => {
    const canvas = O.el("canvas", { width: Math.round(width * fine), height: Math.round((height + head + foot) * fine) });
    const pen = canvas.getContext("2d");
    pen.scale(fine, fine);
    pen.drawImage(image, 0, 0);
    canvas.toBlob((blob) => (blob ? done(blob) : fail(new Error("no picture"))), "image/png");
  };
  image.onerror = () => fail(new Error("the picture can't be drawn"));
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(whole))}`;
});

// A figure: title, a line under it, room for a picture, and the three ways to take it away. rows() gives its numbers.
O.figure = (title, sub, rows, options = {}) => {
  const label = O.fresh("title");
  const heading = O.el("h3", { id: label }, title), under = O.el("p", { class: "sub" }, sub);
  const room = O.el("div", { class: "room" }), below = O.el("div", { class: "below" });
  const name = (ending) => `${O.slug(heading.textContent)}.${ending}`;
  const button = (key, act, extra = {}) => O.el("button", { type: "button", class: "tool", "data-tool": key, onclick: act, ...extra }, O.t(`chart.${key}`));
  const table = button("table", () => {
    const open = below.childElementCount > 0;
    O.put(below, open ? null : O.tableOf(rows(), heading.textContent));
    table.textContent = O.t(open ? "chart.table" : "chart.hide_table");
    table.setAttribute("aria-label", O.t(open ? "chart.table_of" : "chart.hide_table_of", { title: heading.textContent }));
    table.setAttribute("aria-expanded", String(!open));
  }, { "aria-expanded": "false" });
  const tools = O.el("div", { class: "tools" }, table,
    button("csv", () => O.download(name("csv"), O.csv(rows()), "text/csv")),
    button("png", async () => O.download(name("png"), await O.png(room.querySelector("svg"), heading.textContent, under.textContent.slice(0, 140)))));
  const node = O.el("figure", { class: options.class || "", "aria-labelledby": label }, O.el("figcaption", {}, heading, tools, under), room, below);
  const says = (newTitle, newSub) => {
    heading.textContent = newTitle;
    under.textContent = newSub;
    for (const key of ["table", "csv", "png"]) {
      tools.querySelector(`[data-tool=${key}]`).setAttribute("aria-label", O.t(`chart.${key}_of`, { title: newTitle }));
    }
    if (below.childElementCount) O.put(below, O.tableOf(rows(), newTitle));
  };
  says(title, sub);
  return { node, room, says, heading };
};
