"use strict";
// The explorer's page: what is typed goes to the server of this machine as text, what comes back is shown. Nothing is computed here.

const fragment = location.hash.slice(1).split("&");
const secret = fragment[0];
const wanted = new URLSearchParams(fragment.slice(1).join("&")).get("kernel") || "linear-attention";
const $ = (id) => document.getElementById(id);
const LENGTHS = [2, 3, 4, 5, 6, 7, 8, 10, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 1024];
const FIELDS = ["kernel", "tokens", "length", "vocabulary", "terms", "down_to", "target", "lengths", "against", ""];
let known = { presets: [], stages: [] };   // what there is
let polynomial = true;                     // whether the kernel that is typed has a formula in L
let parameters = [];                       // names of the hyperparameters of the kernel that is typed
let chances = [];                          // names of the symbols in the probabilities of the law that is typed
let derived = null;                        // the question whose spectrum is shown
let chosen = false;                        // whether the page itself has turned to the slider's v
let saved = {};                            // texts to save
let job = null;                            // the derivation that runs

// -- asking ---------------------------------------------------------------------------------

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Symkern-Secret": secret },
    body: JSON.stringify(body),
  });
  return answer.json();
}

async function computed(question, told) {
  const begun = await post("/ask", question);
  if (begun.error) return begun;
  if (told) told(begun);
  for (;;) {
    const news = await post("/job", { job: begun.job, wait: true });
    if (news.error) return news;
    if (told) told(news);
    if (news.state === "done") return news.answer;
    if (news.state === "stopped") return { stopped: true };
    if (news.state === "failed") return { error: { message: "the computation ended unexpectedly, perhaps for want of memory", field: "" } };
  }
}

// -- errors ---------------------------------------------------------------------------------

function clear(fields) {
  for (const field of fields) {
    $("error-" + field).textContent = "";
    const input = $(field);
    if (field && input) input.removeAttribute("aria-invalid");
    if (field === "kernel") document.querySelectorAll("#stages input").forEach((one) => one.removeAttribute("aria-invalid"));
  }
}

function complain(error) {
  const field = FIELDS.includes(error.field) ? error.field : "";
  $("error-" + field).textContent = error.message;
  if (field === "kernel" && Number.isInteger(error.position)) {
    let place = 0;
    for (const input of document.querySelectorAll("#stages input")) {
      const end = place + input.value.length;
      if (error.position <= end + 1) { input.setAttribute("aria-invalid", "true"); break; }
      place = end + 3;
    }
  } else if (field && $(field)) {
    $(field).setAttribute("aria-invalid", "true");
  }
}

// -- stages ---------------------------------------------------------------------------------

function element(name, attributes, text) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) made.setAttribute(key, value);
  if (text !== undefined) made.textContent = text;
  return made;
}

function pipeline() {
  return [...document.querySelectorAll("#stages input")].map((one) => one.value.trim()).filter(Boolean).join(" | ");
}

function split(text) {
  // At bars outside of brackets.
  const pieces = [""];
  let depth = 0;
  for (const sign of text) {
    if ("([".includes(sign)) depth += 1;
    if (")]".includes(sign)) depth -= 1;
    if (sign === "|" && depth === 0) pieces.push("");
    else pieces[pieces.length - 1] += sign;
  }
  return pieces.map((piece) => piece.trim()).filter(Boolean);
}

function showStages(texts, focus) {
  const list = $("stages");
  list.replaceChildren();
  texts.forEach((text, i) => {
    const row = element("li");
    row.append(element("label", { for: "stage-" + i, class: "hidden-label" }, "Stage " + (i + 1)));
    const input = element("input", {
      id: "stage-" + i, list: i ? "next-stages" : "first-stages", spellcheck: "false", "aria-describedby": "stage-help error-kernel",
    });
    input.value = text;
    row.append(input);
    const remove = element("button", { type: "button", "aria-label": "Remove stage " + (i + 1) }, "×");
    remove.addEventListener("click", () => {
      const left = texts.slice();
      left.splice(i, 1);
      showStages(left.length ? left : [""], Math.max(0, i - 1));
      edited();
    });
    row.append(remove);
    list.append(row);
    input.addEventListener("input", () => {
      texts[i] = input.value;
      const pieces = split(input.value);
      const whole = isWhole(pieces);
      if (whole) showStages(pieces, pieces.length - 1);
      else if (pieces.length > 1) showStages([...texts.slice(0, i), ...pieces, ...texts.slice(i + 1)], i + pieces.length - 1);
      edited();
    });
    input.addEventListener("focus", () => help(input.value));
  });
  if (focus !== undefined) $("stage-" + focus).focus();
}

