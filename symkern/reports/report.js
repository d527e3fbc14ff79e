"use strict";
// Copies what a button carries, or the data that it names, and says so.
async function put(text) {
  try { await navigator.clipboard.writeText(text); return true; } catch (refused) { /* an older browser, or no permission */ }
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const from = button.dataset.copyFrom;
  const text = from ? document.getElementById(from).textContent : button.dataset.copy;
  const said = document.getElementById("copied");
  said.textContent = (await put(text)) ? "Copied" : "The browser does not allow copying";
  setTimeout(() => { said.textContent = ""; }, 1500);
});
