// What every other file leans on: words, elements, dates, the numbers, and the one state of the page.
"use strict";
const O = {};

O.told = JSON.parse(document.getElementById("told").textContent);
O.words = JSON.parse(document.getElementById("words").textContent);

// --- words ---------------------------------------------------------------------------------------------------------

// The words of a key such as "bet.title", with {names} filled in. A missing key is a mistake and is thrown.
O.t = (key, values = {}) => {
  const found = key.split(".").reduce((node, part) => (node === undefined ? node : node[part]), O.words);
  if (typeof found !== "string") throw new Error(`no words for ${key}`);
  return found.includes(", plural, ") ? plurals(found, values) : named(found, values);
};
const named = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
const rules = new Intl.PluralRules(O.words.lang);
const closing = (text, open) => {
  let depth = 0, at = open;
  do { depth += text[at] === "{" ? 1 : text[at] === "}" ? -1 : 0; at += 1; } while (depth && at < text.length);
  return at - 1;
};
// {n, plural, one {# run} few {...} many {...} other {# runs}}: the form that the language has for the number; # is the number.
function plurals(text, values) {
  const open = text.search(/\{\w+, plural, /);
  if (open < 0) return named(text, values);
  const close = closing(text, open), [, name, told] = text.slice(open + 1, close).match(/^(\w+), plural, (.*)$/s), forms = {};
  for (let at = 0, form; (form = /^\s*(\w+)\s*\{/.exec(told.slice(at))); at = closing(told, at + form[0].length - 1) + 1) {
    forms[form[1]] = told.slice(at + form[0].length, closing(told, at + form[0].length - 1));
  }
  const size = Math.abs(Number(values[name])), chosen = forms[Number.isNaN(size) ? "other" : rules.select(size)] ?? forms.other;
  return named(text.slice(0, open), values) + named(chosen, values).replace(/#/g, String(values[name])) + plurals(text.slice(close + 1), values);
}
// A number that is written otherwise than it is: plural forms go by its value.
O.number = (value, shown) => Object.assign(new Number(value), { toString: () => shown });
O.many = (value) => O.number(value, value.toLocaleString(O.words.lang));
O.list = (key) => key.split(".").reduce((node, part) => node[part], O.words);

// --- elements ------------------------------------------------------------------------------------------------------

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "style") Object.assign(node.style, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(3)) {
    if (child === undefined || child === null || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}
O.el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
O.svg = (tag, attributes, ...children) => fill(document.createElementNS(SVG, tag), attributes, children);
// Words with `commands` in them.
O.rich = (text) => text.split("`").map((part, i) => (i % 2 ? O.el("code", {}, part) : part));
O.id = (id) => document.getElementById(id);
O.put = (node, ...children) => { node.replaceChildren(...children.flat(3).filter(Boolean)); return node; };
let made = 0;
O.fresh = (stem) => `${stem}-${(made += 1)}`;

O.select = (label, options, value, onchange) => {
  const id = O.fresh("choice");
  const groups = [...new Set(options.map((o) => o.section || ""))];
  const items = (section) => options.filter((o) => (o.section || "") === section)
    .map((o) => O.el("option", { value: o.value, selected: o.value === value }, o.label));
  const box = O.el("select", { id, onchange: (event) => onchange(event.target.value) },
    groups.map((g) => (g ? O.el("optgroup", { label: g }, items(g)) : items(g))));
  return O.el("span", { class: "choice" }, O.el("label", { for: id }, label), box);
};

// --- dates: days are counted from 23 February 1917, Old Style --------------------------------------------------------

const START = Date.UTC(1917, 1, 23), DAY = 86400000;
O.dayOf = (iso) => Math.round((Date.parse(`${iso}T00:00:00Z`) - START) / DAY);
O.dateOf = (day) => new Date(START + Math.round(day) * DAY);
O.iso = (day) => O.dateOf(day).toISOString().slice(0, 10);
O.brief = (day, gap = 0) => {
  const d = O.dateOf(day + gap);
  return O.t("date.brief", { day: d.getUTCDate(), month: O.words.date.months[d.getUTCMonth()] });
};
O.tiny = (day) => {
  const d = O.dateOf(day);
  return O.t("date.brief", { day: d.getUTCDate(), month: O.words.date.short[d.getUTCMonth()] });
};
O.long = (day, gap = 0) => {
  const d = O.dateOf(day + gap);
  return O.t("date.long", { day: d.getUTCDate(), month: O.words.date.months[d.getUTCMonth()], year: d.getUTCFullYear() });
};
O.both = (day) => O.t("date.both", { os: O.long(day), ns: O.brief(day, 13) });
O.when = (event) => {
  const day = O.dayOf(event.date);
  if (event.precision === "month") {
    const d = O.dateOf(day);
    return O.t("date.month_only", { month: O.words.date.months_alone[d.getUTCMonth()], year: d.getUTCFullYear() });
  }
  return event.until ? O.t("date.from_to", { a: O.both(day), b: O.both(O.dayOf(event.until)) }) : O.both(day);
};

// --- the numbers -----------------------------------------------------------------------------------------------------

const packed = (() => {
  const text = atob(document.getElementById("numbers").textContent.trim());
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i += 1) bytes[i] = text.charCodeAt(i);
  return fflate.inflateSync(bytes);
})();
const unpacked = new Map();

// A block of numbers by name: { shape, values }, undone once. See analysis/page/pack.py for the way it is written.
O.block = (name) => {
  if (unpacked.has(name)) return unpacked.get(name);
  const told = O.told.blocks[name];
  if (!told) return null;
  const length = told.shape.reduce((a, b) => a * b, 1), along = told.shape[told.shape.length - 1];
  const values = new Float32Array(length);
  for (let i = 0, at = told.at, sum = 0; i < length; i += 1) {
    let shift = 0, value = 0, byte;
    do { byte = packed[at]; at += 1; value |= (byte & 127) << shift; shift += 7; } while (byte & 128);
    sum = (i % along ? sum : 0) + ((value >>> 1) ^ -(value & 1));
    values[i] = sum * told.step;
  }
  const block = { shape: told.shape, values };
  unpacked.set(name, block);
  return block;
};

function row(name, ...where) {
  const block = O.block(name);
  if (!block) return null;
  let at = 0;
  for (let i = 0; i < block.shape.length - 1; i += 1) at = at * block.shape[i] + where[i];
  const along = block.shape[block.shape.length - 1];
  return block.values.subarray(at * along, (at + 1) * along);
}

O.days = O.told.days;
O.last = O.days[O.days.length - 1];
O.series = O.told.series;
O.party = Object.fromEntries(O.told.parties.map((p) => [p.id, p]));
O.stratum = Object.fromEntries(O.told.strata.map((s) => [s.id, s]));
O.scenarios = O.told.scenarios;
// Under several lenses the lens stands in the title, and in the name by which bets know a question.
O.lenses = [...new Set(O.scenarios.map((s) => s.lens))];
O.scenarios.forEach((s) => {
  Object.assign(s, { plain: s.title, named: s.name });
  if (O.lenses.length < 2) return;
  s.title = O.t("lenses.titled", { title: s.title, lens: O.told.lenses[s.lens].label });
  s.name = `${s.name}:${s.lens}`;
});
// What a what if is set beside, in words: history, or history left open from the same day.
O.beside = (s) => { const base = O.scenarios[s.base]; return base.open_since ? O.t("whatif.beside.open", { date: O.brief(O.dayOf(base.open_since)) }) : O.t("whatif.beside.history"); };
// Whether events are left to the model on one side only: then part of what differs comes of that.
O.uneven = (s) => Boolean(s.open_since) && !O.scenarios[s.base].open_since;
// Scenarios to look at by themselves: not those that are only set beside a what if.
O.shown = O.scenarios.map((s, i) => i).filter((i) => !O.scenarios[i].beside);
// What ifs: scenarios that have a base other than themselves.
O.whatifs = O.scenarios.map((s, i) => i).filter((i) => O.scenarios[i].base !== i);
O.groups = O.told.groups;
const groupAt = new Map(O.groups.map((g, i) => [g.id, i]));
const seriesAt = new Map(O.series.map((s, i) => [s, i]));
O.wholes = O.groups.filter((g) => g.whole).length;
O.hasGroup = (id) => groupAt.has(id);
O.group = (id) => O.groups[groupAt.get(id)];

// The quantile of a series in a group, by date; level is 0.1, 0.5 or 0.9.
O.quantile = (scenario, group, series, level) => {
  const g = groupAt.get(group), s = seriesAt.get(series);
  const whole = g < O.wholes;
  return row(`${scenario}/${whole ? "whole" : "place"}`, O.told.levels.indexOf(level), whole ? g : g - O.wholes, s);
};
// The band of eight runs in ten with the model's own error added in quadrature, under the others; none where it is not known.
O.pale = (scenario, group, series, colour) => {
  const points = (O.scenarios[scenario].doubt || {})[series === "soviet_power" ? "motions" : "space"];
  if (points === undefined) return [];
  const middle = O.quantile(scenario, group, series, 0.5), edge = O.told.doubt.edge;
  const reach = Array.from(middle, (m) => { const p = Math.min(1 - edge, Math.max(edge, m)); return O.told.doubt.reach * points * 2 * Math.sqrt(p * (1 - p)); });
  const end = (level, side) => Array.from(O.quantile(scenario, group, series, level), (v, i) => Math.min(1, Math.max(0, middle[i] + side * Math.hypot(v - middle[i], reach[i]))));
  return [{ low: end(0.1, -1), high: end(0.9, 1), colour, opacity: 0.08, label: O.t("chart.wide") }];
};
O.ownError = (scenario) => (O.scenarios[scenario].doubt ? ` ${O.t("chart.own_error")}` : "");
// Single history k; null for a place that is no whole.
O.single = (scenario, k, group, series) => {
  const g = groupAt.get(group), block = O.told.blocks[`${scenario}/single`];
  return g < O.wholes && k < block.shape[0] ? row(`${scenario}/single`, k, g, seriesAt.get(series)) : null;
};
O.singles = (scenario) => O.told.blocks[`${scenario}/single`].shape[0];
// Difference from the base: low, middle, high by date; null where runs are not paired.
O.change = (scenario, group, series) => {
  if (!O.told.blocks[`${scenario}/change`]) return null;
  const at = [groupAt.get(group), seriesAt.get(series)];
  return { low: row(`${scenario}/change`, 0, ...at), middle: row(`${scenario}/change`, 1, ...at), high: row(`${scenario}/change`, 2, ...at) };
};
// In how many pairs more, and fewer, on the date that is asked.
O.above = (scenario, group, series) => row(`${scenario}/above`, groupAt.get(group))[seriesAt.get(series)];
O.below = (scenario, group, series) => row(`${scenario}/below`, groupAt.get(group))[seriesAt.get(series)];
// Twenty equally likely differences on the date that is asked.
O.dots = (scenario, group, series) => Array.from(row(`${scenario}/dots`, groupAt.get(group), seriesAt.get(series)));
// The position of the last date not after a day.
O.position = (day) => Math.max(0, d3.bisectRight(O.days, day) - 1);
// A series on any day, on the line between its dates.
O.at = (values, day) => {
  const p = O.position(day), left = O.days[p], right = O.days[p + 1];
  if (right === undefined) return values[p];
  return values[p] + ((values[p + 1] - values[p]) * (day - left)) / (right - left);
};

// How an event stands in a scenario: in how many runs it comes, on which day (the middle of the runs), whether it is part of it.
O.happens = (scenario, event) => {
  const s = O.scenarios[scenario], status = s.events[event.id], own = O.dayOf(event.date);
  if (!status) return { runs: event.alternative ? 0 : s.runs.length, day: own, here: !event.alternative, gone: false };
  const came = ["pinned", "fired", "forced"].map((k) => status[k]).filter(Boolean), runs = d3.sum(came, (c) => c.runs);
  const gone = runs * 2 < s.runs.length, dated = came.filter((c) => c.middle).sort((a, b) => b.runs - a.runs)[0];
  return { runs, day: dated && !gone ? O.dayOf(dated.middle) : own, here: !(gone && event.alternative), gone, moved: Boolean(dated) && !gone && O.dayOf(dated.middle) !== own };
};

// --- names -----------------------------------------------------------------------------------------------------------

O.placeName = (place) => O.told.places[place] || place;
O.who = (id, sentence = false) => {
  const [place, stratum] = id.split("|");
  const people = stratum === "all" ? O.t(sentence ? "counted.all" : "year.everybody") : sentence ? O.t(`counted.${stratum}`) : O.stratum[stratum].label;
  return place === "empire" ? people : O.t(sentence ? "who_where" : "who_in", { who: people, place: O.placeName(place) });
};
O.seriesName = (series) => O.party[series].label;
// What people who count for a series do: 'follow the Bolsheviks', 'want soviet power'.
O.does = (series) => O.t(`follow.${series}`);
O.of100 = (share) => String(Math.round(100 * share));
O.points = (share) => {
  const n = Math.round(1000 * share) / 10, size = Math.abs(n) >= 10 ? Math.round(n) : n, told = Math.abs(size).toLocaleString(O.words.lang);
  return O.number(size, size > 0 ? `+${told}` : size < 0 ? `−${told}` : "0");
};

// --- state: the day, and what is looked at ---------------------------------------------------------------------------

O.state = { day: 0, playing: false, speed: 12, scenario: 0, place: "petrograd", stratum: "worker", party: "bolshevik", other: O.whatifs.length ? O.whatifs[0] : 0 };
const heard = new Map();
O.on = (keys, act) => keys.split(" ").forEach((key) => heard.set(key, [...(heard.get(key) || []), act]));
O.set = (changes) => {
  const acts = new Set();
  for (const [key, value] of Object.entries(changes)) {
    if (O.state[key] === value) continue;
    O.state[key] = value;
    (heard.get(key) || []).forEach((act) => acts.add(act));
  }
  acts.forEach((act) => act(O.state));
};
O.still = matchMedia("(prefers-reduced-motion: reduce)");
// Only what is on screen is redrawn while the year plays.
O.seen = (node) => {
  const watch = { visible: false };
  new IntersectionObserver((entries) => {
    watch.visible = entries[entries.length - 1].isIntersecting;
    if (watch.visible && watch.wake) watch.wake();
  }, { rootMargin: "80px" }).observe(node);
  return watch;
};