function isWhole(pieces) {
  // From an embedding to a readout: nothing may stand beside it.
  const places = pieces.map((piece) => (known.stages.find((one) => one.name === piece.split("(")[0].trim()) || {}).place);
  return places[0] === "first" && places.includes("readout");
}

function help(text) {
  const name = text.trim().split("(")[0].trim();
  const stage = known.stages.find((one) => one.name === name);
  $("stage-help").textContent = stage ? stage.name + ": " + stage.help : "";
}

// -- numbers --------------------------------------------------------------------------------

function mode() { return document.querySelector("input[name=mode]:checked").value; }

function chosenLength() { return String(LENGTHS[Number($("slide-length").value)]); }

function samples() { return String(Math.round(Math.pow(10, Number($("slide-n").value) / 4))); }

function ridge() { return "10^(" + $("slide-ridge").value + ")"; }

function showNumbers() {
  $("shown-length").textContent = chosenLength();
  $("slide-length").setAttribute("aria-valuetext", "L = " + chosenLength());
  $("shown-vocabulary").textContent = $("slide-vocabulary").value;
  const n = Number(samples());
  $("shown-n").textContent = n < 1e4 ? String(n) : n.toExponential(1);
  $("slide-n").setAttribute("aria-valuetext", "n = " + $("shown-n").textContent);
  $("shown-ridge").textContent = String(Number("1e" + $("slide-ridge").value));
  $("slide-ridge").setAttribute("aria-valuetext", "10 to the power " + $("slide-ridge").value);
  for (const name of [...parameters, ...chances]) $("shown-" + name).textContent = $("slide-" + name).value;
}

function showParameters(names, ofLaw) {
  if (names.join() === parameters.join() && ofLaw.join() === chances.join()) return;
  const before = Object.fromEntries([...parameters, ...chances].map((name) => [name, $("slide-" + name).value]));
  parameters = names;
  chances = ofLaw;
  // So many of them, and what is left to 1, are probabilities at first.
  const share = String(Math.min(0.3, Math.max(0.05, Math.floor(20 / (chances.length + 1)) / 20)));
  const place = $("parameters");
  place.replaceChildren();
  for (const name of [...names, ...ofLaw]) {
    const chance = ofLaw.includes(name);
    const row = element("div", { class: "slider" });
    row.append(element("label", { for: "slide-" + name }, name));
    const range = chance ? { min: "0.05", max: "0.95" } : { min: "0", max: "4" };
    const input = element("input", { type: "range", id: "slide-" + name, ...range, step: "0.05" });
    input.value = before[name] || (chance ? share : name === "b" ? "0" : "1");
    input.addEventListener("input", moved);
    row.append(input, element("output", { id: "shown-" + name, for: "slide-" + name }));
    place.append(row);
  }
  showNumbers();
}

function typed() {
  const settings = {};
  const numbers = mode() === "numbers";
  // Series stand at numbers for the hyperparameters, and for the symbols of the law.
  if (numbers || (!polynomial && mode() === "letters")) for (const name of [...parameters, ...chances]) settings[name] = $("slide-" + name).value;
  return {
    kernel: pipeline(), tokens: $("tokens").value, settings,
    length: numbers ? chosenLength() : "L",
    vocabulary: mode() === "formulas" ? "v" : $("slide-vocabulary").value,
    terms: $("terms").value, down_to: $("down_to").value,
  };
}

// -- what happens ---------------------------------------------------------------------------

let reading = 0;
async function read() {
  // Whether what is typed is right; null where a later reading has taken over.
  const number = ++reading;
  const answer = await post("/answer", { question: "read", ...typed(), target: $("target").value });
  if (number !== reading) return null;
  clear(FIELDS);
  if (answer.error) { complain(answer.error); return false; }
  if (answer.polynomial !== polynomial) turned(answer.polynomial);
  if (!polynomial && mode() !== "numbers") $("series").open = true;
  showParameters(answer.parameters, answer.chances);
  const preset = known.presets.find((one) => split(one.pipeline).join() === split(answer.pipeline).join());
  $("preset").value = preset ? preset.name : "";
  return true;
}

function turned(is) {
  // A kernel without a formula in L has series at a vocabulary; back at one with a formula, what was turned is turned back.
  polynomial = is;
  const from = is ? "letters" : "formulas", to = is ? "formulas" : "letters";
  if (mode() === from && (!is || chosen)) {
    document.querySelector("input[name=mode][value=" + to + "]").checked = true;
    chosen = !is;
  }
  if (!is && chosenLength() === "16") $("slide-length").value = String(LENGTHS.indexOf(8));  // a larger one takes long
  showNumbers();
  if (!is && mode() === "letters") {
    say("This kernel has series in 1/L, at the slider's v");
  }
}

let soon = 0;
function later(action, wait) { clearTimeout(soon); soon = setTimeout(action, wait); }

function edited() {
  $("results").classList.add("stale");
  help(document.activeElement && document.activeElement.closest("#stages") ? document.activeElement.value || "" : "");
  later(read, 200);
}

function progress(news) {
  job = news.job;
  const bar = $("progress");
  bar.hidden = false;
  if (news.progress && news.progress.length) {
    bar.max = news.progress[1];
    bar.value = news.progress[0];
    $("state").textContent = "sector " + (news.progress[0] + 1) + " of " + news.progress[1];
  } else {
    bar.removeAttribute("value");
    $("state").textContent = "deriving";
  }
}

function idle() {
  job = null;
  $("stop").disabled = true;
  $("progress").hidden = true;
}

let turn = 0, preparing = false;
async function inTurn(question) {
  // The answer, or null where a later derivation or comparison has taken over: then its job is stopped.
  const number = turn;
  $("stop").disabled = false;
  const answer = await computed(question, (news) => { if (number === turn) progress(news); else post("/stop", { job: news.job }); });
  if (number !== turn) return null;
  idle();
  return answer;
}

async function derive() {
  const number = ++turn;
  clearTimeout(soon);
  if (job !== null) post("/stop", { job });
  idle();
  let right = null;
  preparing = true;
  while (right === null && number === turn) right = await read();
  if (number !== turn) return;
  preparing = false;
  if (!right) { $("state").textContent = "there is an error above"; return; }
  const question = typed();
  const started = performance.now();
  const answer = await inTurn({ question: "derive", ...question });
  if (answer === null) return;
  if (answer.stopped) { $("state").textContent = "stopped"; return; }
  if (answer.error) {
    $("state").textContent = "";
    complain(answer.error);
    return;
  }
  $("state").textContent = "derived in " + ((performance.now() - started) / 1000).toFixed(1) + " s";
  derived = question;
  // The server's own HTML: every word in it is escaped there.
  $("spectrum").innerHTML = answer.spectrum;
  $("exponents").replaceChildren();
  $("no-exponents").textContent = "";
  $("python").textContent = answer.python;
  $("command").textContent = answer.command;
  $("latex").value = "";
  saved = {};
  $("results").classList.remove("stale");
  // Without a formula in L the numbers may take long.
  if (polynomial) { await numbers(); await rest(question); } else { await rest(question); await numbers(); }
}

async function rest(question) {
  // The map of exponents and the files take longer than what is read first.
  if (derived !== question || job !== null) return;
  const answer = await computed({ question: "rest", ...question });
  if (derived !== question || answer.stopped) return;
  if (answer.error) { complain(answer.error); return; }
  $("exponents").innerHTML = answer.exponents;
  $("no-exponents").textContent = answer.no_exponents;
  $("latex").value = answer.latex;
  Object.assign(saved, { latex: answer.latex, theorem: answer.theorem, json: answer.json, csv: answer.csv, text: answer.text });
  document.body.dataset.whole = String(Number(document.body.dataset.whole || 0) + 1);
}

let counting = false, again = false;
async function numbers() {
  if (derived === null || job !== null) return;
  if (counting) { again = true; return; }
  counting = true;
  const parts = [$("curve"), $("at-n"), $("parts"), $("numbers")];
  const late = setTimeout(() => {
    parts.forEach((one) => one.classList.add("stale"));
    $("no-curve").textContent = "computing at L = " + chosenLength() + " ...";
  }, 500);
  do {
    again = false;
    const at = { length: chosenLength(), vocabulary: $("slide-vocabulary").value };
    for (const name of [...parameters, ...chances]) at[name] = $("slide-" + name).value;
    const answer = await computed({ question: "numbers", ...derived, at, target: $("target").value, ridge: ridge(), n: samples(), lengths: $("lengths").value });
    clear(["target", "lengths", "length", "vocabulary", ""]);
    if (answer.error) { complain(answer.error); continue; }
    if (answer.stopped) continue;
    $("numbers").innerHTML = answer.table;
    $("curve").innerHTML = answer.curve;
    $("parts").innerHTML = answer.parts;
    $("at-n").innerHTML = answer.at_n;
    if (answer.no_curve && answer.field === "target") complain({ message: answer.no_curve, field: "target" });
    $("no-curve").textContent = answer.no_curve;
    $("python-numbers").textContent = answer.python;
    $("python-curve").textContent = answer.python_curve;
    saved.figure = answer.curve;
    saved.points = answer.curve_csv;
    document.body.dataset.drawn = String(Number(document.body.dataset.drawn || 0) + 1);
  } while (again);
  clearTimeout(late);
  parts.forEach((one) => one.classList.remove("stale"));
  if ($("no-curve").textContent.startsWith("computing")) $("no-curve").textContent = "";
  counting = false;
}

function moved(event) {
  showNumbers();
  const id = event ? event.target.id : "";
  const hyper = id.startsWith("slide-") && !["slide-length", "slide-vocabulary", "slide-ridge", "slide-n"].includes(id);
  const fixed = mode() === "numbers" || (mode() === "letters" && (id === "slide-vocabulary" || (!polynomial && hyper)));
  if (fixed && id !== "slide-ridge" && id !== "slide-n") later(derive, 250);
  else numbers();
}

async function compared() {
  if (derived === null || job !== null || preparing) return;
  clear(["against"]);
  turn += 1;
  $("state").textContent = "comparing";
  const answer = await inTurn({ question: "compare", ...derived, against: $("against").value });
  if (answer === null) return;
  $("state").textContent = answer.stopped ? "stopped" : "";
  if (answer.error) { complain(answer.error); return; }
  if (answer.stopped) return;
  $("comparison").innerHTML = answer.comparison;
  $("python-comparison").textContent = answer.python;
  $("command-comparison").textContent = answer.command;
  saved.comparison = answer.csv;
  $("compared").hidden = false;
}

async function put(text) {
  try { await navigator.clipboard.writeText(text); return true; } catch (refused) { /* an older browser, or no permission */ }
  const area = element("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

function say(text) {
  $("said").textContent = text;
  setTimeout(() => { $("said").textContent = ""; }, 1500 + 30 * text.length);
}

async function pressed(event) {
  const button = event.target.closest("button");
  if (!button) return;
  const from = button.dataset.copies && $(button.dataset.copies);
  const text = from ? from.value || from.textContent : button.dataset.copy;
  if (text) say((await put(text)) ? "Copied" : "The browser does not allow copying");
  if (button.dataset.saves && !saved[button.dataset.saves]) say("Not there yet");
  else if (button.dataset.saves) {
    const link = element("a", { download: button.dataset.name });
    link.href = URL.createObjectURL(new Blob([saved[button.dataset.saves]], { type: "text/plain;charset=utf-8" }));
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    say("Saved " + button.dataset.name);
  }
}

async function begin() {
  const slide = $("slide-length");
  slide.max = String(LENGTHS.length - 1);
  slide.value = String(LENGTHS.indexOf(16));
  known = await post("/answer", { question: "start" });
  if (known.error) { complain(known.error); return; }
  for (const preset of known.presets) {
    $("preset").append(element("option", { value: preset.name }, preset.name));
    $("presets").append(element("option", { value: preset.name }));
  }
  for (const stage of known.stages) {
    if (!stage.example) continue;
    $(stage.place === "first" ? "first-stages" : "next-stages").append(element("option", { value: stage.example }, stage.help.slice(0, 90)));
  }
  const preset = known.presets.find((one) => one.name === wanted);
  showStages(split(preset ? preset.pipeline : wanted));
  showNumbers();
  $("preset").addEventListener("change", () => {
    const chosen = known.presets.find((one) => one.name === $("preset").value);
    if (chosen) { showStages(split(chosen.pipeline)); edited(); }
  });
  $("add").addEventListener("click", () => {
    const texts = [...document.querySelectorAll("#stages input")].map((one) => one.value);
    showStages([...texts, ""], texts.length);
  });
  $("ask").addEventListener("submit", (event) => { event.preventDefault(); derive(); });
  $("stop").addEventListener("click", () => { if (job !== null) post("/stop", { job }); });
  $("tokens").addEventListener("input", edited);
  document.querySelectorAll("input[name=mode]").forEach((one) => one.addEventListener("change", () => { chosen = false; derive(); }));
  for (const id of ["slide-length", "slide-vocabulary", "slide-ridge", "slide-n"]) $(id).addEventListener("input", moved);
  for (const id of ["terms", "down_to"]) $(id).addEventListener("input", edited);
  $("compare").addEventListener("click", compared);
  $("against").addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); compared(); } });
  $("target").addEventListener("input", () => later(numbers, 250));
  $("lengths").addEventListener("input", () => later(numbers, 250));
  document.addEventListener("click", pressed);
  await derive();
}

begin();
